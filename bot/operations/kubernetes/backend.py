"""The backend of a cluster: which coroutine carries out which operation."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from bot.errors import TargetRefused
from bot.operations.backend import Limits
from bot.operations.effect import Effect
from bot.operations.kubernetes import (
    applying,
    changes,
    deleting,
    describing,
    draining,
    executing,
    listing,
    logs,
    measuring,
    nouns,
    progress,
    rollouts,
    setting,
)
from bot.operations.kubernetes.connection import Cluster
from bot.operations.kubernetes.faults import unreadable
from bot.operations.kubernetes.nouns import KubernetesOperation
from bot.operations.kubernetes.resources import Resources
from bot.operations.kubernetes.session import Session
from bot.operations.kubernetes.touching import Touched, touched
from bot.operations.operation import Hole, Operation
from bot.operations.output import Output

Doer = Callable[[Session, Any], Awaitable[Output]]

DOERS: Mapping[type[KubernetesOperation], Doer] = {
    nouns.Get: listing.get,
    nouns.Raw: listing.raw,
    nouns.Top: measuring.top,
    nouns.Describe: describing.describe,
    nouns.Logs: logs.logs,
    nouns.History: rollouts.history,
    nouns.Status: progress.status,
    nouns.Wait: progress.wait,
    changes.Undo: rollouts.undo,
    changes.Restart: rollouts.restart,
    changes.Pause: rollouts.pause,
    changes.Scale: setting.scale,
    changes.SetImage: setting.set_image,
    changes.SetResources: setting.set_resources,
    changes.SetEnv: setting.set_env,
    changes.Mark: setting.mark,
    changes.Delete: deleting.delete,
    changes.Exec: executing.execute,
    changes.Apply: applying.apply,
    changes.Cordon: draining.cordon,
    changes.Drain: draining.drain,
}


class KubernetesBackend:
    """Carries kubectl's operations out in one namespace of a cluster.

    `namespace` is used where a line names none; `folder` is where the paths of `apply` start. The cluster may be
    shared; `close` closes it.
    """

    def __init__(self, cluster: Cluster, namespace: str = "default", folder: Path | None = None) -> None:
        self.cluster, self.namespace = cluster, namespace
        self._folder, self._resources = folder, Resources(cluster)

    async def warm(self) -> None:
        """Load the client and the login. Raises TargetRefused for a bad login."""
        await self.cluster.warm()

    async def run(self, operation: Operation, limits: Limits) -> Output:
        """Carry an operation out. Raises TargetError, and nothing else."""
        return await self._do(operation, self._session(operation, limits))

    async def dry_run(self, operation: Operation, limits: Limits) -> Output:
        """Let the server try a change and keep nothing of it: what it says, or its refusal. Raises TargetError."""
        session = self._session(operation, limits)
        session.dry = True
        if operation.effect is Effect.READ:
            raise TargetRefused("This only reads: there is nothing to try.")
        return await self._do(operation, session)

    async def touches(self, operation: Operation, limits: Limits) -> tuple[Touched, ...]:
        """Return the objects that a change would touch, as they are now. Raises TargetError."""
        session = self._session(operation, limits)
        try:
            return await touched(session, operation)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise unreadable() from error

    async def close(self) -> None:
        """Let go of the cluster."""
        await self.cluster.close()

    def _session(self, operation: Operation, limits: Limits) -> Session:
        if not isinstance(operation, KubernetesOperation):
            raise TargetRefused("This is no operation on a cluster.")
        for one in fields(operation):
            if isinstance(hole := getattr(operation, one.name), Hole):
                raise TargetRefused(f"The number <{hole.name}> is not known yet.")
        namespace = operation.namespace or self.namespace
        until = time.monotonic() + limits.seconds
        return Session(self.cluster, self._resources, namespace, limits, until, self._folder)

    async def _do(self, operation: Operation, session: Session) -> Output:
        doer = next((DOERS[kind] for kind in type(operation).__mro__ if kind in DOERS), None)
        if doer is None:
            raise TargetRefused("This is no operation on a cluster.")
        try:
            return await doer(session, operation)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            # The server sent an object that lacks what its schema says it has.
            raise unreadable() from error

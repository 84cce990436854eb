"""The backend of a cluster: it reads, and it changes what was foreseen."""

import time
from collections.abc import Awaitable
from dataclasses import fields
from pathlib import Path
from typing import TypeVar

from bot.errors import TargetRefused
from bot.operations.backend import Limits
from bot.operations.changing import Deed, Foresight
from bot.operations.effect import Effect
from bot.operations.kubernetes import deeds, foreseeing, looking, serving
from bot.operations.kubernetes.connection import Cluster
from bot.operations.kubernetes.doing import do
from bot.operations.kubernetes.faults import unreadable
from bot.operations.kubernetes.nouns import KubernetesOperation, Thing
from bot.operations.kubernetes.resources import Resources
from bot.operations.kubernetes.session import Session
from bot.operations.kubernetes.touching import Touched, touched
from bot.operations.operation import Hole, Operation
from bot.operations.output import Output

Result = TypeVar("Result")


class KubernetesBackend:
    """Carries kubectl's operations out in one namespace of a cluster.

    `namespace` is used where a line names none; `folder` is where the paths of `apply` start. The cluster may be
    shared; `close` closes it. Every method raises TargetError, and nothing else.
    """

    def __init__(self, cluster: Cluster, namespace: str = "default", folder: Path | None = None) -> None:
        self.cluster, self.namespace = cluster, namespace
        self._folder, self._resources = folder, Resources(cluster)

    async def warm(self) -> None:
        """Load the client and the login. Raises TargetRefused for a bad login."""
        await self.cluster.warm()

    async def run(self, operation: Operation, limits: Limits) -> Output:
        """Carry an operation out."""
        return await _readable(do(self._session(operation, limits), operation))

    async def dry_run(self, operation: Operation, limits: Limits) -> Output:
        """Let the server try a change and keep nothing of it: what it says, or its refusal."""
        session = self._session(operation, limits)
        session.dry = True
        if operation.effect is Effect.READ:
            raise TargetRefused("This only reads: there is nothing to try.")
        return await _readable(do(session, operation))

    async def touches(self, operation: Operation, limits: Limits) -> tuple[Touched, ...]:
        """Return the objects that a change would touch, as they are now."""
        return await _readable(touched(self._session(operation, limits), operation))

    async def foresee(self, operation: Operation, limits: Limits) -> Foresight:
        """Return what a change would do, and the change with everything said that was left open."""
        return await _readable(foreseeing.foresee(self._session(operation, limits), operation))

    async def change(self, operation: Operation, limits: Limits, deed: Deed) -> Output:
        """Carry a foreseen change out, once for each deed. Raises ChangeUnclear when it may have been done."""
        return await _readable(deeds.change(self._session(operation, limits), operation, deed))

    async def look(self, operation: Operation, limits: Limits, deed: Deed) -> Output | None:
        """Return what came of a deed that was begun; None when it, or a part of it, was not done."""
        return await _readable(looking.look(self._session(operation, limits), operation, deed))

    async def revisions(self, thing: Thing, limits: Limits, namespace: str = "") -> tuple[serving.Served, ...]:
        """Return the revisions of a workload and how long each served, the newest first."""
        session = self._session(KubernetesOperation(namespace), limits)
        return await _readable(serving.served(session, thing))

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


async def _readable(work: Awaitable[Result]) -> Result:
    """Return what work brings. Raises AnswerUnreadable for an object that lacks what its schema says it has."""
    try:
        return await work
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise unreadable() from error

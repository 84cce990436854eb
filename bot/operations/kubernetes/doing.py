"""Which coroutine carries out which operation."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.errors import TargetRefused
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
from bot.operations.kubernetes.nouns import KubernetesOperation
from bot.operations.kubernetes.session import Session
from bot.operations.operation import Operation
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


async def do(session: Session, operation: Operation) -> Output:
    """Carry an operation out. Raises TargetError, and what an object raises that lacks what its schema says."""
    doer = next((DOERS[kind] for kind in type(operation).__mro__ if kind in DOERS), None)
    if doer is None:
        raise TargetRefused("This is no operation on a cluster.")
    return await doer(session, operation)

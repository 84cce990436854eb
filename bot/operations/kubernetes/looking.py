"""Whether a change was done: the objects say by which request they were changed last, or they are gone."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.errors import ChangeUnclear
from bot.operations.changing import Deed
from bot.operations.kubernetes import applying, changes, deleting
from bot.operations.kubernetes.connection import Json
from bot.operations.kubernetes.draining import NODES, going
from bot.operations.kubernetes.faults import ClusterRefused
from bot.operations.kubernetes.nouns import Thing
from bot.operations.kubernetes.rollouts import done
from bot.operations.kubernetes.session import Session, carries
from bot.operations.operation import Operation
from bot.operations.output import Output

Looker = Callable[[Session, Any, Deed], Awaitable[Output | None]]


async def look(session: Session, operation: Operation, deed: Deed) -> Output | None:
    """Return what came of a deed; None when it was not done, or not with all of its objects.

    It may be repeated then: what was done already is left alone. Raises ChangeUnclear for a command that was begun.
    """
    looker = next((_LOOKERS[kind] for kind in type(operation).__mro__ if kind in _LOOKERS), _marked)
    return await looker(session, operation, deed)


async def _marked(session: Session, operation: Any, deed: Deed) -> Output | None:
    lines = []
    for thing in _things(operation):
        try:
            resource, item = await session.find(thing)
        except ClusterRefused as error:
            if error.status != 404:
                raise
            return None
        if not carries(item, deed.identity):
            return None
        lines.append(_line(f"{resource.full}/{thing.name}"))
    return done(lines) if lines else None


def _things(operation: Any) -> tuple[Thing, ...]:
    if isinstance(operation, changes.Cordon):
        return tuple(Thing("nodes", name) for name in operation.nodes)
    thing = getattr(operation, "thing", None)
    named: tuple[Thing, ...] = (thing,) if thing is not None else operation.things
    return named if all(one.name for one in named) else ()


def _line(name: str) -> str:
    return f"{name} was changed by this request"


async def _applied(session: Session, operation: changes.Apply, deed: Deed) -> Output | None:
    lines = []
    for one in await applying.placed(session, operation):
        item = await applying.live(session, one)
        if item is None or not carries(item, deed.identity):
            return None
        lines.append(_line(one.called))
    return done(lines)


async def _deleted(session: Session, operation: changes.Delete, deed: Deed) -> Output | None:
    """Look for the uids that were meant: what ends already counts as gone."""
    if deed.noted is None:
        return None
    meant = deed.noted["uids"]
    found = await deleting.found(session, replace(operation, ignore_missing=True))
    if any(_stays(item, meant) for _, item in found):
        return None
    return done([f'{thing.type} "{thing.name}" deleted' for thing in operation.things])


def _stays(item: Json, meant: list[str]) -> bool:
    meta = item["metadata"]
    return meta["uid"] in meant and not meta.get("deletionTimestamp")


async def _drained(session: Session, operation: changes.Drain, deed: Deed) -> Output | None:
    if deed.noted is None:
        return None
    node = await session.get(NODES, operation.node)
    if not node["spec"].get("unschedulable") or await going(session, operation):
        return None
    return done([f"node/{operation.node} drained"])


async def _executed(session: Session, operation: changes.Exec, deed: Deed) -> Output | None:  # noqa: ARG001 one shape
    if deed.noted is None:
        return None
    place = f"{operation.thing.name}{f', container {operation.container}' if operation.container else ''}"
    raise ChangeUnclear(f"The command was begun in {place}; whether it ran, and how it ended, cannot be told.")


_LOOKERS: Mapping[type, Looker] = {
    changes.Apply: _applied,
    changes.Delete: _deleted,
    changes.Drain: _drained,
    changes.Exec: _executed,
}

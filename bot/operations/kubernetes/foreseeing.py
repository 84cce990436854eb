"""What a change would do: the server tries it and keeps nothing, and what differs is told."""

import asyncio
import shlex
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.errors import TargetRefused
from bot.operations.changing import Foresight
from bot.operations.effect import Effect
from bot.operations.kubernetes import changes, foreseeing_removal, rollouts, worlds
from bot.operations.kubernetes import pods as podlike
from bot.operations.kubernetes.applying import placed
from bot.operations.kubernetes.connection import Json
from bot.operations.kubernetes.differing import Pair, differences
from bot.operations.kubernetes.doing import do
from bot.operations.kubernetes.nouns import Status, Thing
from bot.operations.kubernetes.reach import reach
from bot.operations.kubernetes.resources import Resource
from bot.operations.kubernetes.rights import check_right
from bot.operations.kubernetes.session import Session, Tried
from bot.operations.kubernetes.taking_back import taken_back
from bot.operations.kubernetes.things import WORKLOADS
from bot.operations.kubernetes.worlds import counted
from bot.operations.operation import Operation

Foreseer = Callable[[Session, Any], Awaitable[Foresight]]
_REHEARSAL = "rehearsal"
_MOST = 10
"""Differences that are told one by one."""


async def foresee(session: Session, operation: Operation) -> Foresight:
    """Return what an operation would do. Raises TargetRefused when it would fail, or would change nothing."""
    if operation.effect is Effect.READ:
        raise TargetRefused("This only reads: there is nothing to foresee.")
    session.dry, session.request = True, _REHEARSAL
    kind = next((one for one in type(operation).__mro__ if one in _FORESEERS), None)
    return await (_FORESEERS[kind] if kind else _patched)(session, operation)


async def _patched(session: Session, operation: Any, hidden: tuple[str, ...] = ()) -> Foresight:
    """Foresee what patches objects: the server's answer says what would differ.

    What is as it should be already must stay so as well, since the operation names it.
    """
    tried, said = await _rehearsed(session, operation)
    found = [(one.resource, one.before) for one in session.tried]
    before, after = _told(tried, hidden)
    depending, back = await asyncio.gather(reach(session, found), taken_back(session, operation, tried))
    return Foresight(
        operation,
        before,
        after,
        _worlds(found),
        depending,
        back,
        said,
        _followed(session, tried) if _rolls(operation) else (),
    )


async def _rehearsed(session: Session, operation: Operation) -> tuple[list[Tried], str]:
    """Return the objects that the server would change, and its words. Raises TargetRefused when there are none."""
    said = (await do(session, operation)).text
    tried = [one for one in session.tried if differences(one.before, one.after)]
    if not tried:
        already = said if session.tried else ""
        raise TargetRefused(_nothing(session, operation, already))
    return tried, said


def _nothing(session: Session, operation: Any, already: str) -> str:
    """Return the sentence for a change that would change nothing."""
    if isinstance(operation, changes.Scale) and already:
        names = ", ".join(rollouts.called(one.resource, one.before) for one in session.tried)
        return f"{names} has {counted(int(str(operation.replicas)), 'replica')} already; nothing would change."
    if isinstance(operation, changes.Cordon):
        state = "closed to new pods" if operation.on else "open to new pods"
        return f"{', '.join(operation.nodes)} is already {state}; nothing would change."
    return "It is so already; nothing would change."


def _unselected(session: Session, things: tuple[Thing, ...], labels: str) -> str:
    """Return the sentence for a selector that finds nothing."""
    kinds = " or ".join(thing.type for thing in things)
    return f"There are no {kinds} in namespace {session.namespace} with {labels}."


def _told(tried: list[Tried], hidden: tuple[str, ...] = ()) -> Pair:
    """Return what is and what would be; with several objects each says its name."""
    pairs = [
        (f"{_named(one, tried)}{now}", f"{_named(one, tried)}{then}")
        for one in tried
        for now, then in differences(one.before, one.after, hidden)
    ]
    more = f" and {len(pairs) - _MOST} more" if len(pairs) > _MOST else ""
    before, after = (", ".join(pair[at] for pair in pairs[:_MOST]) + more for at in (0, 1))
    return before, after


def _named(one: Tried, tried: list[Tried]) -> str:
    return f"{one.resource.kind} {one.after['metadata']['name']}: " if len(tried) > 1 else ""


def _rolls(operation: Operation) -> bool:
    """Whether pods come or go."""
    return not isinstance(operation, changes.Mark | changes.Cordon) and getattr(operation, "paused", False) is False


def _followed(session: Session, tried: list[Tried]) -> tuple[Operation, ...]:
    """Return what waits until the workloads are through; a paused one never is."""
    return tuple(
        Status(one.after["metadata"].get("namespace", session.namespace), thing=Thing(one.resource.plural, name))
        for one in tried
        if one.resource.plural in WORKLOADS and (name := one.after["metadata"]["name"])
        if not one.after["spec"].get("paused")
    )


async def _undo(session: Session, operation: changes.Undo) -> Foresight:
    """Foresee a rollback, with its revision; the revisions' own causes are told where they are listed."""
    resource, workload = await session.find(operation.thing)
    known = await rollouts.revisions(session, resource, workload)
    target = rollouts.wanted(resource, workload, operation.revision, known)
    foresight = await _patched(session, replace(operation, revision=target.number), (rollouts.CAUSE,))
    return replace(foresight, world={**foresight.world, **worlds.back_to(resource, workload, target)})


async def _restart(session: Session, operation: changes.Restart) -> Foresight:
    """Foresee a restart of named workloads; what differs is a time, so that the pods are told."""
    found = await session.selected(operation.things, operation.labels)
    if not found:
        raise TargetRefused(_unselected(session, operation.things, operation.labels))
    things = tuple(Thing(resource.plural, item["metadata"]["name"]) for resource, item in found)
    named = replace(operation, things=things, labels="")
    said = (await do(session, named)).text
    count = sum([len(await podlike.of_workload(session, item)) for _, item in found])
    return Foresight(
        named,
        counted(count, "pod"),
        f"{counted(count, 'new pod')}, one after the other",
        _worlds(found),
        await reach(session, found),
        "The pods that go do not come back; what they run stays the same.",
        said,
        _followed(session, session.tried),
    )


async def _cordon(session: Session, operation: changes.Cordon) -> Foresight:
    """Foresee the closing or opening of those nodes that are not so already."""
    foresight = await _patched(session, operation)
    return replace(foresight, operation=replace(operation, nodes=tuple(map(_name, session.tried))))


def _name(one: Tried) -> str:
    return str(one.after["metadata"]["name"])


async def _mark(session: Session, operation: changes.Mark) -> Foresight:
    """Foresee labels or annotations of named objects: only they, and which objects it is, matter."""
    found = await session.selected(operation.things, operation.labels)
    if not found:
        raise TargetRefused(_unselected(session, operation.things, operation.labels))
    types = {resource: thing.type for thing in operation.things for resource in [await session.resource(thing.type)]}
    things = tuple(Thing(types[resource], item["metadata"]["name"]) for resource, item in found)
    foresight = await _patched(session, replace(operation, things=things, labels=""))
    keys = [key for key, _ in operation.pairs]
    known: dict[str, str] = {}
    for resource, item in found:
        known |= worlds.identity(resource, item) | worlds.marks(resource, item, operation.what, keys)
    return replace(foresight, world=known)


async def _apply(session: Session, operation: changes.Apply) -> Foresight:
    """Foresee manifests: what they say now is what is applied, or the approval is void."""
    manifests = [one.manifest for one in await placed(session, operation)]
    tried, said = await _rehearsed(session, operation)
    there = [(one.resource, one.before) for one in session.tried if one.before is not None]
    missing = {rollouts.called(one.resource, one.after): "not there" for one in session.tried if one.before is None}
    before, after = _told(tried)
    return Foresight(
        operation,
        before,
        after,
        {"manifests": worlds.digest(manifests), **missing, **_worlds(there)},
        await reach(session, there),
        "Apply the manifests as they were before.",
        said,
        _followed(session, tried),
    )


async def _execute(session: Session, operation: changes.Exec) -> Foresight:
    """Foresee a command: which container of which pod runs it, with that pod in place of its workload."""
    pod = await podlike.one(session, operation.thing)
    container = podlike.container(session, pod, operation.container)
    name = pod["metadata"]["name"]
    await check_right(session, "get", "pods", "exec", name)
    named = replace(operation, thing=Thing("pods", name), container=container)
    said = (await do(session, named)).text
    return Foresight(
        named,
        after=f"{shlex.join(operation.command)} runs in container {container} of pod {name}",
        world=worlds.identity(podlike.PODS, pod),
        reach="1 pod",
        undo="What the command does is not taken back.",
        rehearsal=said,
    )


def _worlds(found: list[tuple[Resource, Json]]) -> dict[str, str]:
    known: dict[str, str] = {}
    for resource, item in found:
        known |= worlds.world(resource, item)
    return known


_FORESEERS: Mapping[type, Foreseer] = {
    changes.Undo: _undo,
    changes.Restart: _restart,
    changes.Cordon: _cordon,
    changes.Mark: _mark,
    changes.Apply: _apply,
    changes.Exec: _execute,
    changes.Delete: foreseeing_removal.delete,
    changes.Drain: foreseeing_removal.drain,
}

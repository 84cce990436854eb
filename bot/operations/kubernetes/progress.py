"""`kubectl rollout status` and `kubectl wait`: looking until something holds, within the time limit."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.operations.kubernetes import jsonpath
from bot.operations.kubernetes import pods as podlike
from bot.operations.kubernetes.connection import Json
from bot.operations.kubernetes.faults import ClusterRefused
from bot.operations.kubernetes.nouns import Status, Wait
from bot.operations.kubernetes.resources import Resource
from bot.operations.kubernetes.session import Session
from bot.operations.output import Output

_AVAILABLE = {"deployments": "availableReplicas", "daemonsets": "numberAvailable"}


@dataclass(frozen=True, slots=True)
class Look:
    """What a rollout looks like: whether it is done or has failed for good, and a sentence."""

    sentence: str
    facts: dict[str, float | str]
    done: bool = False
    failed: bool = False


async def status(session: Session, operation: Status) -> Output:
    """Carry out `kubectl rollout status`: exit code 1 when it failed or is not done in time."""
    started, attempt = time.monotonic(), 0
    limit = operation.timeout if isinstance(operation.timeout, float) and operation.timeout else session.limits.seconds
    while True:
        resource, workload = await session.find(operation.thing)
        look = rollout(resource, workload)
        if look.done:
            return Output(look.sentence, facts=look.facts)
        over = time.monotonic() - started >= limit or session.left <= 0
        if look.failed or over or not operation.watch:
            return await _unfinished(session, (resource, workload), look, in_time=not over)
        await session.pause(attempt)
        attempt += 1


def rollout(resource: Resource, workload: Json) -> Look:
    """Return what a Deployment, StatefulSet or DaemonSet says of its rollout."""
    spec, state, meta = workload["spec"], workload.get("status") or {}, workload["metadata"]
    daemon = resource.plural == "daemonsets"
    wanted = state.get("desiredNumberScheduled", 0) if daemon else spec.get("replicas", 1)
    updated = state.get("updatedNumberScheduled" if daemon else "updatedReplicas", 0)
    total = state.get("currentNumberScheduled" if daemon else "replicas", 0)
    available = state.get(_AVAILABLE.get(resource.plural, "readyReplicas"), 0)
    facts: dict[str, float | str] = {"replicas": wanted, "updated": updated, "available": available, "done": 0.0}
    head = f'Waiting for {resource.kind.lower()} "{meta["name"]}" rollout to finish'
    if state.get("observedGeneration", 0) < meta.get("generation", 0):
        return Look(f"{head}: the controller has not seen the change yet...", facts)
    if _stalled(state):
        return Look(f'{resource.kind} "{meta["name"]}" exceeded its progress deadline', facts, failed=True)
    if updated < wanted:
        return Look(f"{head}: {updated} out of {wanted} new replicas have been updated...", facts)
    if total > updated:
        return Look(f"{head}: {total - updated} old replicas are pending termination...", facts)
    if available < updated:
        return Look(f"{head}: {available} of {updated} updated replicas are available...", facts)
    return Look(f'{resource.kind.lower()} "{meta["name"]}" successfully rolled out', facts | {"done": 1.0}, done=True)


def _stalled(state: Json) -> bool:
    return any(
        one["type"] == "Progressing" and one.get("reason") == "ProgressDeadlineExceeded"
        for one in state.get("conditions") or []
    )


async def _unfinished(session: Session, found: tuple[Resource, Json], look: Look, *, in_time: bool) -> Output:
    """Return a rollout that is not done, with the reasons of its pods."""
    pods = await podlike.of_workload(session, found[1])
    why = podlike.troubles(pods)
    lines = [look.sentence, *([f"error: {why}"] if why else [])]
    if not in_time:
        lines.append("error: timed out waiting for the rollout")
    failed = look.failed or not in_time
    return Output("\n".join(lines), code=int(failed), facts=look.facts)


async def wait(session: Session, operation: Wait) -> Output:
    """Carry out `kubectl wait`: exit code 1 when it does not hold in time, or when there is nothing to wait for."""
    started, attempt = time.monotonic(), 0
    limit = operation.timeout if isinstance(operation.timeout, float) else session.limits.seconds
    meets = _CHECKS[operation.until.partition("=")[0]]
    waiting = await _found(session, operation, first=True)
    if not waiting and operation.until not in ("delete", "create"):
        return Output("error: no matching resources found", code=1, facts={"met": 0.0, "waiting": 0.0})
    names = {_name(resource, item): item["metadata"]["uid"] for resource, item in waiting}
    names = names or {str(thing): "" for thing in operation.things}
    while True:
        met = meets(operation, waiting, names)
        over = time.monotonic() - started >= limit or session.left <= 0
        if met >= names.keys() or over:
            return _waited(set(names), met)
        await session.pause(attempt)
        attempt += 1
        waiting = await _found(session, operation)


Found = list[tuple[Resource, Json]]
Names = dict[str, str]
"""What is waited for, with its uid: an object that was made again under its name is another one."""


def _waited(names: set[str], met: set[str]) -> Output:
    lines = [f"{name} condition met" for name in sorted(names & met)]
    left = sorted(names - met)
    lines += [f"error: timed out waiting for the condition on {name}" for name in left]
    return Output("\n".join(lines), code=int(bool(left)), facts={"met": float(len(met)), "waiting": float(len(left))})


async def _found(session: Session, operation: Wait, *, first: bool = False) -> Found:
    """Return what there is of what is waited for."""
    found: Found = []
    for thing in operation.things:
        try:
            found += await session.selected([thing], operation.labels, operation.fields)
        except ClusterRefused as error:
            gone = operation.until in ("delete", "create") or not first
            if error.status != 404 or not gone:
                raise
    return found


def _gone(operation: Wait, waiting: Found, names: Names) -> set[str]:  # noqa: ARG001 one shape for all
    here = {_name(resource, item): item["metadata"]["uid"] for resource, item in waiting}
    return {name for name, uid in names.items() if here.get(name) != uid}


def _created(operation: Wait, waiting: Found, names: Names) -> set[str]:  # noqa: ARG001 one shape for all
    return set(names) if len(waiting) >= len(names) else set()


def _in_condition(operation: Wait, waiting: Found, names: Names) -> set[str]:  # noqa: ARG001 one shape for all
    _, wanted, value = operation.until.split("=")
    return {_name(resource, item) for resource, item in waiting if _holds(item, wanted, value)}


def _by_path(operation: Wait, waiting: Found, names: Names) -> set[str]:  # noqa: ARG001 one shape for all
    path, value = path_and_value(operation.until.removeprefix("jsonpath="))
    return {
        _name(resource, item)
        for resource, item in waiting
        if (found := jsonpath.rendered(path, item)) and (value is None or found == value)
    }


def path_and_value(text: str) -> tuple[str, str | None]:
    """Return the path and the value of `{.status.phase}=Running`; no value means any."""
    path, closed, value = text.rpartition("}=")
    return (f"{path}}}", value) if closed else (text, None)


def _holds(item: Json, wanted: str, value: str) -> bool:
    for one in (item.get("status") or {}).get("conditions") or []:
        if one["type"].lower() == wanted:
            seen = one.get("observedGeneration") or (item.get("status") or {}).get("observedGeneration")
            stale = seen is not None and seen < item["metadata"].get("generation", 0)
            return bool(one["status"].lower() == value) and not stale
    return False


def _name(resource: Resource, item: Json) -> str:
    return f"{resource.full}/{item['metadata']['name']}"


Check = Callable[[Wait, Found, Names], set[str]]
_CHECKS: dict[str, Check] = {
    "delete": _gone,
    "create": _created,
    "condition": _in_condition,
    "jsonpath": _by_path,
}

"""What would go: things that are deleted, and the pods of a node that is drained."""

from dataclasses import replace

from bot.errors import TargetRefused
from bot.operations.changing import Foresight
from bot.operations.kubernetes import deleting, worlds
from bot.operations.kubernetes.changes import Delete, Drain
from bot.operations.kubernetes.connection import Json
from bot.operations.kubernetes.doing import do
from bot.operations.kubernetes.draining import NODES, going
from bot.operations.kubernetes.faults import ClusterRefused
from bot.operations.kubernetes.nouns import Status, Thing, Wait
from bot.operations.kubernetes.pods import PODS
from bot.operations.kubernetes.reach import reach
from bot.operations.kubernetes.resources import Resource
from bot.operations.kubernetes.rollouts import called
from bot.operations.kubernetes.session import Session
from bot.operations.kubernetes.worlds import counted
from bot.operations.operation import Operation

Found = list[tuple[Resource, Json]]
_TOLD = 10
"""Names that are told; the rest is counted."""
_GONE = 300.0
"""Seconds until what was deleted should be gone."""
_FOLLOWED = {"ReplicaSet": "", "StatefulSet": "statefulsets", "DaemonSet": "daemonsets"}


async def delete(session: Session, operation: Delete) -> Foresight:
    """Foresee a deletion, by names; each of them is meant only as long as it is the same one."""
    found = await _there(session, operation)
    things = await _things(session, operation, found)
    named = replace(operation, things=things, labels="", fields="")
    said = (await do(session, named)).text
    pods = [item for resource, item in found if resource == PODS]
    final = any(resource != PODS or not _controller(item) for resource, item in found)
    return Foresight(
        named,
        before=_listed(found),
        after="gone; new pods come" if not final else "gone",
        world={key: value for resource, item in found for key, value in _world(resource, item).items()},
        reach=await reach(session, found) or (counted(len(pods), "pod") if pods else ""),
        undo="It cannot be taken back." if final else "Its controller makes a new pod.",
        rehearsal=said,
        then=await _followed(session, named, found),
        final=final,
    )


async def drain(session: Session, operation: Drain) -> Foresight:
    """Foresee the draining of a node: which pods go."""
    node = await session.get(NODES, operation.node)
    leaving = await going(session, operation)
    said = (await do(session, operation)).text
    closed = bool(node["spec"].get("unschedulable"))
    if closed and not leaving:
        raise TargetRefused(f"Node {operation.node} is drained already; nothing would change.")
    pods: Found = [(PODS, pod) for pod in leaving]
    lost = any(not _controller(pod) for pod in leaving) or operation.delete_empty_dir_data
    back = f"kubectl uncordon {operation.node}"
    known = worlds.world(NODES, node)
    known["pods to leave"] = ", ".join(sorted(f"{_placed(pod)} {pod['metadata']['uid']}" for pod in leaving)) or "none"
    return Foresight(
        operation,
        before=f"{'takes no new pods' if closed else 'takes new pods'}, {counted(len(leaving), 'pod')} to leave",
        after=f"takes no new pods, gone: {_listed(pods)}" if pods else "takes no new pods",
        world=known,
        reach=counted(len(leaving), "pod"),
        undo=back,
        rehearsal=said,
        final=lost and bool(leaving),
    )


async def _there(session: Session, operation: Delete) -> Found:
    """Return what would go. Raises TargetRefused when that is nothing."""
    found = await deleting.found(session, operation)
    if found:
        return found
    where = ", ".join(filter(None, (operation.labels, operation.fields)))
    kinds = " or ".join(str(thing) for thing in operation.things)
    narrowed = f" with {where}" if where else ""
    raise TargetRefused(f"There are no {kinds} in namespace {session.namespace}{narrowed}; nothing would be deleted.")


async def _things(session: Session, operation: Delete, found: Found) -> tuple[Thing, ...]:
    types = {resource: thing.type for thing in operation.things for resource in [await session.resource(thing.type)]}
    return tuple(Thing(types[resource], item["metadata"]["name"]) for resource, item in found)


def _world(resource: Resource, item: Json) -> dict[str, str]:
    return worlds.world(resource, item)


def _listed(found: Found) -> str:
    names = [f"{called(resource, item)}{_of(item)}" for resource, item in found]
    more = f" and {len(names) - _TOLD} more" if len(names) > _TOLD else ""
    return ", ".join(names[:_TOLD]) + more


def _of(item: Json) -> str:
    owner = _controller(item)
    return f" of {owner['kind']} {owner['name']}" if owner else ""


def _placed(pod: Json) -> str:
    return f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"


def _controller(item: Json) -> Json:
    owners = item["metadata"].get("ownerReferences") or []
    return next((one for one in owners if one.get("controller")), None)


async def _followed(session: Session, operation: Delete, found: Found) -> tuple[Operation, ...]:
    """Return what waits until it is through: the rollout of the pods' controllers, the end of anything else."""
    followed: dict[Operation, None] = {}
    for resource, item in found:
        owner = _controller(item)
        if resource == PODS and owner and (thing := await _workload(session, owner)):
            followed[Status(operation.namespace or session.namespace, thing=thing)] = None
    others = tuple(thing for thing, (resource, _) in zip(operation.things, found, strict=True) if resource != PODS)
    if others:
        followed[Wait(operation.namespace or session.namespace, things=others, until="delete", timeout=_GONE)] = None
    return tuple(followed)


async def _workload(session: Session, owner: Json) -> Thing | None:
    """Return the workload whose rollout a pod belongs to."""
    if owner["kind"] != "ReplicaSet":
        type_ = _FOLLOWED.get(owner["kind"], "")
        return Thing(type_, owner["name"]) if type_ else None
    try:
        _, made = await session.find(Thing("replicasets", owner["name"]))
    except ClusterRefused:
        return None
    above = _controller(made)
    return Thing("deployments", above["name"]) if above and above["kind"] == "Deployment" else None

"""What a change would touch: the objects as they are now, for the plan that somebody approves."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.operations.kubernetes import changes
from bot.operations.kubernetes import pods as podlike
from bot.operations.kubernetes.connection import Json
from bot.operations.kubernetes.draining import NODES
from bot.operations.kubernetes.faults import ClusterRefused
from bot.operations.kubernetes.nouns import Thing
from bot.operations.kubernetes.resources import Resource
from bot.operations.kubernetes.session import Session
from bot.operations.operation import Operation

_WORKLOADS = {"deployments", "statefulsets", "daemonsets", "replicasets", "replicationcontrollers"}


@dataclass(frozen=True, slots=True)
class Touched:
    """An object that a change is about.

    `version` is its resourceVersion, which tells whether it has changed since; `pods` how many pods depend on it
    (a pod counts itself); `controller` who would make it again, as `ReplicaSet/web-abc`, or an empty text; `state`
    what a plan shows of it: replicas, images, whether it is paused or takes new pods.
    """

    kind: str
    namespace: str
    name: str
    uid: str
    version: str
    pods: int = 0
    controller: str = ""
    state: Mapping[str, str] = field(default_factory=dict)


async def touched(session: Session, operation: Operation) -> tuple[Touched, ...]:
    """Return what an operation touches; nothing for one that reads, and for `apply`, whose dry run says it."""
    things, labels, fields = _meant(operation)
    found: list[tuple[Resource, Json]] = []
    for thing in things:
        try:
            found += await session.selected([thing], labels, fields)
        except ClusterRefused as error:
            tolerant = isinstance(operation, changes.Delete) and operation.ignore_missing
            if error.status != 404 or not tolerant:
                raise
    return tuple([await _one(session, resource, item) for resource, item in found])


def _meant(operation: Operation) -> tuple[tuple[Thing, ...], str, str]:
    """Return the things, the label selector and the field selector of a change."""
    if isinstance(operation, changes.Cordon | changes.Drain):
        nodes = operation.nodes if isinstance(operation, changes.Cordon) else (operation.node,)
        return tuple(Thing("nodes", name) for name in nodes), "", ""
    thing = getattr(operation, "thing", None)
    things = (thing,) if thing is not None else getattr(operation, "things", ())
    if not isinstance(operation, changes.Change):
        return (), "", ""
    return things, getattr(operation, "labels", ""), getattr(operation, "fields", "")


async def _one(session: Session, resource: Resource, item: Json) -> Touched:
    meta = item["metadata"]
    owners = [f"{one['kind']}/{one['name']}" for one in meta.get("ownerReferences") or [] if one.get("controller")]
    return Touched(
        resource.full,
        meta.get("namespace", ""),
        meta["name"],
        meta["uid"],
        meta["resourceVersion"],
        await _pods(session, resource, item),
        "".join(owners[:1]),
        _state(resource, item),
    )


async def _pods(session: Session, resource: Resource, item: Json) -> int:
    if resource.plural == "pods":
        return 1
    if resource.plural in _WORKLOADS:
        return len(await podlike.of_workload(session, item))
    if resource != NODES:
        return 0
    count = 0

    def take(page: Json) -> bool:
        nonlocal count
        count += len(page.get("items") or [])
        return False

    fields = f"spec.nodeName={item['metadata']['name']}"
    await session.pages(podlike.PODS, [("fieldSelector", fields)], take, namespace="")
    return count


def _state(resource: Resource, item: Json) -> dict[str, str]:
    spec = item.get("spec") or {}
    state: dict[str, str] = {}
    if "replicas" in spec:
        state["replicas"] = str(spec["replicas"])
    template = spec.get("template")
    containers = template["spec"]["containers"] if isinstance(template, dict) else spec.get("containers")
    if isinstance(containers, list):
        state["images"] = ",".join(one.get("image", "") for one in containers)
    if spec.get("paused"):
        state["paused"] = "true"
    if resource == NODES:
        state["takes-new-pods"] = str(not spec.get("unschedulable")).lower()
    return state

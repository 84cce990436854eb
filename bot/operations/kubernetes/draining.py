"""Nodes: cordon, uncordon and drain, which evicts pods as their disruption budgets allow."""

from dataclasses import dataclass

from bot.errors import TargetRefused
from bot.operations.kubernetes.changes import Cordon, Drain
from bot.operations.kubernetes.connection import Json
from bot.operations.kubernetes.faults import ClusterRefused, Overloaded
from bot.operations.kubernetes.pods import PODS
from bot.operations.kubernetes.resources import Resource
from bot.operations.kubernetes.rollouts import done
from bot.operations.kubernetes.session import Session
from bot.operations.output import Output

NODES = Resource("", "v1", "nodes", "Node", namespaced=False)
_MIRROR = "kubernetes.io/config.mirror"


@dataclass(slots=True)
class Leaving:
    """The pods of a node that are to go: those left, and why the last refusal."""

    pods: list[Json]
    refused: str = ""


async def cordon(session: Session, operation: Cordon) -> Output:
    """Carry out `kubectl cordon` and `uncordon`."""
    word = "cordoned" if operation.on else "uncordoned"
    lines = []
    for name in operation.nodes:
        node = await session.get(NODES, name)
        lines.append(await _cordon(session, node, on=operation.on) or f"node/{name} already {word}")
    return done(lines)


async def _cordon(session: Session, node: Json, *, on: bool) -> str:
    if bool(node["spec"].get("unschedulable")) is on:
        return ""
    await session.patch(NODES, node, {"spec": {"unschedulable": on or None}})
    return f"node/{node['metadata']['name']} {'cordoned' if on else 'uncordoned'}"


async def drain(session: Session, operation: Drain) -> Output:
    """Carry out `kubectl drain`: exit code 1 when pods are left at the end of the time.

    Raises TargetRefused, before anything is changed, for pods that would be lost and were not allowed for.
    """
    node = await session.get(NODES, operation.node)
    leaving = Leaving(await going(session, operation))
    lines = [line for line in [await _cordon(session, node, on=True)] if line]
    await _evict_all(session, operation, leaving, lines)
    if not leaving.pods:
        return done([*lines, f"node/{operation.node} drained"])
    names = ", ".join(f"{pod['metadata']['namespace']}/{pod['metadata']['name']}" for pod in leaving.pods[:10])
    lines.append(f"error: {len(leaving.pods)} pods are left on {operation.node}: {names}")
    if leaving.refused:
        lines.append(f"error: {leaving.refused}")
    return Output("\n".join(lines), code=1, facts={"count": float(len(leaving.pods))})


async def going(session: Session, operation: Drain) -> list[Json]:
    """Return the pods that a drain evicts. Raises TargetRefused for one that would be lost and was not allowed for."""
    found: list[Json] = []

    def take(page: Json) -> bool:
        found.extend(page.get("items") or [])
        return False

    fields = f"spec.nodeName={operation.node}"
    await session.pages(PODS, [("fieldSelector", fields), ("labelSelector", operation.pods)], take, namespace="")
    return [pod for pod in found if _goes(pod, operation)]


def _goes(pod: Json, operation: Drain) -> bool:
    """Whether a pod is to be evicted. Raises TargetRefused when it would be lost and that was not allowed."""
    meta, name = pod["metadata"], f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
    if _MIRROR in (meta.get("annotations") or {}):
        return False
    if (pod.get("status") or {}).get("phase") in ("Succeeded", "Failed"):
        return True
    owners = [one["kind"] for one in meta.get("ownerReferences") or [] if one.get("controller")]
    if "DaemonSet" in owners:
        if not operation.ignore_daemonsets:
            raise TargetRefused(f"Pod {name} belongs to a DaemonSet and would come back; add --ignore-daemonsets.")
        return False
    if not owners and not operation.force:
        raise TargetRefused(f"Pod {name} has no controller and would be lost; add --force if it may be.")
    scratch = any("emptyDir" in volume for volume in pod["spec"].get("volumes") or [])
    if scratch and not operation.delete_empty_dir_data:
        raise TargetRefused(f"Pod {name} keeps data in an emptyDir; add --delete-emptydir-data if it may be lost.")
    return True


async def _evict_all(session: Session, operation: Drain, leaving: Leaving, lines: list[str]) -> None:
    """Ask for every eviction until it is granted, then look until the pods are gone; until the time is over."""
    version = await session.resources.version("policy", "poddisruptionbudgets", session.until)
    until = session.left - operation.timeout if isinstance(operation.timeout, float) and operation.timeout else 0.0
    asked: set[str] = set()
    attempt = 0
    while leaving.pods:
        for pod in leaving.pods:
            if pod["metadata"]["uid"] not in asked and await _evict(session, operation, pod, version, leaving):
                asked.add(pod["metadata"]["uid"])
                lines.append(f"pod/{pod['metadata']['name']} evicted")
        if session.dry:
            leaving.pods = [pod for pod in leaving.pods if pod["metadata"]["uid"] not in asked]
            return
        leaving.pods = [pod for pod in leaving.pods if await _is_there(session, pod)]
        if not leaving.pods or session.left <= max(until, 0.0):
            return
        await session.pause(attempt)
        attempt += 1


async def _evict(session: Session, operation: Drain, pod: Json, version: str | None, leaving: Leaving) -> bool:
    """Ask for one eviction; False when a disruption budget does not allow it now."""
    meta = pod["metadata"]
    body: dict[str, object] = {
        "apiVersion": f"policy/{version or 'v1'}",
        "kind": "Eviction",
        "metadata": {"name": meta["name"], "namespace": meta["namespace"]},
    }
    if isinstance(operation.grace, int) and operation.grace >= 0:
        body["deleteOptions"] = {"gracePeriodSeconds": operation.grace}
    try:
        await session.write("POST", PODS.path(meta["namespace"], meta["name"], "eviction"), body)
    except Overloaded as error:
        if error.status != 429:
            raise
        leaving.refused = "a disruption budget does not allow it now"
        return False
    except ClusterRefused as error:
        if error.status != 404:
            raise
    return True


async def _is_there(session: Session, pod: Json) -> bool:
    meta = pod["metadata"]
    try:
        seen = await session.read(PODS.path(meta["namespace"], meta["name"]))
    except ClusterRefused as error:
        if error.status != 404:
            raise
        return False
    return bool(seen["metadata"]["uid"] == meta["uid"])

"""Pods: why one is not running, and which of several a workload's command means."""

from collections.abc import Iterable, Sequence

from bot.errors import TargetRefused
from bot.operations.kubernetes.connection import Json
from bot.operations.kubernetes.faults import ClusterRefused
from bot.operations.kubernetes.nouns import Thing
from bot.operations.kubernetes.resources import Resource
from bot.operations.kubernetes.session import Session, selector_of

PODS = Resource("", "v1", "pods", "Pod")


def statuses(pod: Json) -> list[Json]:
    """Return the states of a pod's containers, init containers first."""
    status = pod.get("status") or {}
    return [*(status.get("initContainerStatuses") or []), *(status.get("containerStatuses") or [])]


def trouble(pod: Json) -> str:
    """Return why a pod does not run: why its containers wait or ended, or its own reason; empty when it does."""
    for one in statuses(pod):
        state = one.get("state") or {}
        waiting, ended = state.get("waiting") or {}, state.get("terminated") or {}
        if (reason := waiting.get("reason")) and reason not in ("ContainerCreating", "PodInitializing"):
            return str(reason)
        if ended and ended.get("exitCode"):
            return f"{ended.get('reason') or 'Error'} (exit code {ended['exitCode']})"
    status = pod.get("status") or {}
    if status.get("reason"):
        return str(status["reason"])
    for condition in status.get("conditions") or []:
        if condition["type"] == "PodScheduled" and condition["status"] == "False":
            return str(condition.get("reason") or "Unschedulable")
    return ""


def is_ready(pod: Json) -> bool:
    """Whether a pod says that it is ready."""
    conditions = (pod.get("status") or {}).get("conditions") or []
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def troubles(pods: Iterable[Json], most: int = 5) -> str:
    """Return a clause of which pods do not run and why, or an empty text."""
    found = [(pod["metadata"]["name"], trouble(pod)) for pod in pods]
    named = [f"{name} {why}" for name, why in found if why]
    more = f" and {len(named) - most} more" if len(named) > most else ""
    return ", ".join(named[:most]) + more


def best(pods: Sequence[Json]) -> Json:
    """Return the pod that kubectl takes of several: running, then ready, then the most restarts, then the newest."""

    def rank(pod: Json) -> tuple[bool, bool, int, str]:
        restarts = max((one.get("restartCount", 0) for one in statuses(pod)), default=0)
        running = (pod.get("status") or {}).get("phase") == "Running"
        return running, is_ready(pod), restarts, pod["metadata"].get("creationTimestamp") or ""

    return max(pods, key=rank)


async def of_workload(session: Session, workload: Json) -> list[Json]:
    """Return the pods that a workload selects."""
    selector = selector_of(workload)
    return await session.objects(PODS, selector) if selector else []


async def one(session: Session, thing: Thing) -> Json:
    """Return the pod of a thing: itself, or the one that kubectl takes of a workload's, which is said in `cut`.

    Raises TargetRefused when there is none.
    """
    resource, found = await session.find(thing)
    if resource.plural == "pods":
        return found
    pods = await of_workload(session, found)
    if not pods:
        raise ClusterRefused(f"{resource.kind} {thing.name} has no pods.", 404, "NotFound")
    taken = best(pods)
    if len(pods) > 1:
        session.cut.append(f"{len(pods) - 1} of the {len(pods)} pods: this is {taken['metadata']['name']}")
    return taken


def container(session: Session, pod: Json, wanted: str) -> str:
    """Return the container that is meant: the one that is named, marked as default, or the first.

    Raises TargetRefused when the pod has no such container.
    """
    spec, meta = pod["spec"], pod["metadata"]
    regular: list[str] = [one["name"] for one in spec["containers"]]
    every = [*regular, *(one["name"] for one in spec.get("initContainers") or [])]
    if wanted:
        if wanted not in every:
            raise TargetRefused(f"Pod {meta['name']} has no container {wanted}; it has {', '.join(every)}.")
        return wanted
    default = (meta.get("annotations") or {}).get("kubectl.kubernetes.io/default-container", "")
    taken = default if default in regular else regular[0]
    if len(regular) > 1:
        session.cut.append(f"containers other than {taken} of {meta['name']}")
    return taken

"""ReplicaSets: as many pods of a template as they should have."""

from typing import Any

from sandbox.cluster.control.hands import is_over, is_ready, let_go, make_pod, owned, set_status, suffix, tell
from sandbox.cluster.refusals import Refused
from sandbox.cluster.store import Store

Thing = dict[str, Any]


def sync(store: Store) -> None:
    """Bring every ReplicaSet a step further."""
    pods = owned(store.each("pods"))
    for one in store.each("replicasets", "apps"):
        _sync(store, one, pods.get(one["metadata"]["uid"], []))


def _sync(store: Store, one: Thing, pods: list[Thing]) -> None:
    kind = store.kinds.get("replicasets", "apps")
    living = [pod for pod in pods if not pod["metadata"].get("deletionTimestamp") and not is_over(pod)]
    wanted = 0 if one["metadata"].get("deletionTimestamp") else one["spec"]["replicas"]
    for _ in range(wanted - len(living)):
        name = f"{one['metadata']['name']}-{suffix()}"
        try:
            living.append(make_pod(store, kind, one, one["spec"]["template"], name))
        except Refused as refused:
            tell(store, kind, one, "Warning", "FailedCreate", f"Error creating: {refused.message}")
            break
        tell(store, kind, one, "Normal", "SuccessfulCreate", f"Created pod: {name}")
    for pod in sorted(living, key=_worth)[: max(0, len(living) - wanted)]:
        let_go(store, pod)
        living.remove(pod)
        tell(store, kind, one, "Normal", "SuccessfulDelete", f"Deleted pod: {pod['metadata']['name']}")
    ready = sum(map(is_ready, living))
    status = {
        "replicas": len(living),
        "fullyLabeledReplicas": len(living),
        "observedGeneration": one["metadata"]["generation"],
        **({"readyReplicas": ready, "availableReplicas": ready} if ready else {}),
    }
    set_status(store, kind, one, status)


def _worth(pod: Thing) -> tuple[bool, bool, str]:
    """Return what sorts pods so that those come first that are missed least."""
    return bool(pod["spec"].get("nodeName")), is_ready(pod), str(pod["metadata"]["creationTimestamp"])

"""StatefulSets and DaemonSets: pods with fixed names, and a pod on every node."""

import hashlib
import json
from typing import Any

from sandbox.cluster.control.hands import is_ready, let_go, make_pod, owned, reference, set_status, suffix
from sandbox.cluster.kinds import Kind
from sandbox.cluster.store import Store

Thing = dict[str, Any]
_HASH = "controller-revision-hash"


def sync(store: Store) -> None:
    """Bring every StatefulSet and DaemonSet a step further."""
    pods = owned(store.each("pods"))
    for one in store.each("statefulsets", "apps"):
        _stateful(store, one, pods.get(one["metadata"]["uid"], []))
    for one in store.each("daemonsets", "apps"):
        _daemons(store, one, pods.get(one["metadata"]["uid"], []))


def _stateful(store: Store, one: Thing, pods: list[Thing]) -> None:
    kind, wanted = store.kinds.get("statefulsets", "apps"), one["spec"]["replicas"]
    mark = _revision(store, kind, one)
    named = {pod["metadata"]["name"]: pod for pod in pods}
    names = [f"{one['metadata']['name']}-{number}" for number in range(wanted)]
    for name, pod in named.items():
        if name not in names:
            let_go(store, pod)
    missing = next((name for name in names if name not in named), None)
    stale = [name for name in reversed(names) if name in named and _mark(named[name]) != mark]
    settled = all(is_ready(pod) for pod in pods)
    if missing is not None and all(is_ready(named[name]) for name in names if name in named):
        make_pod(store, kind, one, one["spec"]["template"], missing, {_HASH: mark})
    elif stale and (settled or not is_ready(named[stale[0]])):
        let_go(store, named[stale[0]])
    fresh = [pod for pod in pods if _mark(pod) == mark]
    status = {
        "observedGeneration": one["metadata"]["generation"],
        "replicas": len(pods),
        "readyReplicas": sum(map(is_ready, pods)),
        "currentReplicas": len(fresh),
        "updatedReplicas": len(fresh),
        "currentRevision": mark if len(fresh) == len(pods) else "",
        "updateRevision": mark,
    }
    set_status(store, kind, one, status)


def _daemons(store: Store, one: Thing, pods: list[Thing]) -> None:
    kind = store.kinds.get("daemonsets", "apps")
    mark = _revision(store, kind, one)
    nodes = [node["metadata"]["name"] for node in store.each("nodes")]
    served = {pod["spec"].get("nodeName"): pod for pod in pods if not pod["metadata"].get("deletionTimestamp")}
    for node in nodes:
        if node not in served:
            template = {**one["spec"]["template"], "spec": {**one["spec"]["template"]["spec"], "nodeName": node}}
            make_pod(store, kind, one, template, f"{one['metadata']['name']}-{suffix()}", {_HASH: mark})
    stale = [pod for pod in served.values() if _mark(pod) != mark]
    if stale and all(is_ready(pod) for pod in served.values() if pod not in stale):
        let_go(store, stale[0])
    ready = sum(map(is_ready, served.values()))
    status = {
        "observedGeneration": one["metadata"]["generation"],
        "desiredNumberScheduled": len(nodes),
        "currentNumberScheduled": len(served),
        "numberMisscheduled": 0,
        "updatedNumberScheduled": len(served) - len(stale),
        "numberReady": ready,
        "numberAvailable": ready,
    }
    set_status(store, kind, one, status)


def _mark(pod: Thing) -> str:
    return str((pod["metadata"].get("labels") or {}).get(_HASH, ""))


def _revision(store: Store, kind: Kind, one: Thing) -> str:
    """Return the mark of the present template, and see to it that its ControllerRevision has the highest number."""
    revisions, meta = store.kinds.get("controllerrevisions", "apps"), one["metadata"]
    template = {**one["spec"]["template"], "$patch": "replace"}
    mark = hashlib.sha256(json.dumps([template, meta["uid"]], sort_keys=True).encode()).hexdigest()[:10]
    mine = owned(store.each("controllerrevisions", "apps")).get(meta["uid"], [])
    name, highest = f"{meta['name']}-{mark}", max((found["revision"] for found in mine), default=0)
    known = next((found for found in mine if found["metadata"]["name"] == name), None)
    if known is None:
        labels = {**(one["spec"]["template"]["metadata"].get("labels") or {}), _HASH: mark}
        fresh = {
            "metadata": {"name": name, "labels": labels, "ownerReferences": [reference(kind, one)]},
            "data": {"spec": {"template": template}},
            "revision": highest + 1,
        }
        store.add(revisions, store.complete(revisions, meta["namespace"], fresh))
    elif known["revision"] < highest:
        store.change(revisions, {**known, "revision": highest + 1})
    return mark

"""The smaller controllers: places for pods, addresses of Services, what lost its owner, budgets, scaling, events."""

import time
from collections import Counter
from typing import Any

from sandbox.cluster.control.hands import condition, is_over, is_ready, let_go, set_status, tell, with_conditions
from sandbox.cluster.kubelet.quantities import quantity
from sandbox.cluster.kubelet.usage import container_usage
from sandbox.cluster.selectors import structured
from sandbox.cluster.store import Store

Thing = dict[str, Any]


def schedule(store: Store) -> None:
    """Give every pod without a node the one that has the fewest."""
    open_ = [node for node in store.each("nodes") if not node.get("spec", {}).get("unschedulable")]
    load = Counter(pod["spec"].get("nodeName") for pod in store.each("pods"))
    for pod in store.each("pods"):
        if pod["spec"].get("nodeName") or pod["metadata"].get("deletionTimestamp"):
            continue
        wanted = pod["spec"].get("nodeSelector") or {}
        fitting = [node for node in open_ if wanted.items() <= (node["metadata"].get("labels") or {}).items()]
        if not fitting:
            _leave_waiting(store, pod, len(open_))
            continue
        node = min((one["metadata"]["name"] for one in fitting), key=lambda name: (load[name], name))
        load[node] += 1
        _place(store, pod, node)


def _leave_waiting(store: Store, pod: Thing, unfit: int) -> None:
    pods, total = store.kinds.get("pods"), sum(1 for _ in store.each("nodes"))
    reasons = {"node(s) didn't match Pod's node affinity": unfit, "node(s) were unschedulable": total - unfit}
    told = ", ".join(f"{count} {reason}" for reason, count in reasons.items() if count)
    why = f"0/{total} nodes are available: {told}."
    waits = condition("PodScheduled", "False", "Unschedulable", why)
    set_status(store, pods, pod, {**pod["status"], "conditions": with_conditions(pod["status"], [waits])})
    tell(store, pods, pod, "Warning", "FailedScheduling", why, "default-scheduler")


def _place(store: Store, pod: Thing, node: str) -> None:
    pods, meta = store.kinds.get("pods"), pod["metadata"]
    placed = condition("PodScheduled", "True", "", "")
    status = {**pod["status"], "conditions": with_conditions(pod["status"], [placed])}
    now = store.change(pods, {**pod, "spec": {**pod["spec"], "nodeName": node}, "status": status})
    message = f"Successfully assigned {meta['namespace']}/{meta['name']} to {node}"
    tell(store, pods, now, "Normal", "Scheduled", message, "default-scheduler")


def collect(store: Store) -> None:
    """Remove what belonged to something that is gone, and what is left in a namespace that ends."""
    ending = {one["metadata"]["name"] for one in store.each("namespaces") if one["metadata"].get("deletionTimestamp")}
    uids = {thing["metadata"]["uid"] for kind in store.kinds for thing in store.all(kind)}
    left: Counter[str] = Counter()
    for kind in store.kinds:
        for thing in store.all(kind):
            namespace = thing["metadata"].get("namespace", "")
            owners = thing["metadata"].get("ownerReferences") or []
            if namespace not in ending and not (owners and all(owner["uid"] not in uids for owner in owners)):
                continue
            if kind.plural == "pods":
                let_go(store, thing)
                left[namespace] += store.find(kind, namespace, thing["metadata"]["name"]) is not None
            else:
                store.remove(kind, thing)
    namespaces = store.kinds.get("namespaces")
    for name in ending:
        if not left[name]:
            store.remove(namespaces, store.get(namespaces, "", name))


def address(store: Store) -> None:
    """Give every Service an address, and its Endpoints those of its pods that are ready."""
    services = store.kinds.get("services")
    taken = {one["spec"].get("clusterIP") for one in store.each("services")}
    free = (one for high in range(256) for low in range(1, 255) if (one := f"10.96.{high}.{low}") not in taken)
    for service in store.each("services"):
        spec = service["spec"]
        if spec["type"] != "ExternalName" and not spec.get("clusterIP"):
            given = next(free)
            store.change(services, {**service, "spec": {**spec, "clusterIP": given, "clusterIPs": [given]}})
        if spec.get("selector"):
            _point(store, service)


def _point(store: Store, service: Thing) -> None:
    endpoints, meta, spec = store.kinds.get("endpoints"), service["metadata"], service["spec"]
    selected = structured({"matchLabels": spec["selector"]})
    chosen = [
        {"ip": pod["status"]["podIP"], "nodeName": pod["spec"].get("nodeName")}
        for pod in store.all(store.kinds.get("pods"), meta["namespace"])
        if is_ready(pod) and selected(pod["metadata"].get("labels") or {})
    ]
    ports = [{"port": one["port"]} for one in spec.get("ports") or []]
    subsets = [{"addresses": chosen, "ports": ports}] if chosen else []
    known = store.find(endpoints, meta["namespace"], meta["name"])
    if known is None:
        fresh = {"metadata": {"name": meta["name"]}, "subsets": subsets}
        store.add(endpoints, store.complete(endpoints, meta["namespace"], fresh))
    elif known.get("subsets") != subsets:
        store.change(endpoints, {**known, "subsets": subsets})


def budget(store: Store) -> None:
    """Work out how many pods each PodDisruptionBudget may spare."""
    kind = store.kinds.get("poddisruptionbudgets", "policy")
    for one in store.each("poddisruptionbudgets", "policy"):
        selected = structured(one["spec"].get("selector") or {})
        pods = [
            pod
            for pod in store.all(store.kinds.get("pods"), one["metadata"]["namespace"])
            if selected(pod["metadata"].get("labels") or {}) and not is_over(pod)
        ]
        healthy, spec = sum(map(is_ready, pods)), one["spec"]
        if "maxUnavailable" in spec:
            least = len(pods) - _share(spec["maxUnavailable"], len(pods))
        else:
            least = _share(spec.get("minAvailable", 1), len(pods))
        status = {
            "observedGeneration": one["metadata"]["generation"],
            "currentHealthy": healthy,
            "desiredHealthy": least,
            "disruptionsAllowed": max(0, healthy - least),
            "expectedPods": len(pods),
        }
        set_status(store, kind, one, status)


def _share(value: int | str, whole: int) -> int:
    return value if isinstance(value, int) else -(-int(value.removesuffix("%")) * whole // 100)


def autoscale(store: Store) -> None:
    """Say for every HorizontalPodAutoscaler what its pods use; the figures never change, so nothing is scaled."""
    kind = store.kinds.get("horizontalpodautoscalers", "autoscaling")
    for one in store.each("horizontalpodautoscalers", "autoscaling"):
        reference, namespace = one["spec"]["scaleTargetRef"], one["metadata"]["namespace"]
        plural = f"{reference['kind'].lower()}s"
        target = store.find(store.kinds.get(plural, "apps"), namespace, reference["name"])
        if target is None:
            continue
        replicas = target.get("status", {}).get("replicas", 0)
        status = {"currentReplicas": replicas, "desiredReplicas": replicas}
        used = _used_share(store, target)
        if used is not None:
            status["currentCPUUtilizationPercentage"] = used
        set_status(store, kind, one, status)


def _used_share(store: Store, target: Thing) -> int | None:
    """Return which part of the processors that its pods ask for they use, in percent; None when they ask for none."""
    selected = structured(target["spec"]["selector"])
    used = asked = 0.0
    for pod in store.all(store.kinds.get("pods"), target["metadata"]["namespace"]):
        if not selected(pod["metadata"].get("labels") or {}) or not is_ready(pod):
            continue
        for container in pod["spec"]["containers"]:
            requests = (container.get("resources") or {}).get("requests") or {}
            asked += quantity(requests.get("cpu", 0))
            used += container_usage(pod, container["name"])[0]
    return round(100 * used / asked) if asked else None


def forget(store: Store, keep: float = 3600.0) -> None:
    """Remove events that are older than `keep` seconds, as the API server does."""
    from sandbox.cluster.kubelet.moments import moment

    kind, now = store.kinds.get("events"), time.time()
    for event in store.each("events"):
        if now - moment(event["lastTimestamp"]) > keep:
            store.remove(kind, event)

"""What is measured of pods and nodes: the objects of metrics.k8s.io and the kubelet's summary.

Figures come from the note USAGE; without one they follow from the name, the same in every run.
"""

import zlib
from collections.abc import Iterable
from typing import Any

from sandbox.cluster.kubelet import notes
from sandbox.cluster.kubelet.moments import stamp
from sandbox.cluster.kubelet.quantities import quantity

Thing = dict[str, Any]
_GROUP = "metrics.k8s.io/v1beta1"
_DISK = 100 * 2**30  # bytes of a node's disk


def container_usage(pod: Thing, container: str) -> tuple[float, float]:
    """Return processors and bytes of memory that a container uses."""
    noted = _noted(pod)
    if container in noted or "" in noted:
        return noted.get(container, noted.get("", (0.0, 0.0)))
    seed = zlib.crc32(f"{pod['metadata']['name']}/{container}".encode())
    return 0.001 * (5 + seed % 200), 2.0**20 * (40 + seed // 200 % 200)


def node_usage(node: Thing) -> tuple[float, float]:
    """Return processors and bytes of memory that a node uses."""
    return _noted(node).get("", (1.5, 4.0 * 2**30))


def pod_metrics(pods: Iterable[Thing], now: float) -> list[Thing]:
    """Return the PodMetrics of the pods that run."""
    return [
        {
            "metadata": _meta(pod, now),
            "timestamp": stamp(now),
            "window": "30s",
            "containers": [
                {"name": spec["name"], "usage": _usage(*container_usage(pod, spec["name"]))}
                for spec in pod["spec"]["containers"]
            ],
        }
        for pod in pods
        if pod.get("status", {}).get("phase") == "Running"
    ]


def node_metrics(nodes: Iterable[Thing], now: float) -> list[Thing]:
    """Return the NodeMetrics of nodes."""
    return [
        {"metadata": _meta(node, now), "timestamp": stamp(now), "window": "30s", "usage": _usage(*node_usage(node))}
        for node in nodes
    ]


def listed(kind: str, items: list[Thing]) -> Thing:
    """Return a list object of metrics: `kind` is PodMetrics or NodeMetrics."""
    return {"kind": f"{kind}List", "apiVersion": _GROUP, "metadata": {}, "items": items}


def summary(node: Thing, pods: Iterable[Thing], now: float) -> Thing:
    """Return what a kubelet says at `/stats/summary`."""
    processors, memory = node_usage(node)
    capacity = quantity(node.get("status", {}).get("capacity", {}).get("memory", "16Gi"))
    name = node["metadata"]["name"]
    return {
        "node": {
            "nodeName": name,
            "startTime": node["metadata"].get("creationTimestamp"),
            "cpu": {"time": stamp(now), "usageNanoCores": int(processors * 1e9)},
            "memory": {
                "time": stamp(now),
                "availableBytes": int(capacity - memory),
                "usageBytes": int(memory),
                "workingSetBytes": int(memory),
            },
            "fs": {
                "time": stamp(now),
                "availableBytes": int(_DISK * 0.6),
                "capacityBytes": _DISK,
                "usedBytes": int(_DISK * 0.4),
            },
            "network": {"time": stamp(now), "name": "eth0", "rxBytes": 1_204_224, "rxErrors": 0, "txBytes": 873_472},
        },
        "pods": [_pod_summary(pod, now) for pod in pods if pod["spec"].get("nodeName") == name],
    }


def _pod_summary(pod: Thing, now: float) -> Thing:
    figures = {spec["name"]: container_usage(pod, spec["name"]) for spec in pod["spec"]["containers"]}
    return {
        "podRef": {key: pod["metadata"][key] for key in ("name", "namespace", "uid")},
        "startTime": pod.get("status", {}).get("startTime"),
        "containers": [
            {
                "name": name,
                "cpu": {"time": stamp(now), "usageNanoCores": int(processors * 1e9)},
                "memory": {"time": stamp(now), "workingSetBytes": int(memory)},
            }
            for name, (processors, memory) in figures.items()
        ],
    }


def _noted(thing: Thing) -> dict[str, tuple[float, float]]:
    """Return the figures of a note, by container; "" for one that names none."""
    figures = {}
    for part in filter(None, notes.note(thing, notes.USAGE).split(",")):
        name, _, figure = part.rpartition("=")
        processors, _, memory = figure.partition("/")
        figures[name] = (quantity(processors), quantity(memory))
    return figures


def _usage(processors: float, memory: float) -> Thing:
    return {"cpu": f"{round(processors * 1e9)}n", "memory": f"{round(memory / 1024)}Ki"}


def _meta(thing: Thing, now: float) -> Thing:
    meta = thing["metadata"]
    kept = {key: meta[key] for key in ("name", "namespace", "labels") if meta.get(key)}
    return {**kept, "creationTimestamp": stamp(now)}

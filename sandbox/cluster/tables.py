"""Objects as the server prints them: a Table of columns and cells for each kind."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sandbox.cluster.kinds import Kind
from sandbox.cluster.kubelet.moments import moment
from sandbox.cluster.pod_words import pod_status, restarts

Thing = dict[str, Any]
_NONE = "<none>"


def table(kind: Kind, things: Sequence[Thing], include: str, meta: Thing) -> Thing:
    """Return the Table of objects; `include` says how much of each comes with its row: None, Metadata or Object."""
    columns = list(_COLUMNS.get(kind.plural) or _custom(kind))
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": meta,
        "columnDefinitions": [
            {"name": name, "type": "string", "format": "", "description": "", "priority": priority}
            for name, priority, _ in columns
        ],
        "rows": [_row(thing, columns, include) for thing in things],
    }


Cell = Callable[[Thing], Any]
Column = tuple[str, int, Cell]


def _row(thing: Thing, columns: Sequence[Column], include: str) -> Thing:
    row: Thing = {"cells": [cell(thing) for _, _, cell in columns]}
    if include == "Object":
        row["object"] = thing
    elif include != "None":
        partial = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"}
        row["object"] = {**partial, "metadata": thing["metadata"]}
    return row


def age(text: str | None) -> str:
    """Return how long ago that was, as kubectl says it."""
    if not text:
        return "<unknown>"
    seconds = max(0, int(time.time() - moment(text)))
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86_400
    if seconds < 120:
        return f"{seconds}s"
    if minutes < 10:
        return f"{minutes}m{seconds % 60}s" if seconds % 60 else f"{minutes}m"
    if hours < 3:
        return f"{minutes}m"
    if hours < 8:
        return f"{hours}h{minutes % 60}m" if minutes % 60 else f"{hours}h"
    return f"{hours}h" if hours < 48 else f"{days}d"


def _at(path: str, default: Any = _NONE) -> Cell:
    keys = path.split(".")

    def cell(thing: Thing) -> Any:
        value: Any = thing
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return default if value is None or value == "" else value

    return cell


def _age(thing: Thing) -> str:
    return age(thing["metadata"].get("creationTimestamp"))


def _containers(key: str, where: str = "spec.template.spec") -> Cell:
    found = _at(f"{where}.containers", [])
    return lambda thing: ",".join(str(one[key]) for one in found(thing)) or _NONE


def _selector(thing: Thing) -> str:
    said = thing["spec"].get("selector") or {}
    labels = said.get("matchLabels", said) if isinstance(said, dict) else {}
    return ",".join(f"{key}={value}" for key, value in sorted(labels.items())) or _NONE


def _node_status(node: Thing) -> str:
    ready = [one for one in node.get("status", {}).get("conditions") or [] if one["type"] == "Ready"]
    words = ["Ready" if ready and ready[0]["status"] == "True" else "NotReady" if ready else "Unknown"]
    return ",".join(words + ["SchedulingDisabled"] * bool(node.get("spec", {}).get("unschedulable")))


def _roles(node: Thing) -> str:
    prefix = "node-role.kubernetes.io/"
    labels = node["metadata"].get("labels") or {}
    return ",".join(sorted(key.removeprefix(prefix) for key in labels if key.startswith(prefix))) or _NONE


def _internal(node: Thing) -> str:
    addresses = node.get("status", {}).get("addresses") or []
    return next((one["address"] for one in addresses if one["type"] == "InternalIP"), _NONE)


def _share(part: str, whole: str) -> Cell:
    some, all_ = _at(part, 0), _at(whole, 0)
    return lambda thing: f"{some(thing)}/{all_(thing)}"


def _pod_ready(pod: Thing) -> str:
    statuses = pod.get("status", {}).get("containerStatuses") or []
    return f"{sum(bool(one.get('ready')) for one in statuses)}/{len(pod['spec']['containers'])}"


def _external(service: Thing) -> str:
    if service["spec"].get("type") == "ExternalName":
        return str(service["spec"].get("externalName"))
    given = service.get("status", {}).get("loadBalancer", {}).get("ingress") or []
    named = ",".join(one.get("ip") or one.get("hostname") for one in given)
    return named or ("<pending>" if service["spec"].get("type") == "LoadBalancer" else _NONE)


def _ports(service: Thing) -> str:
    return (
        ",".join(
            f"{one['port']}{':' + str(one['nodePort']) if one.get('nodePort') else ''}/{one.get('protocol', 'TCP')}"
            for one in service["spec"].get("ports") or []
        )
        or _NONE
    )


def _hosts(ingress: Thing) -> str:
    return ",".join(rule.get("host") or "*" for rule in ingress["spec"].get("rules") or []) or "*"


def _ingress_address(ingress: Thing) -> str:
    given = ingress.get("status", {}).get("loadBalancer", {}).get("ingress") or []
    return ",".join(one.get("ip") or one.get("hostname") for one in given)


def _scaled(hpa: Thing) -> str:
    reference = hpa["spec"]["scaleTargetRef"]
    return f"{reference['kind']}/{reference['name']}"


def _targets(hpa: Thing) -> str:
    now = hpa.get("status", {}).get("currentCPUUtilizationPercentage")
    wanted = hpa["spec"].get("targetCPUUtilizationPercentage", 80)
    return f"{'<unknown>' if now is None else f'{now}%'}/{wanted}%"


def _job_duration(job: Thing) -> str:
    status = job.get("status", {})
    if not status.get("startTime"):
        return ""
    end = status.get("completionTime")
    return age(status["startTime"]) if not end else f"{int(moment(end) - moment(status['startTime']))}s"


def _count(key: str) -> Cell:
    return lambda thing: len(thing.get(key) or {})


def _event_object(event: Thing) -> str:
    about = event["involvedObject"]
    return f"{about['kind'].lower()}/{about['name']}"


_NAME: Column = ("Name", 0, _at("metadata.name"))
_AGED: Column = ("Age", 0, _age)
_IMAGES: tuple[Column, ...] = (("Containers", 1, _containers("name")), ("Images", 1, _containers("image")))
_CHOSEN: Column = ("Selector", 1, _selector)
_COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "pods": (
        _NAME,
        ("Ready", 0, _pod_ready),
        ("Status", 0, pod_status),
        ("Restarts", 0, restarts),
        _AGED,
        ("IP", 1, _at("status.podIP")),
        ("Node", 1, _at("spec.nodeName")),
        ("Nominated Node", 1, _at("status.nominatedNodeName")),
        ("Readiness Gates", 1, lambda _: _NONE),
    ),
    "nodes": (
        _NAME,
        ("Status", 0, _node_status),
        ("Roles", 0, _roles),
        _AGED,
        ("Version", 0, _at("status.nodeInfo.kubeletVersion")),
        ("Internal-IP", 1, _internal),
        ("External-IP", 1, lambda _: _NONE),
        ("OS-Image", 1, _at("status.nodeInfo.osImage", "<unknown>")),
        ("Kernel-Version", 1, _at("status.nodeInfo.kernelVersion", "<unknown>")),
        ("Container-Runtime", 1, _at("status.nodeInfo.containerRuntimeVersion", "<unknown>")),
    ),
    "namespaces": (_NAME, ("Status", 0, _at("status.phase")), _AGED),
    "deployments": (
        _NAME,
        ("Ready", 0, _share("status.readyReplicas", "spec.replicas")),
        ("Up-to-date", 0, _at("status.updatedReplicas", 0)),
        ("Available", 0, _at("status.availableReplicas", 0)),
        _AGED,
        *_IMAGES,
        _CHOSEN,
    ),
    "replicasets": (
        _NAME,
        ("Desired", 0, _at("spec.replicas", 0)),
        ("Current", 0, _at("status.replicas", 0)),
        ("Ready", 0, _at("status.readyReplicas", 0)),
        _AGED,
        *_IMAGES,
        _CHOSEN,
    ),
    "statefulsets": (_NAME, ("Ready", 0, _share("status.readyReplicas", "spec.replicas")), _AGED, *_IMAGES),
    "daemonsets": (
        _NAME,
        ("Desired", 0, _at("status.desiredNumberScheduled", 0)),
        ("Current", 0, _at("status.currentNumberScheduled", 0)),
        ("Ready", 0, _at("status.numberReady", 0)),
        ("Up-to-date", 0, _at("status.updatedNumberScheduled", 0)),
        ("Available", 0, _at("status.numberAvailable", 0)),
        ("Node Selector", 0, lambda _: _NONE),
        _AGED,
        *_IMAGES,
        _CHOSEN,
    ),
    "services": (
        _NAME,
        ("Type", 0, _at("spec.type")),
        ("Cluster-IP", 0, _at("spec.clusterIP")),
        ("External-IP", 0, _external),
        ("Port(s)", 0, _ports),
        _AGED,
        _CHOSEN,
    ),
    "ingresses": (
        _NAME,
        ("Class", 0, _at("spec.ingressClassName")),
        ("Hosts", 0, _hosts),
        ("Address", 0, _ingress_address),
        ("Ports", 0, lambda ingress: "80, 443" if ingress["spec"].get("tls") else "80"),
        _AGED,
    ),
    "horizontalpodautoscalers": (
        _NAME,
        ("Reference", 0, _scaled),
        ("Targets", 0, _targets),
        ("MinPods", 0, lambda hpa: str(hpa["spec"].get("minReplicas", "<unset>"))),
        ("MaxPods", 0, _at("spec.maxReplicas")),
        ("Replicas", 0, _at("status.currentReplicas", 0)),
        _AGED,
    ),
    "jobs": (
        _NAME,
        ("Completions", 0, _share("status.succeeded", "spec.completions")),
        ("Duration", 0, _job_duration),
        _AGED,
        *_IMAGES,
        _CHOSEN,
    ),
    "cronjobs": (
        _NAME,
        ("Schedule", 0, _at("spec.schedule")),
        ("Suspend", 0, lambda one: str(bool(one["spec"].get("suspend")))),
        ("Active", 0, lambda one: len(one.get("status", {}).get("active") or [])),
        ("Last Schedule", 0, lambda one: age(one.get("status", {}).get("lastScheduleTime"))),
        _AGED,
    ),
    "events": (
        ("Last Seen", 0, lambda event: age(event.get("lastTimestamp"))),
        ("Type", 0, _at("type")),
        ("Reason", 0, _at("reason")),
        ("Object", 0, _event_object),
        ("Subobject", 1, lambda _: ""),
        ("Source", 1, _at("source.component", "")),
        ("Message", 0, _at("message", "")),
        ("First Seen", 1, lambda event: age(event.get("firstTimestamp"))),
        ("Count", 1, _at("count", 1)),
        ("Name", 1, _at("metadata.name")),
    ),
    "configmaps": (_NAME, ("Data", 0, _count("data")), _AGED),
    "secrets": (_NAME, ("Type", 0, _at("type")), ("Data", 0, _count("data")), _AGED),
    "serviceaccounts": (_NAME, ("Secrets", 0, _count("secrets")), _AGED),
    "poddisruptionbudgets": (
        _NAME,
        ("Min Available", 0, _at("spec.minAvailable", "N/A")),
        ("Max Unavailable", 0, _at("spec.maxUnavailable", "N/A")),
        ("Allowed Disruptions", 0, _at("status.disruptionsAllowed", 0)),
        _AGED,
    ),
}


def _custom(kind: Kind) -> tuple[Column, ...]:
    """Return the columns of a kind that has none of its own here: name, what its definition says, and age."""
    said = tuple((name, 0, _at(path.lstrip("."), "")) for name, path in kind.columns)
    created: Column = ("Created At", 0, _at("metadata.creationTimestamp"))
    return (_NAME, *said, _AGED if kind.custom else created)

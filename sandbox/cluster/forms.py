"""What the server adds to objects of a kind, and what it does not take."""

import copy
import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sandbox.cluster.kinds import Kind
from sandbox.cluster.kubelet.quantities import quantity
from sandbox.cluster.refusals import Refused, invalid
from sandbox.cluster.selectors import structured

Thing = dict[str, Any]
_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")
_RULE = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'"


def formed(kind: Kind, thing: Thing, before: Thing | None = None) -> Thing:
    """Return an object with its defaults. Raises Refused when it is not as its kind must be."""
    name = str(thing["metadata"].get("name") or "")
    fault = next(_faults(kind, thing, before), None)
    if fault:
        raise invalid(kind, name, fault)
    form = _FORMS.get(kind.plural)
    return form(copy.deepcopy(thing)) if form else thing


def _faults(kind: Kind, thing: Thing, before: Thing | None) -> Iterator[str]:
    meta, spec = thing["metadata"], thing.get("spec") or {}
    if not _NAME.fullmatch(meta.get("name") or meta.get("generateName", "") + "x"):
        yield f'metadata.name: Invalid value: "{meta.get("name", "")}": {_RULE}'
    if isinstance(spec.get("replicas"), int) and spec["replicas"] < 0:
        yield f"spec.replicas: Invalid value: {spec['replicas']}: must be greater than or equal to 0"
    if kind.plural == "jobs" and before and _essence(before) != _essence(thing):
        yield "spec.template: Invalid value: field is immutable"
    if kind.plural == "pods":
        yield from _pod_faults(spec, "spec")
    elif kind.plural in _TEMPLATED:
        yield from _template_faults(kind, spec, before)


def _template_faults(kind: Kind, spec: Thing, before: Thing | None) -> Iterator[str]:
    template = spec.get("template")
    if not isinstance(template, dict):
        yield "spec.template: Required value"
        return
    if kind.plural != "jobs":
        labels = (template.get("metadata") or {}).get("labels") or {}
        if not spec.get("selector"):
            yield "spec.selector: Required value"
        elif not structured(spec["selector"])(labels):
            yield f"spec.template.metadata.labels: Invalid value: {labels}: `selector` does not match template `labels`"
        elif before and before["spec"].get("selector") != spec["selector"]:
            yield f"spec.selector: Invalid value: {spec['selector']}: field is immutable"
    yield from _pod_faults(template.get("spec") or {}, "spec.template.spec")


def _pod_faults(pod: Thing, path: str) -> Iterator[str]:
    containers = pod.get("containers") or []
    if not containers:
        yield f"{path}.containers: Required value"
    for at, container in enumerate(containers):
        where = f"{path}.containers[{at}]"
        if not container.get("name"):
            yield f"{where}.name: Required value"
        if not container.get("image"):
            yield f"{where}.image: Required value"
        yield from _resource_faults(container.get("resources") or {}, f"{where}.resources")


def _resource_faults(resources: Thing, path: str) -> Iterator[str]:
    limits = {name: _amount(value) for name, value in (resources.get("limits") or {}).items()}
    for name, value in (resources.get("requests") or {}).items():
        if _amount(value) > limits.get(name, math.inf):
            yield f'{path}.requests: Invalid value: "{value}": must be less than or equal to {name} limit'


def _amount(value: str | float) -> float:
    """Return a quantity. Raises Refused (400), as the real server does, which cannot even read such an object."""
    try:
        return quantity(value)
    except ValueError as error:
        raise Refused(400, "BadRequest", str(error)) from None


def _essence(job: Thing) -> tuple[Any, Any]:
    pod = job["spec"]["template"]["spec"]
    return [(one.get("image"), one.get("command"), one.get("env")) for one in pod["containers"]], job["spec"].get(
        "selector"
    )


def _pod(thing: Thing) -> Thing:
    _pod_spec(thing["spec"])
    thing["spec"].setdefault("serviceAccountName", "default")
    thing.setdefault("status", {}).setdefault("phase", "Pending")
    thing["status"].setdefault("qosClass", "Burstable" if _has_resources(thing["spec"]) else "BestEffort")
    return thing


def _has_resources(spec: Thing) -> bool:
    return any(one.get("resources") for one in spec["containers"])


def _pod_spec(spec: Thing) -> None:
    for key, value in {
        "restartPolicy": "Always",
        "terminationGracePeriodSeconds": 30,
        "dnsPolicy": "ClusterFirst",
        "securityContext": {},
        "schedulerName": "default-scheduler",
    }.items():
        spec.setdefault(key, value)
    for container in spec["containers"]:
        tag = container["image"].rsplit("/", 1)[-1].partition(":")[2]
        pull = "Always" if tag in {"", "latest"} else "IfNotPresent"
        container.setdefault("imagePullPolicy", pull)
        container.setdefault("resources", {})
        container.setdefault("terminationMessagePath", "/dev/termination-log")
        container.setdefault("terminationMessagePolicy", "File")
        for port in container.get("ports") or []:
            port.setdefault("protocol", "TCP")


def _template(thing: Thing) -> Thing:
    template = thing["spec"]["template"]
    template.setdefault("metadata", {}).setdefault("creationTimestamp", None)
    _pod_spec(template["spec"])
    return thing


def _deployment(thing: Thing) -> Thing:
    spec = _template(thing)["spec"]
    rolling = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}}
    for key, value in {
        "replicas": 1,
        "strategy": rolling,
        "revisionHistoryLimit": 10,
        "progressDeadlineSeconds": 600,
    }.items():
        spec.setdefault(key, value)
    if spec["strategy"].get("type") == "RollingUpdate":
        spec["strategy"].setdefault("rollingUpdate", rolling["rollingUpdate"])
    thing.setdefault("status", {})
    return thing


def _replicated(thing: Thing) -> Thing:
    _template(thing)["spec"].setdefault("replicas", 1)
    thing.setdefault("status", {"replicas": 0})
    return thing


def _job(thing: Thing) -> Thing:
    spec = _template(thing)["spec"]
    spec.setdefault("parallelism", 1)
    spec.setdefault("completions", 1)
    spec.setdefault("backoffLimit", 6)
    thing.setdefault("status", {})
    return thing


def _autoscaler(thing: Thing) -> Thing:
    thing["spec"].setdefault("minReplicas", 1)
    thing.setdefault("status", {"currentReplicas": 0, "desiredReplicas": 0})
    return thing


def _service(thing: Thing) -> Thing:
    spec = thing["spec"]
    spec.setdefault("type", "ClusterIP")
    spec.setdefault("sessionAffinity", "None")
    for port in spec.get("ports") or []:
        port.setdefault("protocol", "TCP")
        port.setdefault("targetPort", port["port"])
    thing.setdefault("status", {"loadBalancer": {}})
    return thing


def _secret(thing: Thing) -> Thing:
    import base64

    plain = thing.pop("stringData", None) or {}
    encoded = {key: base64.b64encode(value.encode()).decode() for key, value in plain.items()}
    thing["data"] = {**(thing.get("data") or {}), **encoded}
    thing.setdefault("type", "Opaque")
    return thing


def _namespace(thing: Thing) -> Thing:
    thing.setdefault("spec", {"finalizers": ["kubernetes"]})
    thing.setdefault("status", {"phase": "Active"})
    return thing


def _quota(thing: Thing) -> Thing:
    hard = thing["spec"].get("hard") or {}
    thing["status"] = {"hard": hard, "used": dict.fromkeys(hard, "0")}
    return thing


def _definition(thing: Thing) -> Thing:
    """A definition holds from the moment that it is made."""
    conditions = [{"type": kind, "status": "True", "reason": kind} for kind in ("NamesAccepted", "Established")]
    thing["status"] = {"conditions": conditions, "acceptedNames": thing["spec"]["names"]}
    return thing


_TEMPLATED = frozenset({"deployments", "replicasets", "statefulsets", "daemonsets", "jobs"})
_FORMS: Mapping[str, Callable[[Thing], Thing]] = {
    "pods": _pod,
    "deployments": _deployment,
    "replicasets": _replicated,
    "statefulsets": _replicated,
    "daemonsets": _template,
    "jobs": _job,
    "horizontalpodautoscalers": _autoscaler,
    "services": _service,
    "secrets": _secret,
    "namespaces": _namespace,
    "resourcequotas": _quota,
    "customresourcedefinitions": _definition,
}

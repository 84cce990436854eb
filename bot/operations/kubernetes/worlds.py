"""What must still be so when a change is carried out: what objects are meant to be, not what they happen to be.

A resourceVersion moves with every status, and a Deployment's generation with every annotation; an approval is void
when the object is another one or is meant to be something else, and only then.
"""

import hashlib
import json
from collections.abc import Collection
from typing import Any

from bot.operations.kubernetes.connection import Json
from bot.operations.kubernetes.draining import NODES
from bot.operations.kubernetes.resources import Resource
from bot.operations.kubernetes.rollouts import Revision, called
from bot.operations.kubernetes.session import REQUEST

_WRITTEN = ("deployment.kubernetes.io/", "node.alpha.kubernetes.io/", "volumes.kubernetes.io/", REQUEST)
"""How the annotations begin that controllers write, and our own."""
_BOOKKEEPING = ("metadata", "status", "kind", "apiVersion")


def world(resource: Resource, item: Json) -> dict[str, str]:
    """Return what a change of an object depends on, by names that people understand."""
    name = called(resource, item)
    return {**identity(resource, item), **{f"{name}: {key}": value for key, value in _meant(resource, item).items()}}


def identity(resource: Resource, item: Json) -> dict[str, str]:
    """Return which object it is: one that was made again under its name is another."""
    meta = item["metadata"]
    return {called(resource, item): f"made at {meta.get('creationTimestamp')} with uid {meta['uid']}"}


def marks(resource: Resource, item: Json, what: str, keys: Collection[str]) -> dict[str, str]:
    """Return the labels or annotations of these keys; of a long value only its digest."""
    held = item["metadata"].get(what) or {}
    said = {key: held.get(key, "not set") for key in keys}
    name = called(resource, item)
    return {f"{name}: {key}": value if len(value) <= 63 else digest(value) for key, value in said.items()}


def moved(resource: Resource, before: Json, now: Json) -> bool:
    """Whether somebody meant something else of an object in the meantime; its status does not count."""
    return (world(resource, before), _said(before)) != (world(resource, now), _said(now))


def _said(item: Json) -> Json:
    """Return the labels and annotations that people write."""
    meta = item["metadata"]
    annotations = meta.get("annotations") or {}
    return meta.get("labels") or {}, {key: value for key, value in annotations.items() if not key.startswith(_WRITTEN)}


def back_to(resource: Resource, item: Json, revision: Revision) -> dict[str, str]:
    """Return the revision that an undo goes to."""
    return {f"{called(resource, item)}: revision {revision.number}": f"{revision.image} ({digest(revision.template)})"}


def pod_template(item: Json) -> Json:
    """Return the pod template of a workload; None when it has none."""
    spec = item.get("spec") or {}
    inner = (spec.get("jobTemplate") or {}).get("spec") or spec
    template = inner.get("template")
    return template if isinstance(template, dict) else None


def digest(value: Any) -> str:
    """Return ten characters that are others when the value is another."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:10]


def counted(count: int, noun: str) -> str:
    """Return a number of things: `1 pod`, `3 pods`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _meant(resource: Resource, item: Json) -> dict[str, str]:
    if resource == NODES:
        return {"new pods": "not taken" if item["spec"].get("unschedulable") else "taken"}
    if resource.plural in ("pods", "namespaces"):
        return {}
    if pod_template(item) is None:
        return {"contents": digest({key: value for key, value in item.items() if key not in _BOOKKEEPING})}
    return _workload(item)


def _workload(item: Json) -> dict[str, str]:
    spec, template = item["spec"], pod_template(item)
    images = ", ".join(f"{one['name']}: {one.get('image')}" for one in template["spec"]["containers"])
    told = ("replicas", "paused", "template")
    others = {key: value for key, value in spec.items() if key not in told}
    replicas = {"replicas": str(spec["replicas"])} if "replicas" in spec else {}
    return {
        **replicas,
        "rollout": "paused" if spec.get("paused") else "not paused",
        "pod template": f"{images} ({digest(template)})",
        "other settings": digest(others),
    }

"""What controllers do in common: make pods, let them go, tell of it as events, find what belongs to whom."""

import itertools
import time
import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sandbox.cluster.forms import formed
from sandbox.cluster.kinds import Kind
from sandbox.cluster.kubelet.moments import moment, stamp
from sandbox.cluster.kubelet.quantities import quantity
from sandbox.cluster.refusals import Refused, forbidden
from sandbox.cluster.store import Store

Thing = dict[str, Any]
_LETTERS = "bcdfghjklmnpqrstvwxz2456789"  # those of Kubernetes: no word comes about by chance
_names = itertools.count(7_654_321)


def suffix(length: int = 5) -> str:
    """Return the end of a name: never the same again, and always the same row of them."""
    number, text = next(_names) * 48_271 % 2_147_483_647, ""
    for _ in range(length):
        number, at = divmod(number, len(_LETTERS))
        text += _LETTERS[at]
    return text


def owned(things: Iterable[Thing]) -> dict[str, list[Thing]]:
    """Return objects by the uid of the one that controls them."""
    found: dict[str, list[Thing]] = defaultdict(list)
    for thing in things:
        for owner in thing["metadata"].get("ownerReferences") or []:
            if owner.get("controller"):
                found[owner["uid"]].append(thing)
    return found


def reference(kind: Kind, owner: Thing) -> Thing:
    """Return the reference by which an owner controls what it made."""
    meta = owner["metadata"]
    return {
        "apiVersion": kind.api_version,
        "kind": kind.kind,
        "name": meta["name"],
        "uid": meta["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }


def tell(store: Store, kind: Kind, about: Thing, what: str, reason: str, message: str, source: str = "") -> None:
    """Record an event; one that says the same as an earlier one counts on that one."""
    events = store.kinds.get("events")
    meta, now = about["metadata"], stamp(time.time())
    namespace = meta.get("namespace") or "default"
    for event in store.each("events"):
        same = event["involvedObject"].get("uid") == meta["uid"] and event["reason"] == reason
        if same and event["message"] == message:
            store.change(events, {**event, "count": event["count"] + 1, "lastTimestamp": now})
            return
    named = {key: meta[key] for key in ("name", "uid", "resourceVersion")}
    event = {
        "metadata": {"name": f"{meta['name']}.{uuid.uuid4().hex[:16]}"},
        "involvedObject": {"kind": kind.kind, "apiVersion": kind.api_version, "namespace": namespace, **named},
        "type": what,
        "reason": reason,
        "message": message,
        "source": {"component": source or f"{kind.kind.lower()}-controller"},
        "firstTimestamp": now,
        "lastTimestamp": now,
        "count": 1,
    }
    store.add(events, store.complete(events, namespace, event))


def make_pod(store: Store, kind: Kind, owner: Thing, template: Thing, name: str, labels: Thing | None = None) -> Thing:
    """Make a pod of a template. Raises Refused when a quota is used up."""
    pods, namespace = store.kinds.get("pods"), owner["metadata"]["namespace"]
    meta = template.get("metadata") or {}
    pod = {
        "metadata": {
            "name": name,
            "labels": {**(meta.get("labels") or {}), **(labels or {})},
            "annotations": dict(meta.get("annotations") or {}),
            "ownerReferences": [reference(kind, owner)],
        },
        "spec": template["spec"],
    }
    check_quota(store, namespace, name)
    return store.add(pods, store.complete(pods, namespace, formed(pods, pod)))


def check_quota(store: Store, namespace: str, name: str) -> None:
    """Raise Refused (403) when no more pods may be in the namespace."""
    for quota in store.each("resourcequotas"):
        hard = quota["spec"].get("hard") or {}
        if quota["metadata"]["namespace"] != namespace or "pods" not in hard:
            continue
        used = sum(pod["metadata"]["namespace"] == namespace for pod in store.each("pods"))
        if used >= quantity(hard["pods"]):
            figures = f"requested: pods=1, used: pods={used}, limited: pods={hard['pods']}"
            raise forbidden("pods", name, f"exceeded quota: {quota['metadata']['name']}, {figures}")


def let_go(store: Store, pod: Thing, grace: int | None = None) -> None:
    """Ask a pod to end; one that never got a node, or has no time left, is gone at once."""
    pods, meta = store.kinds.get("pods"), pod["metadata"]
    given = pod["spec"].get("terminationGracePeriodSeconds", 30) if grace is None else grace
    if not pod["spec"].get("nodeName") or given == 0:
        store.remove(pods, pod)
    elif not meta.get("deletionTimestamp"):
        moment_of_end = stamp(time.time() + given)
        store.mark(pods, pod, deletionTimestamp=moment_of_end, deletionGracePeriodSeconds=given)


def is_ready(pod: Thing) -> bool:
    """Whether a pod takes part: its Ready condition, and that it is not about to end."""
    conditions = pod.get("status", {}).get("conditions") or []
    ready = any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)
    return ready and not pod["metadata"].get("deletionTimestamp")


def is_over(pod: Thing) -> bool:
    """Whether a pod has ended."""
    return pod.get("status", {}).get("phase") in {"Succeeded", "Failed"}


def condition(kind: str, holds: str, reason: str, message: str) -> Thing:
    """Return a condition that came about now."""
    now = stamp(time.time())
    said = {key: text for key, text in (("reason", reason), ("message", message)) if text}
    return {"type": kind, "status": holds, **said, "lastUpdateTime": now, "lastTransitionTime": now}


def with_conditions(status: Thing, fresh: Iterable[Thing]) -> list[Thing]:
    """Return the conditions of a status with fresh ones in it; one that says what it said keeps its times."""
    known = {one["type"]: one for one in status.get("conditions") or []}
    for one in fresh:
        before = known.get(one["type"])
        same = before is not None and all(before.get(key) == one.get(key) for key in ("status", "reason", "message"))
        if before is None or not same:
            moved = before is None or before["status"] != one["status"]
            known[one["type"]] = (
                one if moved or before is None else {**one, "lastTransitionTime": before["lastTransitionTime"]}
            )
    return list(known.values())


def set_status(store: Store, kind: Kind, thing: Thing, status: Thing) -> None:
    """Put a status, if it is another than before."""
    if thing.get("status") != status:
        store.change(kind, {**thing, "status": status})


def age_of(thing: Thing) -> float:
    """Return for how many seconds an object has been there."""
    return time.time() - moment(thing["metadata"]["creationTimestamp"])


__all__ = [
    "Refused", "age_of", "check_quota", "condition", "is_over", "is_ready", "let_go", "make_pod", "owned", "reference",
    "set_status", "suffix", "tell", "with_conditions",
]  # fmt: skip

"""The status of a Deployment: its counts, and whether it gets further."""

import time
from typing import Any

from sandbox.cluster.control.hands import condition, with_conditions
from sandbox.cluster.kubelet.moments import moment

Thing = dict[str, Any]


def status(one: Thing, sets: list[Thing], current: Thing | None) -> Thing:
    """Return the status of a Deployment with these ReplicaSets, of which one has the present template."""
    before, wanted = one.get("status") or {}, one["spec"]["replicas"]
    replicas, ready = _sum(sets, "replicas"), _sum(sets, "readyReplicas")
    updated = _sum([current] if current else [], "replicas")
    counts = {
        "replicas": replicas,
        "updatedReplicas": updated,
        "readyReplicas": ready,
        "availableReplicas": ready,
        "unavailableReplicas": max(0, max(wanted, replicas) - ready),
    }
    now = {
        "observedGeneration": one["metadata"]["generation"],
        **{key: value for key, value in counts.items() if value},
    }
    fresh = [_available(one, ready)]
    if current is not None and not one["spec"].get("paused"):
        fresh.append(_progressing(one, current, before, counts))
    now["conditions"] = with_conditions(before, fresh)
    return now


def _sum(sets: list[Thing], key: str) -> int:
    return sum(one.get("status", {}).get(key, 0) for one in sets)


def _available(one: Thing, ready: int) -> Thing:
    spec = one["spec"]
    rolling = (spec["strategy"].get("rollingUpdate") or {}).get("maxUnavailable", "25%")
    spare = rolling if isinstance(rolling, int) else int(rolling.removesuffix("%")) * spec["replicas"] // 100
    if ready >= spec["replicas"] - spare:
        return condition("Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.")
    message = "Deployment does not have minimum availability."
    return condition("Available", "False", "MinimumReplicasUnavailable", message)


def _progressing(one: Thing, current: Thing, before: Thing, counts: Thing) -> Thing:
    name, wanted = current["metadata"]["name"], one["spec"]["replicas"]
    there = (counts["updatedReplicas"], counts["replicas"], counts["availableReplicas"])
    if there == (wanted,) * 3:
        message = f'ReplicaSet "{name}" has successfully progressed.'
        return condition("Progressing", "True", "NewReplicaSetAvailable", message)
    known = _known(before)
    if known and known["reason"] == "NewReplicaSetAvailable" and _seen(one, before):
        return known  # what was rolled out stays so, whatever becomes of its pods
    if _stuck(one, before, counts):
        return condition(
            "Progressing", "False", "ProgressDeadlineExceeded", f'ReplicaSet "{name}" has timed out progressing.'
        )
    step = f"{counts['updatedReplicas']}/{counts['availableReplicas']}"
    message = f'ReplicaSet "{name}" is progressing ({step}).'
    return condition("Progressing", "True", "ReplicaSetUpdated", message)


def _stuck(one: Thing, before: Thing, counts: Thing) -> bool:
    """Whether nothing has come any further for longer than it may take."""
    known = _known(before)
    if known is None or not _seen(one, before):
        return False
    if known["reason"] == "ProgressDeadlineExceeded":
        return not any(before.get(key, 0) != counts[key] for key in ("updatedReplicas", "availableReplicas"))
    waited = time.time() - moment(known["lastUpdateTime"])
    return waited > float(one["spec"].get("progressDeadlineSeconds", 600))


def _known(before: Thing) -> Thing | None:
    return next((found for found in before.get("conditions") or [] if found["type"] == "Progressing"), None)


def _seen(one: Thing, before: Thing) -> bool:
    observed, present = before.get("observedGeneration", 0), one["metadata"]["generation"]
    return int(observed) == int(present)

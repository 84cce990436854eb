"""Jobs: a pod until one has done the work, or too many have failed, or the time is over."""

import time
from typing import Any

from sandbox.cluster.control.hands import (
    condition,
    is_over,
    let_go,
    make_pod,
    owned,
    set_status,
    suffix,
    tell,
    with_conditions,
)
from sandbox.cluster.kubelet.moments import moment, stamp
from sandbox.cluster.refusals import Refused
from sandbox.cluster.store import Store

Thing = dict[str, Any]


def sync(store: Store) -> None:
    """Bring every Job a step further."""
    pods = owned(store.each("pods"))
    for job in store.each("jobs", "batch"):
        _sync(store, job, pods.get(job["metadata"]["uid"], []))


def _sync(store: Store, job: Thing, pods: list[Thing]) -> None:
    kind, spec = store.kinds.get("jobs", "batch"), job["spec"]
    status = dict(job.get("status") or {})
    if any(one["status"] == "True" for one in status.get("conditions") or []):
        return _tidy(store, job, status)
    status.setdefault("startTime", stamp(time.time()))
    done = [pod for pod in pods if pod["status"].get("phase") == "Succeeded"]
    failed = [pod for pod in pods if pod["status"].get("phase") == "Failed" or _taken(pod)]
    running = [pod for pod in pods if not is_over(pod) and not _taken(pod)]
    status |= {
        "succeeded": max(len(done), status.get("succeeded", 0)),
        "failed": max(len(failed), status.get("failed", 0)),
    }
    verdict = _verdict(job, status)
    if verdict:
        for pod in running:
            let_go(store, pod)
        status["conditions"] = with_conditions(status, [verdict])
        if verdict["type"] == "Complete":
            status["completionTime"] = stamp(time.time())
        what = "Normal" if verdict["type"] == "Complete" else "Warning"
        tell(store, kind, job, what, verdict.get("reason", "Completed"), verdict.get("message", "Job completed"))
        running = []
    elif not running and not spec.get("suspend") and not job["metadata"].get("deletionTimestamp"):
        running = _started(store, job)
    status["active"] = len(running)
    kept = {key: value for key, value in status.items() if value}
    set_status(store, kind, job, kept)
    return None


def _taken(pod: Thing) -> bool:
    return bool(pod["metadata"].get("deletionTimestamp"))


def _verdict(job: Thing, status: Thing) -> Thing | None:
    """Return the condition that ends a Job, if it is to end."""
    spec = job["spec"]
    if status["succeeded"] >= spec["completions"]:
        return condition("Complete", "True", "", "")
    if status["failed"] > spec["backoffLimit"]:
        message = "Job has reached the specified backoff limit"
        return condition("Failed", "True", "BackoffLimitExceeded", message)
    limit = spec.get("activeDeadlineSeconds")
    if limit is not None and time.time() - moment(status["startTime"]) >= limit:
        message = "Job was active longer than specified deadline"
        return condition("Failed", "True", "DeadlineExceeded", message)
    return None


def _started(store: Store, job: Thing) -> list[Thing]:
    kind, name = store.kinds.get("jobs", "batch"), f"{job['metadata']['name']}-{suffix()}"
    labels = {"job-name": job["metadata"]["name"], "controller-uid": job["metadata"]["uid"]}
    try:
        pod = make_pod(store, kind, job, job["spec"]["template"], name, labels)
    except Refused as refused:
        tell(store, kind, job, "Warning", "FailedCreate", f"Error creating: {refused.message}")
        return []
    tell(store, kind, job, "Normal", "SuccessfulCreate", f"Created pod: {name}")
    return [pod]


def _tidy(store: Store, job: Thing, status: Thing) -> None:
    """Remove a Job that ended longer ago than it is to be kept."""
    kept, ended = job["spec"].get("ttlSecondsAfterFinished"), status["conditions"][-1]["lastTransitionTime"]
    if kept is not None and time.time() - moment(ended) > kept:
        store.remove(store.kinds.get("jobs", "batch"), job)

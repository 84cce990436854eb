"""What `kubectl get pods` says of a pod."""

from typing import Any

Thing = dict[str, Any]


def pod_status(pod: Thing) -> str:
    """Return the word for how a pod is: the first trouble of a container, else its reason or phase."""
    status = pod.get("status", {})
    word = str(status.get("reason") or status.get("phase") or "Unknown")
    for container in reversed(status.get("containerStatuses") or []):
        word = _container_word(container) or word
    if pod["metadata"].get("deletionTimestamp"):
        return "Terminating"
    return word


def _container_word(container: Thing) -> str:
    state = container.get("state") or {}
    if reason := (state.get("waiting") or {}).get("reason"):
        return str(reason)
    ended = state.get("terminated")
    if ended is None:
        return ""
    return str(ended.get("reason") or f"ExitCode:{ended.get('exitCode')}")


def restarts(pod: Thing) -> int:
    """Return how often the containers of a pod were restarted."""
    return sum(one.get("restartCount", 0) for one in pod.get("status", {}).get("containerStatuses") or [])

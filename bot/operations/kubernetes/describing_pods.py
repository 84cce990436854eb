"""What is said of pods and their templates: containers with state, reason, exit code and restarts."""

from collections.abc import Iterator, Mapping

from bot.operations.kubernetes.connection import Json

Lines = Iterator[str]


def pod_lines(pod: Json) -> Lines:
    """Describe a pod."""
    spec, status = pod["spec"], pod.get("status") or {}
    yield _field("Node", spec.get("nodeName") or "<none>")
    yield _field("Status", status.get("reason") or status.get("phase") or "Unknown")
    if status.get("message"):
        yield _field("Message", " ".join(status["message"].split()))
    yield _field("IP", status.get("podIP") or "<none>")
    known = {
        one["name"]: one
        for one in [*(status.get("initContainerStatuses") or []), *(status.get("containerStatuses") or [])]
    }
    for title, key in (("Init Containers:", "initContainers"), ("Containers:", "containers")):
        if spec.get(key):
            yield title
            for container in spec[key]:
                yield from _container(container, known.get(container["name"]))
    conditions = [f"{one['type']}={one['status']}" for one in status.get("conditions") or []]
    yield _field("Conditions", ", ".join(conditions) or "<none>")


def template_lines(template: Json) -> Lines:
    """Describe the containers that a workload makes."""
    yield "Containers:"
    for container in template["spec"]["containers"]:
        yield from _container(container, None)


def _container(container: Json, status: Json | None) -> Lines:
    yield f"  {container['name']}:"
    yield f"    Image:          {container.get('image', '<none>')}"
    if status is not None:
        yield f"    State:          {state(status.get('state') or {})}"
        if status.get("lastState"):
            yield f"    Last State:     {state(status['lastState'])}"
        yield f"    Ready:          {str(bool(status.get('ready'))).lower()}"
        yield f"    Restarts:       {status.get('restartCount', 0)}"
    resources = container.get("resources") or {}
    for title, key in (("Limits", "limits"), ("Requests", "requests")):
        if resources.get(key):
            yield f"    {title + ':':<16}{_pairs(resources[key])}"
    for title, key in (("Liveness", "livenessProbe"), ("Readiness", "readinessProbe")):
        if container.get(key):
            yield f"    {title + ':':<16}{_probe(container[key])}"
    if names := [one["name"] for one in container.get("env") or []]:
        yield f"    Environment:    {', '.join(names)}"


def state(one: Json) -> str:
    """Return the state of a container in words: running since when, or why it waits or ended and with which code."""
    if running := one.get("running"):
        return f"Running since {running.get('startedAt', '?')}"
    if waiting := one.get("waiting"):
        message = " ".join((waiting.get("message") or "").split())
        return f"Waiting: {waiting.get('reason', 'unknown')}{f' ({message})' if message else ''}"
    if ended := one.get("terminated"):
        when = f" at {ended['finishedAt']}" if ended.get("finishedAt") else ""
        return f"Terminated: {ended.get('reason', 'unknown')}, exit code {ended.get('exitCode', '?')}{when}"
    return "unknown"


def _probe(probe: Json) -> str:
    if get := probe.get("httpGet"):
        what = f"GET {get.get('path', '/')} on {get.get('port')}"
    elif tcp := probe.get("tcpSocket"):
        what = f"connect to {tcp.get('port')}"
    else:
        what = "command"
    return f"{what} every {probe.get('periodSeconds', 10)} s, {probe.get('failureThreshold', 3)} failures"


def _field(title: str, value: str) -> str:
    return f"{title + ':':<15}{value}"


def _pairs(values: Mapping[str, object]) -> str:
    return ", ".join(f"{key}={value}" for key, value in sorted(values.items()))

"""`kubectl describe`: what an engineer looks for in an object, and its last events; no secret values."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from bot.operations.kubernetes import pods as podlike
from bot.operations.kubernetes.connection import Json
from bot.operations.kubernetes.describing_pods import Lines, pod_lines, template_lines
from bot.operations.kubernetes.listing import yaml_text
from bot.operations.kubernetes.nouns import Describe
from bot.operations.kubernetes.printing import table_text
from bot.operations.kubernetes.quantities import age, moment
from bot.operations.kubernetes.resources import Resource
from bot.operations.kubernetes.session import Session
from bot.operations.output import Output, Table

_EVENTS = 10
_MOST = 20
"""Objects that are described for one command."""
_WORKLOADS = {"deployments", "statefulsets", "daemonsets", "replicasets"}
_EVENT = Resource("", "v1", "events", "Event")


async def describe(session: Session, operation: Describe) -> Output:
    """Carry out `kubectl describe`."""
    found = await session.selected(operation.things, operation.labels)
    if not found:
        await session.check_namespace()
    if len(found) > _MOST:
        session.cut.append(f"all but the first {_MOST} of {len(found)}")
    texts = await asyncio.gather(*(_one(session, resource, item) for resource, item in found[:_MOST]))
    facts = {"count": float(len(found))}
    return Output("\n\n".join(texts), facts=facts, cut="; ".join(session.cut))


async def _one(session: Session, resource: Resource, item: Json) -> str:
    events = _last_events(session, resource, item)
    pods = _pods(session, resource, item)
    happened, around = await asyncio.gather(events, pods)
    lines = [*_head(item), *_body(resource, item), *around, *happened]
    return "\n".join(lines)


def _head(item: Json) -> Lines:
    meta = item["metadata"]
    created = moment(meta.get("creationTimestamp"))
    yield from _field("Name", meta["name"])
    if meta.get("namespace"):
        yield from _field("Namespace", meta["namespace"])
    yield from _field("Created", f"{meta.get('creationTimestamp')} ({age(created, datetime.now(UTC))} ago)")
    yield from _field("Labels", _pairs(meta.get("labels")))
    owners = [f"{one['kind']}/{one['name']}" for one in meta.get("ownerReferences") or []]
    if owners:
        yield from _field("Controlled By", ", ".join(owners))
    if meta.get("deletionTimestamp"):
        yield from _field("Terminating", f"since {meta['deletionTimestamp']}")


def _body(resource: Resource, item: Json) -> Lines:
    describer = _BODIES.get(resource.plural)
    if describer is not None:
        return describer(item)
    return _any(item)


def _workload(item: Json) -> Lines:
    spec, status = item["spec"], item.get("status") or {}
    desired = status.get("desiredNumberScheduled", spec.get("replicas", 0))
    updated = status.get("updatedReplicas", status.get("updatedNumberScheduled", 0))
    available = status.get("availableReplicas", status.get("numberAvailable", 0))
    ready = status.get("readyReplicas", status.get("numberReady", 0))
    text = f"{desired} desired, {updated} updated, {ready} ready, {available} available"
    yield from _field("Replicas", text)
    if spec.get("paused"):
        yield from _field("Paused", "true")
    annotations = item["metadata"].get("annotations") or {}
    for title, key in (("Revision", "deployment.kubernetes.io/revision"), ("Cause", "kubernetes.io/change-cause")):
        if key in annotations:
            yield from _field(title, annotations[key])
    yield from _field("Strategy", (spec.get("strategy") or spec.get("updateStrategy") or {}).get("type", "<none>"))
    yield from template_lines(spec["template"])
    yield from _conditions(status)


def _node(item: Json) -> Lines:
    spec, status = item["spec"], item.get("status") or {}
    yield from _field("Unschedulable", str(bool(spec.get("unschedulable"))).lower())
    taints = [f"{one['key']}={one.get('value', '')}:{one['effect']}" for one in spec.get("taints") or []]
    yield from _field("Taints", ", ".join(taints) or "<none>")
    yield from _field("Capacity", _pairs(status.get("capacity")))
    yield from _field("Allocatable", _pairs(status.get("allocatable")))
    yield from _field("Kubelet", (status.get("nodeInfo") or {}).get("kubeletVersion", "<unknown>"))
    yield from _conditions(status)


def _service(item: Json) -> Lines:
    spec = item["spec"]
    yield from _field("Type", spec.get("type", "ClusterIP"))
    yield from _field("IP", spec.get("clusterIP") or spec.get("externalName") or "<none>")
    ports = [
        f"{one['port']}/{one.get('protocol', 'TCP')} to {one.get('targetPort')}" for one in spec.get("ports") or []
    ]
    yield from _field("Ports", ", ".join(ports) or "<none>")
    yield from _field("Selector", _pairs(spec.get("selector")))


def _keys(item: Json) -> Lines:
    """Say which keys a secret or ConfigMap has and how large they are, never what they hold."""
    held = {**(item.get("data") or {}), **(item.get("binaryData") or {})}
    yield "Keys:"
    for key, value in sorted(held.items()):
        size = len(value) * 3 // 4 if item.get("type") else len(value.encode())
        yield f"  {key}: {size} bytes"
    if not held:
        yield "  <none>"


def _any(item: Json) -> Lines:
    for part in ("spec", "status"):
        if item.get(part):
            yield f"{part.title()}:"
            yield from (f"  {line}" for line in yaml_text(item[part]).splitlines())


_BODIES: Mapping[str, Callable[[Json], Lines]] = {
    "pods": pod_lines,
    "nodes": _node,
    "services": _service,
    "secrets": _keys,
    "configmaps": _keys,
    **dict.fromkeys(_WORKLOADS, _workload),
}


def _conditions(status: Json) -> Iterator[str]:
    rows = [
        (one["type"], one["status"], one.get("reason") or "", " ".join((one.get("message") or "").split()))
        for one in status.get("conditions") or []
    ]
    if rows:
        yield "Conditions:"
        yield from _indented(Table(("Type", "Status", "Reason", "Message"), tuple(rows)))


def _indented(table: Table) -> Iterator[str]:
    return (f"  {line}" for line in table_text(table).splitlines())


async def _pods(session: Session, resource: Resource, item: Json) -> Sequence[str]:
    """Return lines about the pods of a workload that are not ready, or of a node how many it has."""
    if resource.plural not in _WORKLOADS:
        return []
    pods = await podlike.of_workload(session, item)
    waiting = [
        (pod["metadata"]["name"], podlike.trouble(pod) or "starting") for pod in pods if not podlike.is_ready(pod)
    ]
    head = f"{'Pods:':<15}{len(pods)}, {len(pods) - len(waiting)} of them ready"
    return [head, *(f"  {name}: {why}" for name, why in waiting[:10])]


async def _last_events(session: Session, resource: Resource, item: Json) -> Sequence[str]:
    meta = item["metadata"]
    namespace = meta.get("namespace") or ("default" if resource.plural == "nodes" else "")
    fields = f"involvedObject.name={meta['name']},involvedObject.kind={resource.kind}"
    found: list[Json] = []

    def take(page: Json) -> bool:
        found.extend(page.get("items") or [])
        return False

    await session.pages(_EVENT, [("fieldSelector", fields)], take, namespace=namespace)
    return event_lines(found)


def event_lines(events: Iterable[Json], most: int = _EVENTS) -> list[str]:
    """Return the last events, the newest at the end; core/v1 events, whose time may be in any of three places."""
    dated = sorted(((_time(event), event) for event in events), key=lambda pair: pair[0])
    if not dated:
        return [f"{'Events:':<15}<none>"]
    now = datetime.now(UTC)
    rows = [
        (
            event.get("type") or "Normal",
            event.get("reason") or "",
            age(at, now) + (f" (x{event['count']})" if (event.get("count") or 1) > 1 else ""),
            " ".join((event.get("message") or "").split()),
        )
        for at, event in dated[-most:]
    ]
    return ["Events:", *_indented(Table(("Type", "Reason", "Age", "Message"), tuple(rows)))]


def _time(event: Json) -> datetime:
    times = (event.get("lastTimestamp"), event.get("eventTime"), event["metadata"].get("creationTimestamp"))
    return next((found for found in map(moment, times) if found), datetime.min.replace(tzinfo=UTC))


def _field(title: str, value: str) -> Iterator[str]:
    yield f"{title + ':':<15}{value}"


def _pairs(values: Mapping[str, object] | None) -> str:
    return ", ".join(f"{key}={value}" for key, value in sorted((values or {}).items())) or "<none>"

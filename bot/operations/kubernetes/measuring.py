"""`kubectl top`: what pods and nodes use, from the metrics API."""

from collections.abc import Iterable

from bot.operations.kubernetes.connection import Json
from bot.operations.kubernetes.faults import ClusterRefused, Overloaded
from bot.operations.kubernetes.nouns import Top
from bot.operations.kubernetes.printing import table_text
from bot.operations.kubernetes.quantities import amount, cpu, memory
from bot.operations.kubernetes.resources import Resource
from bot.operations.kubernetes.session import Session
from bot.operations.output import Output, Table

_GROUP, _VERSION = "metrics.k8s.io", "v1beta1"
_NODES = Resource("", "v1", "nodes", "Node", namespaced=False)
_PODS = Resource("", "v1", "pods", "Pod")

Measured = tuple[tuple[str, ...], float, float]
"""The names of a line, CPU in cores, memory in bytes."""


async def top(session: Session, operation: Top) -> Output:
    """Carry out `kubectl top`. Raises TargetRefused when nobody measures."""
    items = await _metrics(session, operation)
    lines = list(_nodes(items) if operation.what == "nodes" else _pods(items, operation))
    if operation.sort_by:
        by_cpu = operation.sort_by == "cpu"
        lines.sort(key=lambda line: (-(line[1] if by_cpu else line[2]), line[0]))
    else:
        lines.sort(key=lambda line: line[0])
    facts: dict[str, float | str] = {"count": float(len(lines))}
    if lines:
        facts |= {"max-cpu": max(line[1] for line in lines), "max-memory": max(line[2] for line in lines)}
    if len(lines) > session.limits.rows:
        session.cut.append(f"all but the first {session.limits.rows} rows")
        lines = lines[: session.limits.rows]
    if operation.what == "nodes":
        table = await _node_table(session, lines, facts)
    else:
        table = Table(_columns(operation), tuple((*names, cpu(cores), memory(size)) for names, cores, size in lines))
    return Output(table_text(table, headers=operation.headers), table=table, facts=facts, cut="; ".join(session.cut))


async def _metrics(session: Session, operation: Top) -> list[Json]:
    resource = Resource(_GROUP, _VERSION, operation.what, "Metrics", operation.what == "pods")
    namespace = "" if operation.everywhere else session.namespace
    path = resource.path(namespace, operation.name)
    try:
        answer = await session.read(path, [("labelSelector", operation.labels)] if operation.labels else [])
    except Overloaded as error:
        raise _nobody(error.status) from None
    except ClusterRefused as error:
        if error.status != 404:
            raise
        if not error.reason or not operation.name:
            raise _nobody(404) from None
        kind = _NODES if operation.what == "nodes" else _PODS
        await session.get(kind, operation.name)
        text = f"There are no metrics of {operation.what[:-1]} {operation.name} yet; look again in a minute."
        raise ClusterRefused(text, 404) from None
    items: list[Json] = [answer] if operation.name else answer.get("items") or []
    if not items and operation.what == "pods" and not operation.everywhere:
        await session.check_namespace()
    return items


def _nobody(status: int) -> ClusterRefused:
    return ClusterRefused("There are no metrics: metrics-server is not installed or not ready.", status)


def _columns(operation: Top) -> tuple[str, ...]:
    names = ("POD", "NAME") if operation.containers else ("NAME",)
    return (*(("NAMESPACE",) if operation.everywhere else ()), *names, "CPU(cores)", "MEMORY(bytes)")


def _pods(items: Iterable[Json], operation: Top) -> Iterable[Measured]:
    for item in items:
        meta, containers = item["metadata"], item.get("containers") or []
        where = (meta["namespace"],) if operation.everywhere else ()
        if operation.containers:
            for one in containers:
                yield (*where, meta["name"], one["name"]), *_usage([one])
        else:
            yield (*where, meta["name"]), *_usage(containers)


def _nodes(items: Iterable[Json]) -> Iterable[Measured]:
    return (((item["metadata"]["name"],), *_usage([item])) for item in items)


def _usage(parts: Iterable[Json]) -> tuple[float, float]:
    used = [part.get("usage") or {} for part in parts]
    return sum(amount(one.get("cpu", "0")) or 0.0 for one in used), sum(
        amount(one.get("memory", "0")) or 0.0 for one in used
    )


async def _node_table(session: Session, lines: Iterable[Measured], facts: dict[str, float | str]) -> Table:
    """Return the table of nodes, which says how much of what each can give is used."""
    has = {item["metadata"]["name"]: item["status"].get("allocatable") or {} for item in await session.objects(_NODES)}
    rows = []
    most = {"cpu": 0.0, "memory": 0.0}
    for (name,), cores, size in lines:
        shares = []
        for what, used in (("cpu", cores), ("memory", size)):
            whole = amount(has.get(name, {}).get(what, "")) or 0.0
            share = used / whole * 100 if whole else 0.0
            most[what] = max(most[what], share)
            shares.append(f"{int(share)}%" if whole else "<unknown>")
        rows.append((name, cpu(cores), shares[0], memory(size), shares[1]))
    facts |= {f"max-{what}-percent": round(share, 1) for what, share in most.items()}
    return Table(("NAME", "CPU(cores)", "CPU%", "MEMORY(bytes)", "MEMORY%"), tuple(rows))

"""`kubectl logs`: what containers wrote, of one pod or of several at once, and never more than is allowed."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.operations.kubernetes import pods as podlike
from bot.operations.kubernetes.connection import Json, Query, Request
from bot.operations.kubernetes.faults import ClusterRefused
from bot.operations.kubernetes.nouns import Logs
from bot.operations.kubernetes.session import Session
from bot.operations.output import Output

_SOURCES = 200
"""Containers that are read for one command."""
_NARROWINGS = 4
"""How often fewer lines are asked for until they fit."""


@dataclass(frozen=True, slots=True)
class Source:
    """A container whose log is read."""

    namespace: str
    pod: str
    container: str


@dataclass(frozen=True, slots=True)
class Piece:
    """What came of a container: its lines, and what is missing of them."""

    text: str
    cut: str = ""


async def logs(session: Session, operation: Logs) -> Output:
    """Carry out `kubectl logs`."""
    sources = await _sources(session, operation)
    if len(sources) > _SOURCES:
        session.cut.append(f"all but {_SOURCES} of the {len(sources)} containers")
        sources = sources[:_SOURCES]
    share = max(session.limits.size // max(len(sources), 1), 4096)
    pieces = await asyncio.gather(*(_piece(session, operation, source, share) for source in sources))
    prefixed = operation.prefix or len(sources) > 1
    texts = [
        _prefixed(piece.text, source) if prefixed else piece.text for source, piece in zip(sources, pieces, strict=True)
    ]
    session.cut += [piece.cut for piece in pieces if piece.cut]
    text = "".join(texts)
    facts = {"lines": float(text.count("\n")), "pods": float(len({source.pod for source in sources}))}
    return Output(text, facts=facts, cut="; ".join(session.cut))


async def _sources(session: Session, operation: Logs) -> list[Source]:
    if operation.thing is not None:
        pods: Sequence[Json] = [await podlike.one(session, operation.thing)]
    else:
        pods = await session.objects(podlike.PODS, operation.labels)
        if not pods:
            await session.check_namespace()
    return [
        Source(pod["metadata"]["namespace"], pod["metadata"]["name"], name)
        for pod in pods
        for name in _containers(session, operation, pod)
    ]


def _containers(session: Session, operation: Logs, pod: Json) -> list[str]:
    if operation.all_containers:
        spec = pod["spec"]
        return [one["name"] for one in [*(spec.get("initContainers") or []), *spec["containers"]]]
    return [podlike.container(session, pod, operation.container)]


async def _piece(session: Session, operation: Logs, source: Source, size: int) -> Piece:
    """Read one container's log; when it is too long, its end."""
    try:
        piece = await _read(session, operation, source, size)
        for attempt in range(_NARROWINGS):
            if piece is not None:
                return piece
            lines = max(size // (200 << (2 * attempt)), 1)
            tail = min(lines, operation.tail) if isinstance(operation.tail, int) else lines
            piece = await _read(session, replace(operation, tail=tail), source, size)
            if piece is not None:
                return replace(piece, cut=f"all but the last {piece.text.count(chr(10))} lines of {source.pod}")
        start = await _read(session, operation, source, size, whole=False)
        return replace(start or Piece(""), cut=f"what is behind the first {size} bytes of {source.pod}")
    except ClusterRefused as error:
        if error.status != 400 or operation.thing is not None:
            raise
        return Piece("", f"{source.pod}, which has no log: {_reason(error)}")


async def _read(session: Session, operation: Logs, source: Source, size: int, *, whole: bool = True) -> Piece | None:
    """Return a container's log; None when it is to be whole and is longer than `size` bytes."""
    path = podlike.PODS.path(source.namespace, source.pod, "log")
    query = [*_query(operation), ("container", source.container), ("limitBytes", str(size + 1))]
    answer = await session.cluster.send(Request("GET", path, query, accept="*/*", size=size + 1), session.until)
    if whole and len(answer.content) > size:
        return None
    text = answer.content[:size].decode("utf-8", "replace").replace("\0", "\ufffd")
    return Piece(text if not text or text.endswith("\n") else f"{text}\n")


def _query(operation: Logs) -> Query:
    query = []
    if operation.tail is not None:
        query.append(("tailLines", str(operation.tail)))
    if isinstance(operation.since, float):
        query.append(("sinceSeconds", str(max(round(operation.since), 1))))
    if operation.since_time:
        query.append(("sinceTime", operation.since_time))
    if operation.previous:
        query.append(("previous", "true"))
    if operation.timestamps:
        query.append(("timestamps", "true"))
    return query


def _prefixed(text: str, source: Source) -> str:
    head = f"[pod/{source.pod}/{source.container}] "
    return "".join(f"{head}{line}\n" for line in text.split("\n")[:-1])


def _reason(error: ClusterRefused) -> str:
    return str(error).removeprefix("The cluster refuses: ").rstrip(".")

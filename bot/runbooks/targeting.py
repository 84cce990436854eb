"""Which target an operation is meant for: by its kind, by its host, or by its program; and what that target fills."""

from collections.abc import Collection, Iterable, Sequence
from urllib.parse import urlsplit

from bot.operations.http.hosts import is_listed
from bot.operations.http.nouns import HttpRequest, TcpConnect
from bot.operations.job.nouns import Job
from bot.operations.operation import Operation, TargetKind
from bot.operations.postgres.door import HOST, PORT, is_own
from bot.runbooks.targets import HttpTarget, JobTarget, PostgresTarget, Target

_USUAL = {"http": 80, "https": 443}
_Door = tuple[str, int | None]
"""A host and a port; the port is None when it is not known yet."""


def kind_for(operation: Operation, targets: Iterable[Target]) -> TargetKind:
    """Return the kind of target that an operation is carried out on: that of a database for a look at its own port."""
    if isinstance(operation, TcpConnect) and is_own(operation):
        return next((target.kind for target in targets if isinstance(target, PostgresTarget)), operation.kind)
    return operation.kind


def filled_by(target: Target, operation: Operation) -> Collection[str]:
    """Return the holes of an operation that a target fills by itself, so that nobody is asked for them."""
    match target:
        case HttpTarget():
            return target.secrets_from.keys()
        case PostgresTarget() if isinstance(operation, TcpConnect):
            return (HOST, PORT)
    return ()


def meant_for(target: Target, operation: Operation) -> bool:
    """Tell whether a target of the operation's kind is the one that lists its host or its program."""
    match target:
        case HttpTarget():
            return is_among(operation, target.hosts)
        case JobTarget() if isinstance(operation, Job):
            return operation.program in target.programs
    return True


def is_among(operation: Operation, hosts: Sequence[str]) -> bool:
    """Tell whether an operation speaks to a host that is listed, by the rule of whoever carries it out.

    While its port is not known, any port that is listed will do.
    """
    door = _door(operation)
    if door is None:
        return False
    host, port = door
    if port is not None:
        return is_listed(host, port, hosts)
    return any(is_listed(host, _port(known), [known]) for known in hosts)


def host_of(operation: Operation) -> str | None:
    """Return the host that an operation speaks to, with its port unless that is the usual one; None when none is."""
    door = _door(operation)
    if door is None:
        return None
    host, port = door
    usual = _USUAL.get(urlsplit(operation.url).scheme) if isinstance(operation, HttpRequest) else None
    return host if port in (usual, None) else f"{host}:{port}"


def _door(operation: Operation) -> _Door | None:
    match operation:
        case HttpRequest(url=url):
            return _door_of_url(url)
        case TcpConnect(host=host, port=port):
            return host, port if isinstance(port, int) else None
    return None


def _door_of_url(url: str) -> _Door | None:
    try:
        parts = urlsplit(url)
        return parts.hostname or "", parts.port or _USUAL.get(parts.scheme)
    except ValueError:  # a hole where the port is
        return None


def _port(known: str) -> int:
    """Return the port of a host that is listed with one; else one that no host is listed with."""
    text = known.rpartition(":")[2]
    return int(text) if text.isdecimal() else 0

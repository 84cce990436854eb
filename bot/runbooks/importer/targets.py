"""The targets that a draft needs, from what its command lines speak to."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from bot.operations.http.nouns import TcpConnect
from bot.operations.job.nouns import Job
from bot.operations.kubernetes.changes import Apply
from bot.operations.line import Line
from bot.operations.operation import TargetKind
from bot.operations.postgres.door import is_own
from bot.runbooks.document import TODO
from bot.runbooks.targeting import host_of

_SECRET = ("token", "key", "secret", "password", "auth")
_PRIVATE = ("localhost", "127.", "10.", "192.168.")


def targets_for(lines: Iterable[Line], prefix: str) -> dict[str, Any]:
    """Return the targets as platform.yml has them; `prefix` begins the names of the environment's variables."""
    found = tuple(lines)
    doors = [line for line in found if _is_door_of_database(line)]
    kinds = {line.operation.kind for line in found if line not in doors}
    targets: dict[str, Any] = {}
    if kinds & {TargetKind.KUBERNETES, TargetKind.JOB}:
        targets["cluster"] = _cluster(found, prefix)
    if TargetKind.POSTGRES in kinds or doors:
        targets["database"] = _database(found, prefix)
    if TargetKind.REDIS in kinds:
        targets["cache"] = {"kind": "redis", "url-from": f"{prefix}_REDIS_URL"}
    if TargetKind.HTTP in kinds:
        targets["web"] = _web(found, prefix)
    if TargetKind.PROMETHEUS in kinds:
        targets["metrics"] = {"kind": "prometheus", "url-from": f"{prefix}_PROMETHEUS_URL"}
    if TargetKind.JOB in kinds:
        targets["tools"] = _tools(found)
    return targets


def is_secret(hole: str) -> bool:
    """Tell whether a hole is filled by a secret of the environment and not by a person."""
    return any(word in hole for word in _SECRET)


def _is_door_of_database(line: Line) -> bool:
    return isinstance(line.operation, TcpConnect) and is_own(line.operation)


def _cluster(lines: tuple[Line, ...], prefix: str) -> dict[str, Any]:
    named = Counter(name for line in lines if (name := getattr(line.operation, "namespace", "")) and "<" not in name)
    namespace = named.most_common(1)[0][0] if named else f"{TODO}: the namespace"
    target = {"kind": "kubernetes", "namespace": namespace}
    if any(isinstance(line.operation, Apply) for line in lines):
        target["manifests-from"] = f"{prefix}_MANIFESTS"
    return target


def _database(lines: tuple[Line, ...], prefix: str) -> dict[str, Any]:
    named = Counter(name for line in lines if (name := getattr(line.operation, "database", "")) and "<" not in name)
    target = {"kind": "postgres", "url-from": f"{prefix}_DATABASE_URL"}
    return {**target, "database": named.most_common(1)[0][0]} if named else target


def _web(lines: tuple[Line, ...], prefix: str) -> dict[str, Any]:
    http = [line for line in lines if line.operation.kind is TargetKind.HTTP]
    hosts = dict.fromkeys(host for line in http if (host := host_of(line.operation)) and not set(host) & set("<[$"))
    target: dict[str, Any] = {"kind": "http", "hosts": list(hosts) or [f"{TODO}: the hosts"]}
    if any(host.startswith(_PRIVATE) for host in hosts):
        target["private"] = True
    holes = dict.fromkeys(hole for line in http for hole in line.holes if is_secret(hole))
    if holes:
        target["secrets-from"] = {hole: f"{prefix}_{hole.upper().replace('-', '_')}" for hole in holes}
    return target


def _tools(lines: tuple[Line, ...]) -> dict[str, Any]:
    deployments = Counter(_deployments(lines))
    deployment = deployments.most_common(1)[0][0] if deployments else f"{TODO}: the Deployment whose image has them"
    programs = sorted({line.operation.program for line in lines if isinstance(line.operation, Job)})
    target = {"kind": "job", "cluster": "cluster", "deployment": deployment}
    return {**target, "programs": programs} if programs else target


def _deployments(lines: tuple[Line, ...]) -> Iterator[str]:
    for line in lines:
        things = (*getattr(line.operation, "things", ()), getattr(line.operation, "thing", None))
        for thing in things:
            if getattr(thing, "type", "").startswith("deployment") and thing.name and "<" not in thing.name:
                yield thing.name

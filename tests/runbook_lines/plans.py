"""What is known of a change before it is made: the server tries it, plans it or counts it, and keeps nothing.

PostgreSQL has no plan for VACUUM, ANALYZE, REINDEX and CREATE INDEX: these are carried out, in a database that is
thrown away.
"""

import time

from bot.operations.backend import Backend, Limits
from bot.operations.http.hosts import is_listed
from bot.operations.http.nouns import HttpRequest
from bot.operations.http.secrets import filled
from bot.operations.http.sending import sending_of
from bot.operations.job.backend import JobBackend
from bot.operations.kubernetes.backend import KubernetesBackend
from bot.operations.operation import Operation
from bot.operations.postgres.backend import PostgresBackend
from bot.operations.postgres.foresight import counting_of, plan_of
from bot.operations.postgres.nouns import Sql
from bot.operations.redis.backend import RedisBackend
from bot.operations.redis.nouns import Command, DeleteMatching

LIMITS = Limits(seconds=60)
_SOME = 1000  # keys that are counted


async def planned(backend: Backend, operation: Operation) -> str:
    """Return what is known of a change on a target. Raises TargetError when it would fail."""
    match backend, operation:
        case KubernetesBackend() | JobBackend(), _:
            tried = await backend.dry_run(operation, LIMITS)
            return tried.text or f"{tried.facts['count']:g} objects"
        case PostgresBackend(), Sql():
            return await _of_postgres(backend, operation)
        case RedisBackend(), _:
            return await _of_redis(backend, operation)
    raise AssertionError(f"nobody plans {operation}")


async def _of_postgres(backend: PostgresBackend, operation: Sql) -> str:
    """Return the server's plan and how many rows it touches; of what has no plan, what came of it."""
    if plan_of(operation.statement) is None:
        return (await backend.run(operation, LIMITS)).text
    plan = (await backend.dry_run(operation, LIMITS)).text
    if counting_of(operation.statement) is None:
        return plan
    rows = await backend.count_of(operation, LIMITS)
    assert rows, "there is a row for it in the tables"
    return f"{rows} rows: {plan}"


async def _of_redis(backend: RedisBackend, operation: Operation) -> str:
    """Return how many keys go, or what a setting is now."""
    if isinstance(operation, DeleteMatching):
        found = await backend.count_matching(operation, _SOME, LIMITS.seconds)
        assert found.count > 0, "there is a key for it"
        return f"{found.count} keys"
    assert isinstance(operation, Command)
    assert operation.name == "CONFIG SET", "no other change has a plan here"
    now = await backend.run(Command("CONFIG GET", operation.arguments[:1]), LIMITS)
    return f"{now.text} becomes {operation.arguments[1]}"


def request_of(operation: HttpRequest, hosts: tuple[str, ...], secrets: dict[str, str]) -> str:
    """Return the request that would be sent: complete, and to a host that the target lists."""
    sending = sending_of(filled(operation, secrets), time.monotonic() + LIMITS.seconds)
    assert is_listed(sending.url.host, sending.port, hosts)
    assert sending.url.scheme == "https"
    whole = f"{sending.method} {sending.url} {dict(sending.headers)} {(sending.body or b'').decode()}"
    assert not {"<", "$"} & set(whole), f"a hole is left in {whole}"
    return whole

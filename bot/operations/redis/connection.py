"""Connections to a Redis server: replies as they come, nothing repeated by itself."""

from typing import Any

from redis.asyncio import Redis
from redis.asyncio.connection import BlockingConnectionPool, parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from bot.errors import TargetRefused

_CONNECTIONS = 8
_CONNECT_SECONDS = 5.0


def connected_to(url: str, database: int | None) -> Redis:
    """Return a client that connects when it is first used; `database` overrides that of the address.

    Raises TargetRefused for what is no address of Redis, without repeating it.
    """
    try:
        options: dict[str, Any] = dict(parse_url(url))
    except ValueError:
        reason = "The target's address is not one of Redis: it starts with redis://, rediss:// or unix://."
        raise TargetRefused(reason) from None
    if database is not None:
        options["db"] = database
    options |= {
        "protocol": 2,
        "decode_responses": False,
        "max_connections": _CONNECTIONS,
        "timeout": None,  # to wait for one of them
        "socket_timeout": None,  # each operation has a time limit of its own
        "socket_connect_timeout": _CONNECT_SECONDS,
        "retry": Retry(NoBackoff(), 0),
        "client_name": "opsroom",
    }
    pool = BlockingConnectionPool(**options)
    try:
        pool.make_connection()  # type: ignore[no-untyped-call] # it opens nothing yet
    except (TypeError, ValueError):
        reason = "The target's address has a parameter that means nothing to Redis: leave out what is behind its ?."
        raise TargetRefused(reason) from None
    client = Redis(connection_pool=pool)
    client.auto_close_connection_pool = True
    client.response_callbacks.clear()
    return client


async def ask(client: Redis, *words: str | bytes | int) -> Any:
    """Return the reply to a command. Raises RedisError or OSError."""
    return await client.execute_command(*words)  # type: ignore[no-untyped-call]

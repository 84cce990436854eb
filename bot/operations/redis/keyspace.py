"""Walking through the keys of a database in pages, within a budget: listing, counting, deleting, the largest."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

from bot.operations.output import Output, Table
from bot.operations.redis.answers import shown
from bot.operations.redis.connection import ask

_PAGE = 1000  # keys that the server looks at in one SCAN: about a millisecond of its time
_BATCH = 500  # keys in one UNLINK
_LENGTHS = {b"string": "STRLEN", b"list": "LLEN", b"set": "SCARD", b"zset": "ZCARD", b"hash": "HLEN", b"stream": "XLEN"}


@dataclass(frozen=True, slots=True)
class Matching:
    """How many keys match: `count` of them among `looked_at`; `complete` when that was every key there is."""

    count: int
    looked_at: int
    complete: bool
    examples: tuple[str, ...] = ()


@dataclass(slots=True)
class Walk:
    """One walk: at most `keys` matching keys, until `deadline` of the monotonic clock. `done` when it reached the end.

    `looked_at` grows by the page size, as SCAN does not say how many keys it passed over.
    """

    client: Redis
    pattern: str
    keys: int
    deadline: float
    found: int = 0
    looked_at: int = 0
    done: bool = False
    gone: int = 0

    async def pages(self) -> AsyncIterator[list[bytes]]:
        """Yield the matching keys page by page; a key may come twice, which SCAN allows itself."""
        cursor: Any = 0
        while self.found < self.keys and time.monotonic() < self.deadline:
            cursor, page = await ask(self.client, "SCAN", cursor, "MATCH", self.pattern, "COUNT", _PAGE)
            self.looked_at += _PAGE
            kept = page[: self.keys - self.found]
            self.found += len(kept)
            self.done = int(cursor) == 0 and len(kept) == len(page)
            yield kept
            if int(cursor) == 0:
                return
            await asyncio.sleep(0)

    async def left_out(self) -> str:
        """Return what the walk did not see, or nothing."""
        if self.done:
            return ""
        size = int(await ask(self.client, "DBSIZE")) + self.gone
        if self.found >= self.keys:
            return f"stopped after {counted(self.found)}; the database has {size:,} keys in all"
        return f"out of time after about {min(self.looked_at, size):,} of {size:,} keys"


async def list_keys(walk: Walk) -> Output:
    """Return the matching keys, one a line."""
    found: dict[bytes, None] = {}
    async for page in walk.pages():
        found |= dict.fromkeys(page)
    text = "\n".join(shown(key) for key in found)
    return Output(text, facts={"value": float(len(found))}, cut=await walk.left_out())


async def count(walk: Walk) -> Matching:
    """Return how many keys match, with a few of them."""
    total = 0
    examples: list[bytes] = []
    async for page in walk.pages():
        total += len(page)
        examples += page[: 5 - len(examples)]
    return Matching(total, walk.looked_at, walk.done, tuple(shown(key) for key in examples))


async def delete(walk: Walk) -> Output:
    """Delete the matching keys in batches; `walk.gone` counts them, also when it breaks off."""
    async for page in walk.pages():
        for at in range(0, len(page), _BATCH):
            walk.gone += int(await ask(walk.client, "UNLINK", *page[at : at + _BATCH]))
            await asyncio.sleep(0)
    cut = await walk.left_out()
    text = f"{counted(walk.gone)} deleted"
    return Output(text, facts={"value": float(walk.gone)}, cut=f"{cut}; run it again for the rest" if cut else "")


def counted(keys: int) -> str:
    """Return a number of keys in words."""
    return f"{keys:,} {'key' if keys == 1 else 'keys'}"


async def big_keys(walk: Walk) -> Output:
    """Return the largest key of each type by the memory it takes, and how many elements or bytes it has."""
    largest: dict[bytes, tuple[int, bytes]] = {}
    async for page in walk.pages():
        pipeline = walk.client.pipeline(transaction=False)
        for key in page:
            pipeline.execute_command("TYPE", key)
            pipeline.execute_command("MEMORY USAGE", key)
        replies = await pipeline.execute() if page else []
        for key, kind, size in zip(page, replies[::2], replies[1::2], strict=True):
            if size is not None:  # it expired meanwhile
                largest[kind] = max(largest.get(kind, (0, b"")), (int(size), key))
    rows = [await _big_row(walk.client, kind, *found) for kind, found in sorted(largest.items())]
    table = Table(("type", "key", "bytes", "length"), tuple(rows))
    text = "\n".join(f"{kind}  {key}  {size} bytes  length {length}" for kind, key, size, length in rows)
    facts = {"value": float(max((size for size, _ in largest.values()), default=0)), "keys": float(walk.found)}
    return Output(text, table=table, facts=facts, cut=await walk.left_out())


async def _big_row(client: Redis, kind: bytes, size: int, key: bytes) -> tuple[str, str, str, str]:
    command = _LENGTHS.get(kind)
    length = await ask(client, command, key) if command else ""
    return kind.decode(errors="replace"), shown(key), str(size), str(length)

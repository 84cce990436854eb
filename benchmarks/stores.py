"""The store of a benchmark: made and seeded before the bot starts, read after it has ended."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.bot import address_of
from benchmarks.furniture import PEOPLE
from bot.store import grants
from bot.store.database import Store, open_store
from bot.store.grants import EVERYWHERE, Grant
from bot.store.migrate import migrate


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Store]:
    """Open the store of a folder while the block runs; the bot must not be running."""
    async with open_store(address_of(folder)) as store:
        yield store


async def prepared(folder: Path, ids: Mapping[str, str]) -> None:
    """Make the store and let everybody who types do everything; `ids` are their user ids by name."""
    async with opened(folder) as store:
        await migrate(store)
        async with store.begin() as connection:
            for name in PEOPLE:
                given = Grant(ids[name], EVERYWHERE, "admin", "the benchmark", datetime.now(UTC))
                await grants.give(connection, given)

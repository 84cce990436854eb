"""A visit to the store: for a few rows, whether or not a bot has it open."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.store.database import Store, open_store
from bot.store.migrate import HEAD, current, migrate


@asynccontextmanager
async def visit(address: str) -> AsyncIterator[Store]:
    """Open the store at `address` with the schema that this program expects, while the block runs.

    A schema that is older is brought up to date first, which needs an embedded store for oneself: StoreLocked when a
    bot has it open then, StoreOutdated when the schema is newer.
    """
    async with open_store(address, beside=True) as store:
        if await current(store) == HEAD:
            yield store
            return
    async with open_store(address) as store:
        await migrate(store)
        yield store

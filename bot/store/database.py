"""The store: opening it, and the two ways into it, `begin` to write and `read` to read."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import faults
from bot.store.address import file_of, is_embedded, read_address, spoken
from bot.store.embedded import Checkpoints, EmbeddedWay
from bot.store.lock import held
from bot.store.server import ServerWay, server_engine


@dataclass(frozen=True, slots=True)
class Limits:
    """How long the store may take, in seconds, and how many connections it may use."""

    connect: float = 5.0
    transaction: float = 10.0
    connections: int = 10


class Way(Protocol):
    """A way into the store: lends connections."""

    def connection(self, end: float) -> AbstractAsyncContextManager[AsyncConnection]:
        """Lend a connection; whatever it does ends at `end`, a moment on the loop's clock.

        Raise StoreUnavailable when there is none by then.
        """

    async def close(self) -> None:
        """Give every connection back."""


class Store:
    """An open store. Transactions are short: the whole of one must end within the time limit."""

    def __init__(self, url: URL, writer: Way, reader: Way, limits: Limits) -> None:
        self.url, self.limits = url, limits
        self._writer, self._reader = writer, reader
        self.embedded = is_embedded(url)
        """Whether this is a SQLite file, which one process has to itself."""
        self.name = spoken(url)
        """The store's name for a person, without a password."""

    def begin(self, within: float | None = None) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a transaction that may write: committed at the end of the block, rolled back on an error.

        `within` is the time limit in seconds for all of it, waiting included (default: the store's). Raise
        StoreUnavailable when the database does not answer in that time. Do not nest: on SQLite there is one
        writer at a time, and the inner one would wait for the outer one.
        """
        return self._transaction(self._writer, within)

    def read(self, within: float | None = None) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a transaction that only reads; the database itself refuses a write. Otherwise as `begin`."""
        return self._transaction(self._reader, within)

    @asynccontextmanager
    async def _transaction(self, way: Way, within: float | None) -> AsyncIterator[AsyncConnection]:
        end = asyncio.get_running_loop().time() + (self.limits.transaction if within is None else within)
        with faults.translated(self.name, self.url.password):
            async with way.connection(end) as connection, connection.begin():
                yield connection


@asynccontextmanager
async def open_store(address: str, limits: Limits | None = None, *, beside: bool = False) -> AsyncIterator[Store]:
    """Open the store at `address` (`sqlite:///file.db` or `postgresql://…`) while the block runs.

    A SQLite file and its folder are made if need be, for the owner alone, and locked: StoreLocked when
    another process has it. `beside` opens it all the same, which is good for a few rows and not for a bot.
    PostgreSQL is not contacted before the first transaction. Raise BadInput for an address that cannot be read.
    """
    url, limits = read_address(address), limits or Limits()
    async with AsyncExitStack() as stack:
        if is_embedded(url):
            file_of(url).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not beside:
                stack.enter_context(held(file_of(url)))
            file_of(url).touch(mode=0o600)
            writer: Way = EmbeddedWay(url, 1, writes=True)
            reader: Way = EmbeddedWay(url, limits.connections, writes=False)
            stack.push_async_callback(Checkpoints(file_of(url)).close)
        else:
            engine = server_engine(url, limits)
            writer = ServerWay(url, engine)
            reader = ServerWay(url, engine.execution_options(postgresql_readonly=True))
        stack.push_async_callback(writer.close)
        stack.push_async_callback(reader.close)
        yield Store(url, writer, reader, limits)

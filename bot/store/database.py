"""The store: opening it, and the two ways into it, `begin` to write and `read` to read."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass

from sqlalchemy import URL, Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.errors import StoreUnavailable
from bot.store import faults
from bot.store.address import file_of, is_embedded, read_address, spoken
from bot.store.lock import held


@dataclass(frozen=True, slots=True)
class Limits:
    """How long the store may take, in seconds, and how many connections it may use."""

    connect: float = 5.0
    transaction: float = 10.0
    connections: int = 10


class Store:
    """An open store. Transactions are short: the whole of one must end within the time limit."""

    def __init__(self, url: URL, writer: AsyncEngine, reader: AsyncEngine, limits: Limits) -> None:
        self.url, self.limits = url, limits
        self._writer, self._reader = writer, reader
        self._abandoned: set[asyncio.Future[None]] = set()

    @property
    def embedded(self) -> bool:
        """Say whether this is a SQLite file, which one process has to itself."""
        return is_embedded(self.url)

    @property
    def name(self) -> str:
        """Name the store for a person, without a password."""
        return spoken(self.url)

    @asynccontextmanager
    async def begin(self, within: float | None = None) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that may write: committed at the end of the block, rolled back on an error.

        `within` is the time limit in seconds for all of it, waiting included (default: the store's). Raise
        StoreUnavailable when the database does not answer in that time. Do not nest: on SQLite there is one
        writer at a time, and the inner one would wait for the outer one.
        """
        async with self._transaction(self._writer, within) as connection:
            yield connection

    @asynccontextmanager
    async def read(self, within: float | None = None) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that only reads; the database itself refuses a write. Otherwise as `begin`."""
        async with self._transaction(self._reader, within) as connection:
            yield connection

    @asynccontextmanager
    async def _transaction(self, engine: AsyncEngine, within: float | None) -> AsyncIterator[AsyncConnection]:
        loop = asyncio.get_running_loop()
        end = loop.time() + (self.limits.transaction if within is None else within)
        with faults.translated(self.name, self.url.password):
            connection = await self._connected(engine, end)
            alarm = loop.call_at(end, _cut, connection)
            try:
                async with connection.begin():
                    yield connection
            finally:
                alarm.cancel()
                await connection.close()

    async def _connected(self, engine: AsyncEngine, end: float) -> AsyncConnection:
        """Return a connection, or let go of the attempt when the time is over: see `_cut` on cancelling."""
        attempt = asyncio.ensure_future(engine.connect().start())
        try:
            await asyncio.wait({attempt}, timeout=end - asyncio.get_running_loop().time())
        except asyncio.CancelledError:
            self._abandon(attempt)
            raise
        if not attempt.done():
            self._abandon(attempt)
            raise StoreUnavailable(f"The store {self.name} gave no connection in time.")
        return attempt.result()

    def _abandon(self, attempt: asyncio.Future[AsyncConnection]) -> None:
        attempt.cancel()
        cleanup = asyncio.ensure_future(_closed(attempt))
        self._abandoned.add(cleanup)
        cleanup.add_done_callback(self._abandoned.discard)

    async def close(self) -> None:
        """Give every connection back."""
        for cleanup in self._abandoned:
            cleanup.cancel()
        await asyncio.gather(*self._abandoned, return_exceptions=True)
        await self._writer.dispose()
        await self._reader.dispose()


async def _closed(attempt: asyncio.Future[AsyncConnection]) -> None:
    """Close a connection that came after its time; there may be none, whatever the reason."""
    with suppress(asyncio.CancelledError, SQLAlchemyError, OSError):
        await (await attempt).close()


def _cut(connection: AsyncConnection) -> None:
    """End what the connection is waiting for, at once.

    Cancelling would not: psycopg answers a cancellation by asking the server to cancel, and waits for up
    to 10 s when the server is frozen.
    """
    inner = connection.sync_connection
    if inner is None or inner.closed or inner.invalidated:
        return
    if inner.dialect.name == "sqlite":
        driver = inner.connection.dbapi_connection
        driver._connection._conn.interrupt()  # type: ignore[union-attr]
        return
    with suppress(OSError), socket.socket(fileno=os.dup(inner.connection.driver_connection.fileno())) as line:  # type: ignore[union-attr]
        line.shutdown(socket.SHUT_RDWR)


@asynccontextmanager
async def open_store(address: str, limits: Limits | None = None) -> AsyncIterator[Store]:
    """Open the store at `address` (`sqlite:///file.db` or `postgresql://…`) while the block runs.

    A SQLite file and its folder are made if need be, for the owner alone, and locked: StoreLocked when
    another process has it. PostgreSQL is not contacted before the first transaction. Raise BadInput for an
    address that cannot be read.
    """
    url, limits = read_address(address), limits or Limits()
    async with AsyncExitStack() as stack:
        if is_embedded(url):
            file_of(url).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            stack.enter_context(held(file_of(url)))
            file_of(url).touch(mode=0o600)
            writer, reader = _sqlite(url, limits, writes=True), _sqlite(url, limits, writes=False)
        else:
            writer = _postgres(url, limits)
            reader = writer.execution_options(postgresql_readonly=True)
        store = Store(url, writer, reader, limits)
        stack.push_async_callback(store.close)
        yield store


def _sqlite(url: URL, limits: Limits, *, writes: bool) -> AsyncEngine:
    """Make the engine of the one writer, or that of the readers (the file lock keeps other processes out)."""
    engine = create_async_engine(
        url.set(database=str(file_of(url))),
        pool_size=1 if writes else limits.connections,
        max_overflow=0,
        pool_timeout=limits.transaction,
        hide_parameters=True,
    )

    def connected(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            f"busy_timeout={int(limits.transaction * 1000)}",
            f"query_only={'OFF' if writes else 'ON'}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def began(connection: Connection) -> None:
        # Deferred, a transaction that reads first and writes later can fail at its first write.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine.sync_engine, "connect", connected)
    event.listen(engine.sync_engine, "begin", began)
    return engine


def _postgres(url: URL, limits: Limits) -> AsyncEngine:
    """Make the engine; the server is told the time limit too, so that it does not work for nobody."""
    options = f"-c statement_timeout={int(limits.transaction * 1000)} -c timezone=UTC"
    given = url.query.get("options", "")
    return create_async_engine(
        url.difference_update_query(["options"]),
        pool_size=limits.connections,
        max_overflow=0,
        pool_timeout=limits.transaction,
        pool_pre_ping=True,
        hide_parameters=True,
        # Without it SQLAlchemy forgets how many rows an INSERT … ON CONFLICT wrote, on this database alone.
        execution_options={"preserve_rowcount": True},
        connect_args={
            "options": f"{options} {given if isinstance(given, str) else ' '.join(given)}".strip(),
            "connect_timeout": max(2, int(limits.connect)),
            "application_name": url.query.get("application_name", "opsroom"),
        },
    )

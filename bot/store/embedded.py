"""The embedded store's driver: SQLite on the event loop itself, with no thread in between.

A statement on a local file takes some ten microseconds; a thread takes ten times as long to hand it over, and
under load waits up to 5 ms for the interpreter each time (`sys.setswitchinterval`). What may take long is kept off the
loop: a lock that another program holds is waited for asynchronously, a statement that outstays its transaction's time
is ended by SQLite itself, and the write-ahead log is carried into the file by a thread (`Checkpoints`).
"""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.util import await_only

from bot.errors import StoreUnavailable
from bot.store.address import file_of, spoken

_OPERATIONS = 10_000
"""Virtual machine instructions of SQLite between two looks at the time: far less than a millisecond."""
_LOCK_PAUSE = 0.01
_CHECKPOINT_EVERY = 1.0
_LONGEST_LOG = 50_000
"""Pages of the write-ahead log (200 MB) from which a commit carries them over itself, should the thread not do it."""


class EmbeddedCursor(sqlite3.Cursor):
    """A cursor with what SQLAlchemy's asyncio extension asks of every cursor."""

    async def _async_soft_close(self) -> None:
        """Do nothing: rows come from memory, and no thread waits."""


class EmbeddedConnection(sqlite3.Connection):
    """A connection whose statements end at a moment: `until`, on the clock of the event loop."""

    opening = "BEGIN"
    query_only = "ON"
    until = float("inf")

    def cursor(self, factory: Any = EmbeddedCursor) -> Any:
        """Return a cursor of our kind."""
        return super().cursor(factory)

    def is_late(self) -> bool:
        """Say whether the transaction's time is over; SQLite asks in the middle of a statement."""
        return time.monotonic() > self.until

    def set_up(self) -> None:
        """Bring the connection into order; every transaction is begun by us."""
        self.isolation_level = None
        for pragma in (
            "busy_timeout=0",
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            f"wal_autocheckpoint={_LONGEST_LOG}",
            f"query_only={self.query_only}",
        ):
            self.execute(f"PRAGMA {pragma}")
        self.set_progress_handler(self.is_late, _OPERATIONS)


class WritingConnection(EmbeddedConnection):
    """A connection that may write: at once, for a transaction that reads first could fail at its first write."""

    opening = "BEGIN IMMEDIATE"
    query_only = "OFF"


class _AtOnce:
    """Something to await that is there already: SQLAlchemy takes a driver that awaits nothing for a mistake."""

    def __await__(self) -> Generator[None, None, None]:
        yield from ()


_AT_ONCE = _AtOnce()


class EmbeddedDialect(SQLiteDialect_pysqlite):
    """SQLAlchemy's dialect of SQLite, allowed into its asyncio extension."""

    driver = "embedded"
    is_async = True
    supports_statement_cache = True

    def do_execute(self, cursor: Any, statement: Any, parameters: Any, context: Any = None) -> None:
        """Execute a statement."""
        cursor.execute(statement, parameters)
        await_only(_AT_ONCE)

    def do_executemany(self, cursor: Any, statement: Any, parameters: Any, context: Any = None) -> None:
        """Execute a statement several times."""
        cursor.executemany(statement, parameters)
        await_only(_AT_ONCE)

    def do_execute_no_params(self, cursor: Any, statement: Any, context: Any = None) -> None:
        """Execute a statement as it is."""
        cursor.execute(statement)
        await_only(_AT_ONCE)

    def connect(self, *arguments: Any, **options: Any) -> Any:
        """Open a connection and bring it into order."""
        connection: Any = super().connect(*arguments, **options)
        try:
            connection.set_up()
        except BaseException:
            connection.close()
            raise
        return connection

    def do_begin(self, dbapi_connection: Any) -> None:
        """Begin; while another program holds the lock, let the event loop go on."""
        connection: EmbeddedConnection = dbapi_connection.dbapi_connection
        while True:
            try:
                connection.execute(connection.opening)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or connection.is_late():
                    raise
                await_only(asyncio.sleep(_LOCK_PAUSE))
            else:
                return


class EmbeddedWay:
    """One of the two ways into the file: one connection that writes, or several that read, kept open and lent out."""

    def __init__(self, url: URL, connections: int, *, writes: bool) -> None:
        registry.register("sqlite.embedded", __name__, EmbeddedDialect.__name__)
        self._name = spoken(url)
        self._engine = create_async_engine(
            url.set(database=str(file_of(url))),
            poolclass=NullPool,
            hide_parameters=True,
            connect_args={
                "factory": WritingConnection if writes else EmbeddedConnection,
                "check_same_thread": False,
                "cached_statements": 512,
            },
        )
        self._free = asyncio.Semaphore(connections)
        self._idle: list[AsyncConnection] = []

    @asynccontextmanager
    async def connection(self, end: float) -> AsyncIterator[AsyncConnection]:
        """Lend a connection until a moment on the loop's clock; StoreUnavailable when none comes free by then."""
        if self._free.locked():
            await self._wait(end)
        else:
            await self._free.acquire()
        try:
            connection = self._idle.pop() if self._idle else await self._engine.connect()
            _raw(connection).until = end
            try:
                yield connection
            finally:
                await self._take_back(connection)
        finally:
            self._free.release()

    async def _wait(self, end: float) -> None:
        try:
            async with asyncio.timeout_at(end):
                await self._free.acquire()
        except TimeoutError:
            raise StoreUnavailable(f"The store {self._name} gave no connection in time.") from None

    async def _take_back(self, connection: AsyncConnection) -> None:
        """Keep a connection for the next one, unless something is wrong with it."""
        if connection.invalidated or connection.in_transaction():
            await connection.close()
        else:
            self._idle.append(connection)

    async def close(self) -> None:
        """Close every connection."""
        for connection in self._idle:
            await connection.close()
        self._idle.clear()
        await self._engine.dispose()


def _raw(connection: AsyncConnection) -> EmbeddedConnection:
    raw: EmbeddedConnection = connection.sync_connection.connection.dbapi_connection  # type: ignore[union-attr,assignment]
    return raw  # `EmbeddedWay` has it made so


class Checkpoints:
    """Carries the write-ahead log into the file, in a thread: it waits for the disk, and a commit does not."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._task = asyncio.create_task(self._go_on(), name="checkpoints")

    async def _go_on(self) -> None:
        while True:
            await asyncio.sleep(_CHECKPOINT_EVERY)
            await asyncio.to_thread(self._carry_over)

    def _carry_over(self) -> None:
        # What cannot be done now is done the next time, or by the last connection that closes.
        with suppress(sqlite3.Error):
            connection = sqlite3.connect(self._path, timeout=0)
            try:
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
            finally:
                connection.close()

    async def close(self) -> None:
        """Stop."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

"""The connections to one database: a few, opened when they are needed, lent for a limited time.

A pool that opens connections in the background would hide why a target cannot be reached, and would knock with a wrong
password again and again; here whoever asks learns at once.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING

from bot.errors import TargetUnreachable
from bot.operations.postgres.address import Address
from bot.operations.postgres.faults import when_connecting

if TYPE_CHECKING:
    from psycopg import AsyncConnection
    from psycopg.rows import TupleRow

    Connection = AsyncConnection[TupleRow]

_GRACE = 1.0  # seconds beyond the server's own limit, for its refusal to arrive
_SESSION = (
    b"SET default_transaction_read_only = on; SET standard_conforming_strings = on; SET statement_timeout = '15s'; "
    b"SET idle_in_transaction_session_timeout = '60s'"
)
_SCHEMA = b"SELECT pg_catalog.set_config('search_path', %s, false)"


class Connections:
    """Lends connections to one database; at most `most` at a time."""

    def __init__(self, address: Address, most: int = 4) -> None:
        self._address, self._free = address, asyncio.Semaphore(most)
        self._idle: list[Connection] = []
        self._closed = False

    @asynccontextmanager
    async def lent(self, end: float, begin: bytes) -> "AsyncIterator[Connection]":
        """Lend a connection on which `begin` was executed, until a moment on the loop's clock.

        It is kept for the next one unless the block raises. Raises TargetRefused and TargetUnreachable.
        """
        await self._wait_for_turn(end)
        try:
            connection = await self._begun(end, begin)
            try:
                with _alarm(connection, end + _GRACE):
                    yield connection
            except BaseException:
                await connection.close()
                raise
            await self._keep(connection)
        finally:
            self._free.release()

    async def _wait_for_turn(self, end: float) -> None:
        try:
            async with asyncio.timeout_at(end):
                await self._free.acquire()
        except TimeoutError:
            name = self._address.spoken
            raise TargetUnreachable(f"The database {name} is busy with our own queries; none ended in time.") from None

    async def _begun(self, end: float, begin: bytes) -> "Connection":
        """Return a connection on which `begin` worked; one that died while it was idle is replaced."""
        import psycopg

        while self._idle:
            connection = self._idle.pop()
            try:
                with _alarm(connection, end):
                    await connection.execute(begin)
            except psycopg.Error:
                await connection.close()
            except BaseException:
                await connection.close()
                raise
            else:
                return connection
        return await self._connected(end, begin)

    async def _connected(self, end: float, begin: bytes) -> "Connection":
        import psycopg  # heavy, as below: the driver is loaded by whoever has a database
        from psycopg.conninfo import make_conninfo

        from bot.operations.postgres.texts import TEXTS_ONLY

        settings = {"application_name": "opsroom", **self._address.settings, "client_encoding": "UTF8"}
        try:
            async with asyncio.timeout_at(end):
                connection = await psycopg.AsyncConnection.connect(
                    make_conninfo("", **settings), autocommit=True, prepare_threshold=None, context=TEXTS_ONLY
                )
        except TimeoutError:
            raise when_connecting(psycopg.OperationalError("timeout"), self._address.spoken, "") from None
        except psycopg.Error as error:
            raise when_connecting(error, self._address.spoken, self._address.password) from None
        return await self._prepared(connection, end, begin)

    async def _prepared(self, connection: "Connection", end: float, begin: bytes) -> "Connection":
        """Return a new connection with its settings made."""
        import psycopg

        try:
            with _alarm(connection, end):
                await connection.execute(_SESSION)
                if self._address.schema:
                    await connection.execute(_SCHEMA, [self._address.schema])
                await connection.execute(begin)
        except psycopg.Error as error:
            await connection.close()
            raise when_connecting(error, self._address.spoken, self._address.password) from None
        except BaseException:
            await connection.close()
            raise
        return connection

    async def _keep(self, connection: "Connection") -> None:
        if self._closed or connection.closed:
            await connection.close()
        else:
            self._idle.append(connection)

    async def close(self) -> None:
        """Close what is idle now, and what is lent when it comes back."""
        self._closed = True
        while self._idle:
            await self._idle.pop().close()


@contextmanager
def _alarm(connection: "Connection", end: float) -> Iterator[None]:
    """Cut the connection's line at a moment on the loop's clock."""
    handle = asyncio.get_running_loop().call_at(end, _cut, connection)
    try:
        yield
    finally:
        handle.cancel()


def _cut(connection: "Connection") -> None:
    """End what the connection is waiting for, at once.

    Cancelling would not: the driver answers by asking the server to cancel, and waits long when that is frozen.
    """
    if connection.closed:
        return
    with suppress(OSError), socket.socket(fileno=os.dup(connection.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)

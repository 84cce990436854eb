"""The store on a PostgreSQL server, which may be slow, frozen or gone."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import StoreUnavailable
from bot.store.address import spoken

if TYPE_CHECKING:
    from bot.store.database import Limits


class ServerWay:
    """Lends connections of a pool, and cuts the line of one whose time is over."""

    def __init__(self, url: URL, engine: AsyncEngine) -> None:
        self._name, self._engine = spoken(url), engine
        self._abandoned: set[asyncio.Future[None]] = set()

    @asynccontextmanager
    async def connection(self, end: float) -> AsyncIterator[AsyncConnection]:
        """Lend a connection until a moment on the loop's clock."""
        connection = await self._connected(end)
        alarm = asyncio.get_running_loop().call_at(end, _cut, connection)
        try:
            yield connection
        finally:
            alarm.cancel()
            await connection.close()

    async def _connected(self, end: float) -> AsyncConnection:
        """Return a connection, or let go of the attempt when the time is over: see `_cut` on cancelling."""
        attempt = asyncio.ensure_future(self._engine.connect().start())
        try:
            await asyncio.wait({attempt}, timeout=end - asyncio.get_running_loop().time())
        except asyncio.CancelledError:
            self._abandon(attempt)
            raise
        if not attempt.done():
            self._abandon(attempt)
            raise StoreUnavailable(f"The store {self._name} gave no connection in time.")
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
        await self._engine.dispose()


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
    with suppress(OSError), socket.socket(fileno=os.dup(inner.connection.driver_connection.fileno())) as line:  # type: ignore[union-attr]
        line.shutdown(socket.SHUT_RDWR)


def server_engine(url: URL, limits: "Limits") -> AsyncEngine:
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

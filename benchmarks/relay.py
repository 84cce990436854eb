"""A relay on loopback that notes when something is sent through it, so when a target hears of the bot."""

import asyncio
import time
from bisect import bisect_left
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

from benchmarks.processes import BenchmarkError

_CHUNK = 65_536


class Relay:
    """Passes bytes on to one server, encrypted or not, and knows when any came from the side of the caller."""

    def __init__(self, address: str) -> None:
        url = urlsplit(address)
        self._scheme, self._host, self._port = url.scheme, url.hostname, url.port
        self._sent: list[float] = []
        self._ways: set[asyncio.Task[None]] = set()
        self.address = ""

    def first_after(self, moment: float) -> float:
        """Return when something was first sent after a moment, in seconds since 1970. Raises BenchmarkError."""
        at = bisect_left(self._sent, moment)
        if at == len(self._sent):
            raise BenchmarkError("Nothing was sent to the target.")
        return self._sent[at]

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["Relay"]:
        """Pass on while the block runs; callers find it at `address`."""
        server = await asyncio.start_server(self._joined, "127.0.0.1", 0)
        self.address = f"{self._scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()
            for way in self._ways:
                way.cancel()
            await asyncio.gather(*self._ways, return_exceptions=True)

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(self._host, self._port)
        for way in (self._passed(reader, back, noted=True), self._passed(there, writer, noted=False)):
            task = asyncio.create_task(way)
            self._ways.add(task)
            task.add_done_callback(self._ways.discard)

    async def _passed(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, noted: bool) -> None:
        try:
            with suppress(ConnectionError):
                while chunk := await reader.read(_CHUNK):
                    if noted:
                        self._sent.append(time.time())
                    writer.write(chunk)
                    await writer.drain()
        finally:
            writer.close()

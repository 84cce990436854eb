"""A line to a server that breaks at a chosen moment."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import parse_qs, urlsplit


class Line:
    """Carries bytes between a client and the socket of a server, until `word` comes from the client.

    `after` forwards it, waits for the server's answer and breaks then; else the server never hears of it.
    """

    def __init__(self, socket: str, word: bytes, *, after: bool) -> None:
        self._socket, self._word, self._after = socket, word, after
        self.broken = False

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one client."""
        server_reader, server_writer = await asyncio.open_unix_connection(self._socket)
        heard = asyncio.Event()
        back = asyncio.create_task(self._back(server_reader, writer, heard))
        with suppress(OSError):
            while data := await reader.read(65536):
                if self._word in data and not self.broken:
                    self.broken = True
                    if self._after:
                        heard.set()
                        server_writer.write(data)
                        await back
                    break
                server_writer.write(data)
                await server_writer.drain()
        back.cancel()
        writer.close()
        server_writer.close()

    async def _back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, heard: asyncio.Event) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                if heard.is_set():
                    return
                writer.write(data)
                await writer.drain()


@asynccontextmanager
async def breaking(address: str, word: bytes, *, after: bool) -> AsyncIterator[str]:
    """Give an address of a database whose line breaks when `word` is sent over it for the first time."""
    parts = urlsplit(address)
    (folder,) = parse_qs(parts.query)["host"]
    async with broken_line(f"{folder}/.s.PGSQL.5432", word, after=after) as port:
        yield f"postgresql://opsroom@127.0.0.1:{port}{parts.path}?sslmode=disable&gssencmode=disable"


@asynccontextmanager
async def broken_line(socket: str, word: bytes, *, after: bool) -> AsyncIterator[int]:
    """Give a port that leads to the socket of a server; the line breaks when `word` comes for the first time."""
    line = Line(socket, word, after=after)
    served: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        served.add(task)
        await line.carry(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    for task in served:
        task.cancel()
    await asyncio.gather(*served, return_exceptions=True)
    assert line.broken

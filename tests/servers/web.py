"""A real web server for tests, on a port of the machine's choice, that answers byte by byte what a test says."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came: `target` is the path with the query, header names are in small letters."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


Route = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


@dataclass(slots=True)
class WebServer:
    """A running server: its routes by path, and what it was asked."""

    port: int
    routes: dict[str, Route]
    asked: list[Asked] = field(default_factory=list)


def answer(body: bytes | str = b"", status: str = "200 OK", **headers: str) -> Route:
    """Return a route that answers this; `content_type="text/plain"` is the header Content-Type."""
    raw = body.encode() if isinstance(body, str) else body
    named = {"content-length": str(len(raw)), **{name.replace("_", "-"): value for name, value in headers.items()}}

    async def route(asked: Asked, writer: asyncio.StreamWriter) -> None:
        head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
        writer.write(f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + (b"" if asked.method == "HEAD" else raw))

    return route


def raw(*pieces: bytes, hang: bool = False) -> Route:
    """Return a route that writes these bytes, and then closes or waits until the client goes away."""

    async def route(_asked: Asked, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        if hang:
            await asyncio.Event().wait()

    return route


def endless(piece: bytes, head: bytes = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n") -> Route:
    """Return a route whose body never ends."""

    async def route(_asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(piece)
            await writer.drain()

    return route


@asynccontextmanager
async def running(routes: Mapping[str, Route], tls: ssl.SSLContext | None = None) -> AsyncIterator[WebServer]:
    """Start a server; a path without a route is 404. It is gone, with all its connections, afterwards."""
    server = WebServer(0, dict(routes))
    busy: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        busy.add(task)
        try:
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await _serve(server, reader, writer)
        finally:
            busy.discard(task)
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for task in busy:
            task.cancel()
        await listening.wait_closed()
        await asyncio.gather(*busy, return_exceptions=True)


async def _serve(server: WebServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    opening = await reader.readexactly(1)
    if opening == b"\x16":  # the beginning of TLS: what common servers do then
        writer.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
        return
    first, *lines = (opening + await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    asked = Asked(method, target, headers, body)
    server.asked.append(asked)
    route = server.routes.get(target.partition("?")[0], answer("nothing here", "404 Not Found"))
    await route(asked, writer)
    await writer.drain()

"""A server that breaks the wire on demand: it answers by a script and keeps what arrives."""

import asyncio
import socket
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

TOKEN = "xoxb-1111-2222-very-secret"


@dataclass
class Arrival:
    """One request: which method, with which arguments, how it travelled."""

    method: str
    args: dict[str, Any]
    verb: str
    authorization: str


@dataclass
class WireServer:
    """Plays the scripts; a method without one, or at its end, answers ok.

    A line of a script is a status, a status with Retry-After (a number) or with plain text, a body (a dict),
    an error code, or "cut" (the connection ends), "hang" (no answer while the test lasts), "garbage".
    """

    url: str = ""
    arrivals: list[Arrival] = field(default_factory=list)
    scripts: dict[str, deque[Any]] = field(default_factory=lambda: defaultdict(deque))
    connections: set[Any] = field(default_factory=set)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def address(self) -> str:
        """Return the address of the Web API."""
        return f"{self.url}/api/"

    def plays(self, method: str, *lines: Any) -> None:
        """Add lines to a method's script."""
        self.scripts[method].extend(lines)

    def count(self, method: str) -> int:
        """Return how often a method was called."""
        return sum(arrival.method == method for arrival in self.arrivals)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        await self._note(method, request)
        line = self.scripts[method].popleft() if self.scripts[method] else {"ok": True}
        if line == "cut":
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        if line == "hang":
            await self.over.wait()
            return web.Response()
        return _answer(line)

    async def _note(self, method: str, request: web.Request) -> None:
        self.connections.add(request.transport)
        if request.content_type == "application/json":
            args = await request.json()
        else:
            args = dict(request.query) | dict(await request.post())
        self.arrivals.append(Arrival(method, args, request.method, request.headers.get("Authorization", "")))


def _answer(line: Any) -> web.Response:
    if line == "garbage":
        return web.Response(text="{not json", content_type="application/json")
    if isinstance(line, int):
        return web.Response(status=line, text="<html>broken</html>", content_type="text/html")
    if isinstance(line, tuple) and isinstance(line[1], str):
        return web.Response(status=line[0], text=line[1])
    if isinstance(line, tuple):
        refusal, headers = {"ok": False, "error": "ratelimited"}, {"Retry-After": str(line[1])}
        return web.json_response(refusal, status=line[0], headers=headers)
    return web.json_response({"ok": False, "error": line} if isinstance(line, str) else line)


@asynccontextmanager
async def wire_server() -> AsyncIterator[WireServer]:
    """Serve on a free port while the block runs."""
    wire = WireServer()
    app = web.Application()
    app.router.add_route("*", "/api/{method}", wire.handle)
    async with TestServer(app) as server:
        wire.url = str(server.make_url("")).rstrip("/")
        try:
            yield wire
        finally:
            wire.over.set()


def nobody_home() -> str:
    """Return the address of a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/api/"

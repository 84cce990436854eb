"""Web hosts on one port of this machine: what is asked of which is in the Host header."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from sandbox.targets.serving import served

Page = Callable[[], tuple[int, Any]]
"""Returns a status, and a text or what is shown as JSON."""


@asynccontextmanager
async def hosts(pages: Mapping[str, Page]) -> AsyncIterator[str]:
    """Serve pages by `host/path` while the block runs; yield the address. Any other host or path is well."""

    async def answer(request: web.Request) -> web.Response:
        host = request.host.partition(":")[0].lower()
        status, body = pages.get(f"{host}{request.path}", _well)()
        if isinstance(body, str):
            return web.Response(status=status, text=body, content_type="text/html")
        return web.json_response(body, status=status)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with served(app) as address:
        yield address


def _well() -> tuple[int, Any]:
    return 200, {"status": "ok"}

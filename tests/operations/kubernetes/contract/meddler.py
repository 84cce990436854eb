"""A proxy before an API server that does what networks and colleagues do: cut, lose, and change things in between."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import yaml
from aiohttp import web

Hook = Callable[[], Awaitable[object]]


@dataclass(slots=True)
class Meddler:
    """What is done to the next writes that are no dry runs.

    `before` is called before each is passed on; `cut` ends the connection in place of the answer, `lost` in place of
    passing it on; a path that ends with one of `forbidden` is answered with 403, and every path with `refusal`, a
    status and a message, where there is one. `away` ends every connection, also those that only read, and
    `away_after_write` does so from the first write on, which is passed on. `writes` counts what was passed on,
    `turned_away` what was not.
    """

    kubeconfig: Path
    before: Hook | None = None
    cut: bool = False
    lost: bool = False
    forbidden: tuple[str, ...] = ()
    refusal: tuple[int, str] | None = None
    away: bool = False
    away_after_write: bool = False
    writes: int = 0
    turned_away: int = 0


@asynccontextmanager
async def meddling(kubeconfig: Path, folder: Path) -> AsyncIterator[Meddler]:
    """Serve such a proxy; its kubeconfig is the given one's with its address."""
    known = yaml.safe_load(kubeconfig.read_text())
    server = known["clusters"][0]["cluster"]["server"]
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    path = folder / "meddler.kubeconfig"
    meddler = Meddler(path)
    async with aiohttp.ClientSession(server, connector=aiohttp.TCPConnector(ssl=trusting)) as session:

        async def passed_on(request: web.Request) -> web.StreamResponse:
            return await _pass_on(meddler, session, request)

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", passed_on)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        path.write_text(yaml.safe_dump(_pointing(known, f"http://{host}:{port}")))
        try:
            yield meddler
        finally:
            await runner.cleanup()


def _pointing(known: Any, server: str) -> Any:
    clusters = [{**one, "cluster": {"server": server}} for one in known["clusters"]]
    return {**known, "clusters": clusters}


async def _pass_on(meddler: Meddler, session: aiohttp.ClientSession, request: web.Request) -> web.StreamResponse:
    body = await request.read()
    if meddler.away:
        meddler.turned_away += 1
        return _ended(request)
    writes = request.method != "GET" and "dryRun" not in request.query_string and b"dryRun" not in body
    if writes and request.path.endswith(meddler.forbidden or ("\0",)):
        return web.json_response({"kind": "Status", "reason": "Forbidden", "message": "go away"}, status=403)
    if writes and meddler.refusal is not None:
        status, message = meddler.refusal
        return web.json_response({"kind": "Status", "reason": "Refused", "message": message}, status=status)
    if writes and meddler.before is not None:
        await meddler.before()
    if writes and meddler.lost:
        return _ended(request)
    meddler.writes += writes
    headers = {
        name: request.headers[name] for name in ("Authorization", "Accept", "Content-Type") if name in request.headers
    }
    async with session.request(request.method, request.raw_path, data=body or None, headers=headers) as answer:
        content, status, kind = await answer.read(), answer.status, answer.content_type
    meddler.away = meddler.away or (writes and meddler.away_after_write)
    if writes and (meddler.cut or meddler.away):
        return _ended(request)
    return web.Response(body=content, status=status, content_type=kind)


def _ended(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()

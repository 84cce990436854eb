"""The workspace over HTTP: Web API, sockets, response_urls, files, control API and the page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from sandbox.slack import control
from sandbox.slack.api import dispatch
from sandbox.slack.doors import SocketDoor
from sandbox.slack.responding import respond
from sandbox.slack.workspace import Workspace

PAGE = Path(__file__).parent / "page"
_MOST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its address, without a slash at the end."""

    url: str


class _Routes:
    """The requests that are neither Web API nor control."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def api(self, request: web.Request) -> web.StreamResponse:
        """Answer a Web API call."""
        return await dispatch.answer(self._workspace, request)

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """Hold a Socket Mode connection."""
        door = self._workspace.door
        if not isinstance(door, SocketDoor):
            return web.Response(status=404, text="This app does not use Socket Mode.")
        return await door.serve(request)

    async def response(self, request: web.Request) -> web.StreamResponse:
        """Take an answer at a response_url."""
        return await respond(self._workspace, request)

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Take the bytes of an announced file: as the body, or as the one file of a form."""
        file = self._workspace.files.get(request.match_info["file"])
        if file is None or file.ticket != request.match_info["ticket"] or file.complete:
            return web.Response(status=404, text="unknown upload")
        content = await _upload_body(request)
        if len(content) != file.length:
            return web.Response(status=400, text=f"announced {file.length} bytes, got {len(content)}")
        file.content = content
        return web.Response(text=f"OK - {len(content)}")

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Hand out a private file to the app, which needs its token and files:read."""
        file = self._workspace.files.get(request.match_info["file"])
        allowed = request.headers.get("Authorization") == f"Bearer {self._workspace.secrets.bot_token}"
        if not allowed or "files:read" not in self._workspace.manifest.scopes:
            return web.Response(status=403, text="a token with files:read is needed")
        if file is None or file.content is None:
            return web.Response(status=404, text="unknown file")
        return web.Response(body=file.content, content_type=file.mimetype)

    async def manifest(self, _request: web.Request) -> web.StreamResponse:
        """Show the manifest in force."""
        return web.json_response(self._workspace.raw_manifest)

    async def index(self, _request: web.Request) -> web.StreamResponse:
        """Show the page."""
        return web.FileResponse(PAGE / "index.html")


async def _upload_body(request: web.Request) -> bytes:
    """Return the bytes of an upload."""
    if request.content_type == "multipart/form-data":
        form = await request.post()
        for field in form.values():
            if isinstance(field, web.FileField):
                return field.file.read()
        return b""
    return await request.read()


def application(workspace: Workspace) -> web.Application:
    """Return the aiohttp application of a workspace."""
    app, routes = web.Application(client_max_size=_MOST_BYTES), _Routes(workspace)
    app.router.add_route("*", "/api/{method:[\\w.]+}", routes.api)
    app.router.add_get("/socket/{ticket}", routes.socket)
    app.router.add_post("/response/{ticket}", routes.response)
    app.router.add_post("/files/upload/{file}/{ticket}", routes.upload)
    app.router.add_get("/files/private/{file}/{name}", routes.download)
    app.router.add_get("/manifest", routes.manifest)
    control.add_routes(app, workspace)
    if PAGE.is_dir():
        app.router.add_get("/", routes.index)
        app.router.add_static("/", PAGE)
    return app


@asynccontextmanager
async def serve(workspace: Workspace, port: int = 0, host: str = "127.0.0.1") -> AsyncIterator[Server]:
    """Serve a workspace for the duration of the block; port 0 takes any free one."""
    runner = web.AppRunner(application(workspace), access_log=None, handle_signals=False, shutdown_timeout=0.5)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        address = runner.addresses[0]
        workspace.base_url = f"http://{host}:{address[1]}"
        yield Server(workspace.base_url)
    finally:
        workspace.resume()
        await workspace.background.close()
        await workspace.door.close()
        await runner.cleanup()

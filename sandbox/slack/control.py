"""The control API: JSON for tests, demo and page; loopback only, without authentication."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, is_dataclass
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.slack.changes import Onlooker
from sandbox.slack.clock import TestClock
from sandbox.slack.deeds.people import DEEDS
from sandbox.slack.faults import Fault
from sandbox.slack.refusals import DeedRefusedError, Json
from sandbox.slack.screen import person_on_screen
from sandbox.slack.sight import can_see
from sandbox.slack.state.channels import channel_as_api
from sandbox.slack.workspace import Workspace

COALESCE_SECONDS = 0.05
"""News for an open page is collected this long before it is sent."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Control:
    """Answers the control API of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def people(self, _request: web.Request) -> web.StreamResponse:
        """List the members."""
        return web.json_response([person_on_screen(person) for person in self._workspace.users.values()])

    async def screen(self, request: web.Request) -> web.StreamResponse:
        """Return what a person sees."""
        return web.json_response(self._workspace.screen(request.match_info["user"]))

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Tell an open page whenever what its person sees has changed."""
        person = self._workspace.person(request.match_info["user"])
        socket = web.WebSocketResponse(heartbeat=30.0)
        await socket.prepare(request)
        with self._workspace.changes.watched_by(person.id) as onlooker:
            telling = asyncio.create_task(self._tell(socket, onlooker))
            try:
                async for frame in socket:
                    if frame.type is WSMsgType.ERROR:
                        break
            finally:
                telling.cancel()
        return socket

    async def _tell(self, socket: web.WebSocketResponse, onlooker: Onlooker) -> None:
        """Send the number of the latest change, at most every 50 ms."""
        onlooker.news.set()
        while True:
            await onlooker.news.wait()
            await asyncio.sleep(COALESCE_SECONDS)
            onlooker.news.clear()
            await socket.send_json({"seq": self._workspace.changes.seq})

    async def deed(self, request: web.Request) -> web.StreamResponse:
        """Do something in a person's name."""
        deed, arguments = request.match_info["deed"], await _body(request)
        if deed not in DEEDS:
            raise DeedRefusedError(f"There is no deed {deed}; there are {', '.join(sorted(DEEDS))}.")
        act = getattr(self._workspace.people, deed)
        user = request.match_info["user"]
        try:
            inspect.signature(act).bind(user, **arguments)
        except TypeError as wrong:
            raise DeedRefusedError(f"{deed}: {wrong}.") from None
        return web.json_response(_plain(await act(user, **arguments)))

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Show a file to a person who may see it."""
        person = self._workspace.person(request.match_info["user"])
        file = self._workspace.files.get(request.match_info["file"])
        seen = file is not None and any(can_see(self._workspace.channels[channel], person) for channel in file.channels)
        if file is None or file.content is None or not seen:
            raise KeyError("there is no such file to see")
        return web.Response(body=file.content, content_type=file.mimetype)

    async def calls(self, request: web.Request) -> web.StreamResponse:
        """List the app's calls."""
        since = int(request.query.get("since", "0"))
        return web.json_response([asdict(call) for call in self._workspace.calls.since(since)])

    async def clear_calls(self, _request: web.Request) -> web.StreamResponse:
        """Forget the app's calls."""
        self._workspace.calls.clear()
        return web.json_response({"ok": True})

    async def add_fault(self, request: web.Request) -> web.StreamResponse:
        """Put a fault in force."""
        self._workspace.faults.add(Fault(**await _body(request)))
        return web.json_response({"ok": True})

    async def clear_faults(self, _request: web.Request) -> web.StreamResponse:
        """Let everything work again."""
        self._workspace.faults.clear()
        return web.json_response({"ok": True})

    async def latency(self, request: web.Request) -> web.StreamResponse:
        """Set how many seconds every call takes."""
        self._workspace.latency = float((await _body(request))["seconds"])
        return web.json_response({"seconds": self._workspace.latency})

    async def rate_limits(self, request: web.Request) -> web.StreamResponse:
        """Switch the rate limits."""
        self._workspace.limits.on = bool((await _body(request))["on"])
        return web.json_response({"on": self._workspace.limits.on})

    async def answering(self, request: web.Request) -> web.StreamResponse:
        """Let calls hang, or answer them again."""
        on = bool((await _body(request))["on"])
        if on:
            self._workspace.resume()
        else:
            self._workspace.stop_answering()
        return web.json_response({"on": on})

    async def clock(self, request: web.Request) -> web.StreamResponse:
        """Move a test clock."""
        clock = self._workspace.clock
        if not isinstance(clock, TestClock):
            raise DeedRefusedError("This workspace runs on the machine’s clock, which cannot be moved.")
        clock.advance(float((await _body(request))["advance"]))
        return web.json_response({"now": clock.now()})

    async def cut(self, request: web.Request) -> web.StreamResponse:
        """End all Socket Mode connections."""
        count = await self._workspace.cut_sockets((await _body(request)).get("reason"))
        return web.json_response({"cut": count})

    async def connect_app(self, request: web.Request) -> web.StreamResponse:
        """Send everything to the app's address from now on."""
        await self._workspace.connect_app(str((await _body(request))["url"]))
        return web.json_response({"ok": True})

    async def add_person(self, request: web.Request) -> web.StreamResponse:
        """Add a member."""
        return web.json_response(person_on_screen(self._workspace.add_person(**await _body(request))))

    async def add_channel(self, request: web.Request) -> web.StreamResponse:
        """Add a channel."""
        channel = self._workspace.add_channel(**await _body(request))
        return web.json_response({"id": channel.id, "name": channel.name})

    async def add_usergroup(self, request: web.Request) -> web.StreamResponse:
        """Add a user group."""
        return web.json_response(asdict(self._workspace.add_usergroup(**await _body(request))))

    async def pull(self, request: web.Request) -> web.StreamResponse:
        """Pull a lever; everybody sees what it says then."""
        lever = self._workspace.levers.get(request.match_info["lever"])
        if lever is None:
            raise KeyError("there is no such lever")
        await lever.pull()
        self._workspace.changes.touch()
        return web.json_response(lever.shown())

    async def state(self, _request: web.Request) -> web.StreamResponse:
        """Return everything, for tests."""
        workspace = self._workspace
        channels = [
            channel_as_api(channel, team_id=workspace.team_id, viewer=workspace.bot.id)
            | {
                "members": list(channel.members),
                "pins": [asdict(pin) for pin in channel.pins.values()],
                "bookmarks": list(channel.bookmarks.values()),
                "messages": [asdict(channel.messages[ts]) for ts in channel.order],
                "ephemerals": {
                    user: [asdict(message) for message in kept] for user, kept in channel.ephemerals.items()
                },
            }
            for channel in workspace.channels.values()
        ]
        return web.json_response(
            {
                "team": {"id": workspace.team_id, "name": workspace.name},
                "app": {"id": workspace.app_id, "user": workspace.bot.id, "bot": workspace.bot.bot_id},
                "now": workspace.clock.now(),
                "people": [asdict(person) for person in workspace.users.values()],
                "usergroups": [asdict(group) for group in workspace.usergroups.values()],
                "channels": channels,
                "views": [asdict(view) for view in workspace.views.values()],
                "notices": {user: list(kept) for user, kept in workspace.notices.items()},
                "faults": [asdict(fault) for fault in workspace.faults],
                "defects": [repr(defect) for defect in workspace.background.defects],
            }
        )


def _plain(result: object) -> Any:
    """Return a deed's result as JSON."""
    if is_dataclass(result) and not isinstance(result, type):
        return asdict(result)
    return result


async def _body(request: web.Request) -> Json:
    """Return the JSON object in a request; an empty body stands for {}."""
    text = await request.text()
    body = json.loads(text) if text else {}
    if not isinstance(body, dict):
        raise DeedRefusedError("The body must be a JSON object.")
    return body


def _with_sentences(handler: Handler) -> Handler:
    """Turn what went wrong into {"error": sentence} with a 4xx status."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except KeyError as missing:
            return web.json_response({"error": str(missing.args[0])}, status=404)
        except DeedRefusedError as refused:
            return web.json_response({"error": str(refused)}, status=409)
        except (ValueError, TypeError) as wrong:
            return web.json_response({"error": str(wrong)}, status=400)

    return guarded


def add_routes(app: web.Application, workspace: Workspace) -> None:
    """Put the control API into an application."""
    control = Control(workspace)
    routes: list[tuple[str, str, Handler]] = [
        ("GET", "/people", control.people),
        ("POST", "/people", control.add_person),
        ("POST", "/people/{user}/{deed}", control.deed),
        ("GET", "/screen/{user}", control.screen),
        ("GET", "/stream/{user}", control.stream),
        ("GET", "/files/{user}/{file}", control.file),
        ("GET", "/calls", control.calls),
        ("DELETE", "/calls", control.clear_calls),
        ("POST", "/faults", control.add_fault),
        ("DELETE", "/faults", control.clear_faults),
        ("POST", "/latency", control.latency),
        ("POST", "/rate_limits", control.rate_limits),
        ("POST", "/answering", control.answering),
        ("POST", "/clock", control.clock),
        ("POST", "/sockets/cut", control.cut),
        ("POST", "/app", control.connect_app),
        ("POST", "/channels", control.add_channel),
        ("POST", "/usergroups", control.add_usergroup),
        ("POST", "/levers/{lever}", control.pull),
        ("GET", "/state", control.state),
    ]
    for verb, path, handler in routes:
        app.router.add_route(verb, f"/control{path}", _with_sentences(handler))

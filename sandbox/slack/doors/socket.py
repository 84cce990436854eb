"""Socket Mode: WebSockets that the app opens, each payload on one of them, acknowledged by envelope id.

Source of the protocol: Slack's Socket Mode docs and what its Python and Java SDKs read and write.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
import uuid
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from sandbox.slack.clock import within
from sandbox.slack.doors.delivery import ACK_SECONDS, EVENT_PAUSES, Answer, Request
from sandbox.slack.refusals import DeedRefusedError, Json

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

MOST_CONNECTIONS = 10
"""An app may hold 10 connections (Slack: Socket Mode docs)."""

TICKET_SECONDS = 30.0
"""How long the address from apps.connections.open is good; our own figure."""

WARNING_SECONDS = 10.0
"""A connection closes about 10 seconds after the warning (Slack: Socket Mode docs)."""


@dataclass(eq=False, slots=True)
class Pending:
    """A payload that is not acknowledged yet. A redelivery gets a new envelope id and a higher attempt."""

    kind: str
    payload: Json
    acked: asyncio.Future[Any]
    attempt: int = 0
    reason: str = ""

    def envelope(self, envelope_id: str) -> str:
        """Return the text frame to send."""
        envelope: Json = {
            "envelope_id": envelope_id,
            "payload": self.payload,
            "type": self.kind,
            "accepts_response_payload": self.kind != "events_api",
        }
        if self.kind == "events_api" or self.attempt:
            envelope |= {"retry_attempt": self.attempt, "retry_reason": self.reason}
        return json.dumps(envelope)


@dataclass(eq=False, slots=True)
class Connection:
    """One WebSocket and what was sent on it without being acknowledged."""

    request: web.Request
    socket: web.WebSocketResponse
    unacked: dict[str, Pending] = field(default_factory=dict)
    leaving: bool = False


class SocketDoor:
    """Holds the connections and the payloads under way."""

    def __init__(self, workspace: Workspace) -> None:
        self.connections: list[Connection] = []
        self.opened = asyncio.Event()
        self.enabled = True
        self._workspace = workspace
        self._tickets: dict[str, float] = {}
        self._waiting: deque[Pending] = deque()
        self._turn = itertools.count()

    def ticket(self) -> str:
        """Return a ticket for one connection (apps.connections.open)."""
        ticket, now = self._workspace.ids.secret(32), self._workspace.clock.now()
        self._tickets = {known: until for known, until in self._tickets.items() if until > now}
        self._tickets[ticket] = now + TICKET_SECONDS
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer `/socket/TICKET`: one connection, from hello to its end."""
        until = self._tickets.pop(request.match_info["ticket"], 0.0)
        if until <= self._workspace.clock.now() or not self.enabled:
            return web.Response(status=403, text="This socket address is used, expired or unknown.")
        socket = web.WebSocketResponse(heartbeat=30.0, compress=False)
        await socket.prepare(request)
        if len(self.connections) >= MOST_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets", "debug_info": {}})
            await socket.close()
            return socket
        connection = Connection(request, socket)
        self.connections.append(connection)
        try:
            await self._converse(connection)
        finally:
            await self._lost(connection)
        return socket

    async def _converse(self, connection: Connection) -> None:
        """Say hello, hand over what waited, and read acknowledgements until the connection ends."""
        hello = {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18_060},
            "connection_info": {"app_id": self._workspace.app_id},
        }
        await connection.socket.send_json(hello)
        self.opened.set()
        while self._waiting and not connection.leaving:
            await self._send(self._waiting.popleft())
        async for frame in connection.socket:
            if frame.type is WSMsgType.TEXT:
                _acknowledge(connection, frame.data)

    async def _lost(self, connection: Connection) -> None:
        """Take a connection off the list and deliver again what it had not acknowledged."""
        self.connections.remove(connection)
        for pending in list(connection.unacked.values()):
            if not pending.acked.done():
                pending.attempt, pending.reason = pending.attempt + 1, "connection_failed"
                await self._send(pending)

    async def _send(self, pending: Pending) -> None:
        """Send a payload on one of the connections, in turn; keep it for the next when there is none."""
        while ready := [connection for connection in self.connections if not connection.leaving]:
            connection = ready[next(self._turn) % len(ready)]
            envelope_id = str(uuid.uuid4())
            connection.unacked[envelope_id] = pending
            try:
                await connection.socket.send_str(pending.envelope(envelope_id))
            except ConnectionError:  # it broke a moment ago; its end will be noticed on the reading side
                connection.leaving = True
                del connection.unacked[envelope_id]
                continue
            return
        self._waiting.append(pending)

    def _forget(self, pending: Pending) -> None:
        """Stop waiting for an acknowledgement."""
        pending.acked.cancel()
        if pending in self._waiting:
            self._waiting.remove(pending)
        for connection in self.connections:
            for envelope_id in [key for key, sent in connection.unacked.items() if sent is pending]:
                del connection.unacked[envelope_id]

    async def _attempt(self, pending: Pending) -> Any:
        """Send a payload once and return the acknowledgement's body; raises TimeoutError after 3 seconds."""
        await self._send(pending)
        try:
            return await within(self._workspace.clock, ACK_SECONDS, pending.acked)
        except TimeoutError:
            self._forget(pending)
            raise

    async def deliver(self, request: Request) -> Answer:
        """Send a command or an interaction; it is sent again only when its connection breaks in the 3 seconds."""
        if not any(not connection.leaving for connection in self.connections):
            return Answer(acked=False, error="dispatch_failed")
        started = time.perf_counter()
        pending = Pending(request.kind, request.payload, asyncio.get_running_loop().create_future())
        try:
            body = await self._attempt(pending)
        except TimeoutError:
            return Answer(acked=False, error="operation_timeout", delay_seconds=time.perf_counter() - started)
        return Answer(acked=True, body=body, delay_seconds=time.perf_counter() - started)

    async def deliver_event(self, payload: Json) -> None:
        """Send an event, up to four times; what breaks off goes to the next connection at once."""
        attempt, reason = 0, ""
        for pause in EVENT_PAUSES:
            if pause:
                await self._workspace.clock.sleep(pause)
            future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            pending = Pending("events_api", payload, future, attempt, reason)
            try:
                await self._attempt(pending)
            except TimeoutError:
                attempt, reason = pending.attempt + 1, "timeout"
            else:
                return

    async def cut(self, reason: str | None) -> int:
        """End all connections: with a word (warning, refresh_requested, link_disabled) or, for None, without one."""
        cut = [connection for connection in self.connections if not connection.leaving]
        for connection in cut:
            connection.leaving = True
        self.enabled = self.enabled and reason != "link_disabled"
        for connection in cut:
            await self._part(connection, reason)
        return len(cut)

    async def _part(self, connection: Connection, reason: str | None) -> None:
        """End one connection."""
        if reason is None:
            if connection.request.transport is not None:
                connection.request.transport.abort()
            return
        await connection.socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})
        pause = WARNING_SECONDS if reason == "warning" else 0.0
        self._workspace.background.spawn(self._close_later(connection, pause))

    async def _close_later(self, connection: Connection, pause: float) -> None:
        """Close a connection that was told so."""
        if pause:
            await self._workspace.clock.sleep(pause)
        await connection.socket.close()

    def enable(self) -> None:
        """Take back that the link was disabled."""
        self.enabled = True

    async def point_to(self, url: str) -> None:
        """Refuse: in Socket Mode the app comes to Slack."""
        raise DeedRefusedError(f"This app uses Socket Mode; it has no address such as {url}.")

    async def close(self) -> None:
        """Close all connections."""
        for connection in list(self.connections):
            await connection.socket.close()


def _acknowledge(connection: Connection, text: str) -> None:
    """Read one frame from the app; anything but the acknowledgement of an open envelope is ignored."""
    try:
        frame = json.loads(text)
    except ValueError:
        return
    if not isinstance(frame, dict):
        return
    pending = connection.unacked.pop(str(frame.get("envelope_id", "")), None)
    if pending is not None and not pending.acked.done():
        pending.acked.set_result(frame.get("payload") or None)

"""HTTP mode: signed requests to the app's addresses, three seconds for an answer, events retried.

Sources: Slack's docs on verifying requests (signature v0), interactivity and the Events API (retries).
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import aiohttp

from sandbox.slack.clock import within
from sandbox.slack.doors.delivery import ACK_SECONDS, EVENT_PAUSES, Answer, Request
from sandbox.slack.refusals import DeedRefusedError, Json

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"


def signature(secret: str, timestamp: str, body: str) -> str:
    """Return the value of X-Slack-Signature for a raw body."""
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Reply:
    """What the app's server said: status 0 means that there was no answer, `failure` why."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    failure: str = ""


class HttpDoor:
    """Sends everything to the addresses in the manifest, or to the one given by `point_to`."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._url = ""
        self._verified: str | None = None
        self._session: aiohttp.ClientSession | None = None

    async def deliver(self, request: Request) -> Answer:
        """Send a command or an interaction once; neither is ever retried."""
        url = self._url or request.url
        if not url:
            return Answer(acked=False, error="dispatch_failed")
        if request.kind == "slash_commands":
            body = urlencode(request.payload)
        else:
            body = urlencode({"payload": json.dumps(request.payload)})
        started = time.perf_counter()
        reply = await self._post(url, body, _FORM)
        delay = time.perf_counter() - started
        if reply.status == 200:
            return Answer(acked=True, body=reply.body, delay_seconds=delay)
        words = {"http_timeout": "operation_timeout", "http_error": "http_service_error"}
        return Answer(acked=False, error=words.get(reply.failure, "dispatch_failed"), delay_seconds=delay)

    async def deliver_event(self, payload: Json) -> None:
        """Send an event, up to four times, until a 2xx or a non-2xx with X-Slack-No-Retry."""
        reason, body = "", json.dumps(payload)
        for attempt, pause in enumerate(EVENT_PAUSES):
            if pause:
                await self._workspace.clock.sleep(pause)
            if not (url := await self._events_url()):
                reason = "connection_failed"
                continue
            retry = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason} if attempt else {}
            reply = await self._post(url, body, _JSON, retry)
            if 200 <= reply.status < 300 or reply.headers.get("x-slack-no-retry") == "1":
                return
            reason = reply.failure

    async def _events_url(self) -> str:
        """Return the address for events once it has answered the challenge; empty while there is none."""
        url = self._url or self._workspace.manifest.events_url
        if url and self._verified != url:
            await self._verify(url)
        return url if url and self._verified == url else ""

    async def _verify(self, url: str) -> None:
        """Send the url_verification challenge and note whether it came back."""
        challenge = self._workspace.ids.secret(52)
        token = self._workspace.secrets.verification_token
        body = json.dumps({"token": token, "challenge": challenge, "type": "url_verification"})
        reply = await self._post(url, body, _JSON)
        returned = reply.body.get("challenge", reply.body.get("text")) if isinstance(reply.body, dict) else None
        if reply.status == 200 and returned == challenge:
            self._verified = url

    async def _post(self, url: str, body: str, kind: str, extra: dict[str, str] | None = None) -> Reply:
        """Send one signed request and wait 3 seconds at most."""
        sending = asyncio.ensure_future(self._exchange(url, body, kind, extra or {}))
        try:
            return await within(self._workspace.clock, ACK_SECONDS, sending)
        except TimeoutError:
            sending.cancel()
            return Reply(0, failure="http_timeout")

    async def _exchange(self, url: str, body: str, kind: str, extra: dict[str, str]) -> Reply:
        """Send one signed request; the time in the signature is the machine's, as receivers check it against theirs."""
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": kind,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._workspace.secrets.signing_secret, timestamp, body),
            **extra,
        }
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        try:
            async with self._session.post(url, data=body.encode(), headers=headers, allow_redirects=False) as got:
                answer = _body(got.content_type, await got.text())
                failure = "" if 200 <= got.status < 300 else "http_error"
                return Reply(got.status, answer, {name.lower(): text for name, text in got.headers.items()}, failure)
        except aiohttp.ClientError:
            return Reply(0, failure="connection_failed")

    async def cut(self, reason: str | None) -> int:
        """Do nothing: there is no lasting connection in HTTP mode."""
        return 0

    def enable(self) -> None:
        """Do nothing: no link can be disabled in HTTP mode."""

    async def point_to(self, url: str) -> None:
        """Send everything to this address, after it has answered the challenge."""
        await self._verify(url)
        if self._verified != url:
            raise DeedRefusedError(f"{url} did not answer the url_verification challenge.")
        self._url = url

    async def close(self) -> None:
        """Close what is open."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def _body(kind: str, text: str) -> Any:
    """Read an answer: JSON as such, other text as the text of a message, nothing as None."""
    if not text:
        return None
    if kind == _JSON:
        try:
            return json.loads(text)
        except ValueError:
            return None
    return {"text": text}

"""How Slack reaches Opsroom: a socket that Opsroom opens, or signed HTTP requests. Behind both stands one Bolt app."""

import asyncio
import logging
import re

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message, Receive

from bot.errors import SettingsError
from bot.slack import answers
from bot.slack.identity import Identity
from bot.slack.listeners import Listeners

logger = logging.getLogger(__name__)

EVENTS = "/slack/events"
_ADDRESS = re.compile(r"wss?://[^\s'\")]*")
_AT_FIRST = 2.0
"""Seconds in which the first socket usually opens."""
_LONGEST = 1_000_000
"""Bytes of a request; a full modal with its state is a third of it."""
_LOOKS = 5
"""After so many looks at a socket that does not open, another address is asked for; Slack lets us ask rarely."""
_PING = 1.0
"""Seconds between two looks at whether the socket stands: Slack waits 3 s for an acknowledgement, a new connection
included."""


def bolt_app(identity: Identity, api: str, signing_secret: str | None, listeners: Listeners) -> AsyncApp:
    """Return the Bolt app with its listeners. It checks signatures; the calls that work makes go through our client."""
    quiet = logging.getLogger("slack_bolt")
    quiet.setLevel(logging.WARNING)

    async def authorize() -> AuthorizeResult:  # Bolt reads the names of its parameters: a method has one too many
        return identity.known()

    app = AsyncApp(
        client=AsyncWebClient(base_url=api, logger=quiet),
        authorize=authorize,
        signing_secret=signing_secret or "unused in Socket Mode",
        request_verification_enabled=signing_secret is not None,
        # Otherwise Bolt looks every 10 ms whether a listener has acknowledged; ours return once they have.
        process_before_response=True,
        logger=quiet,
    )
    listeners.attach(app)
    return app


class SocketConnection:
    """Socket Mode: opened and kept open by slack_sdk, which reconnects by itself."""

    def __init__(self, app: AsyncApp, app_token: str, api: str) -> None:
        log = _wire_log()
        client = AsyncWebClient(token=app_token, base_url=api, logger=log)
        self._handler = AsyncSocketModeHandler(app, app_token, logger=log, web_client=client, ping_interval=_PING)
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Connect, and see to it that it stays so; while Slack does not answer, go on trying in the background.

        Raises SettingsError when Slack does not accept the token.
        """
        opening = asyncio.create_task(self._open(), name="socket")
        self._tasks += [opening, asyncio.create_task(self._renew(), name="socket address")]
        await asyncio.wait({opening}, timeout=_AT_FIRST)
        if opening.done():
            opening.result()
        else:
            logger.warning("Starting all the same: Slack has not opened a socket yet.")

    async def _open(self) -> None:
        try:
            self._handler.client.wss_uri = await self._handler.client.issue_new_wss_url()
        except SlackApiError as error:
            answer = answers.of_web_api(error.response)
            code = str((answer.body or {}).get("error", ""))
            if code and code not in answers.FAILURES:
                raise SettingsError(f"Slack does not accept OPSROOM_SLACK_APP_TOKEN: {code}.") from None
        except (*answers.TRANSPORT, KeyError, TypeError):  # the last two: slack_sdk trips over what is no JSON
            pass
        await self._handler.connect_async()  # type: ignore[no-untyped-call]  # slack_bolt leaves it without types

    async def _renew(self) -> None:
        """Drop the address of a socket that does not open: each is good once and not for long.

        slack_sdk goes on with the one that it has, for ever; without one it asks for another.
        """
        client, missing = self._handler.client, 0
        while True:
            await asyncio.sleep(_PING)
            missing = 0 if await client.is_connected() else missing + 1
            if missing and missing % _LOOKS == 0:
                client.wss_uri = None

    async def close(self) -> None:
        """Disconnect: Slack gives what was not acknowledged to another connection."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._handler.close_async()  # type: ignore[no-untyped-call]  # as above

    async def fault(self) -> str | None:
        """Return what is wrong with the connection, or None."""
        return None if await self._handler.client.is_connected() else "the socket to Slack is not connected"


def _wire_log() -> logging.Logger:
    """Return slack_sdk's log: above DEBUG, where it would write out every message, and without addresses."""
    log = logging.getLogger(f"{__name__}.wire")
    log.setLevel(logging.WARNING)
    log.addFilter(_without_addresses)
    return log


def _without_addresses(record: logging.LogRecord) -> bool:
    """Take the socket's address out of a record, and the trace with it: who has the address can take our place."""
    record.msg, record.args = _ADDRESS.sub("wss://…", record.getMessage()), None
    record.exc_info = record.exc_text = None
    return True


def http_routes(app: AsyncApp) -> list[Route]:
    """Return the route to which Slack sends everything in HTTP mode."""
    handler = AsyncSlackRequestHandler(app)

    async def events(request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return Response("That is longer than anything that Slack sends.", status_code=413)
        return await handler.handle(Request(request.scope, _given(body)))

    return [Route(EVENTS, events, methods=["POST"])]


async def _body(request: Request) -> bytes | None:
    """Read a request of which nobody knows yet whether Slack sent it; None when there is too much of it."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _LONGEST:
            return None
    return bytes(body)


def _given(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive

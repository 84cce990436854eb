"""How Slack reaches Opsroom: a socket that Opsroom opens, or signed HTTP requests. Behind both stands one Bolt app."""

import logging

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.slack.identity import Identity
from bot.slack.listeners import Listeners

EVENTS = "/slack/events"
_PING = 1.0
"""Seconds between two looks at whether the socket stands: Slack waits 3 s for an acknowledgement, a new connection
included."""


def bolt_app(identity: Identity, api: str, signing_secret: str | None, listeners: Listeners) -> AsyncApp:
    """Return the Bolt app with its listeners. It checks signatures; the calls that work makes go through our client."""
    quiet = logging.getLogger("slack_bolt")
    quiet.setLevel(logging.WARNING)

    async def authorize() -> AuthorizeResult:  # Bolt reads the names of its parameters: a method has one too many
        return await identity.authorize()

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
        client = AsyncWebClient(token=app_token, base_url=api)
        self._handler = AsyncSocketModeHandler(app, app_token, web_client=client, ping_interval=_PING)

    async def open(self) -> None:
        """Connect; raises what slack_sdk raises when Slack refuses."""
        await self._handler.connect_async()  # type: ignore[no-untyped-call]  # slack_bolt leaves it without types

    async def close(self) -> None:
        """Disconnect: Slack gives what was not acknowledged to another connection."""
        await self._handler.close_async()  # type: ignore[no-untyped-call]  # as above

    async def fault(self) -> str | None:
        """Return what is wrong with the connection, or None."""
        return None if await self._handler.client.is_connected() else "the socket to Slack is not connected"


def http_routes(app: AsyncApp) -> list[Route]:
    """Return the route to which Slack sends everything in HTTP mode."""
    handler = AsyncSlackRequestHandler(app)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    return [Route(EVENTS, events, methods=["POST"])]

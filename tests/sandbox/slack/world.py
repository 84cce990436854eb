"""What the tests stand on: a manifest, a workspace with people and channels, and clients of the real SDK."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import TestClock, Workspace

SCOPES = [
    "app_mentions:read", "bookmarks:read", "bookmarks:write", "channels:history", "channels:join", "channels:manage",
    "channels:read", "chat:write", "commands", "files:read", "files:write", "groups:history", "groups:read",
    "groups:write", "im:history", "im:read", "im:write", "pins:read", "pins:write", "reactions:read",
    "reactions:write", "team:read", "usergroups:read", "users.profile:read", "users:read", "users:read.email",
]  # fmt: skip

EVENTS = [
    "app_home_opened", "app_mention", "member_joined_channel", "message.channels", "message.groups", "message.im",
    "pin_added", "reaction_added",
]  # fmt: skip

_MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Probe"},
    "features": {
        "bot_user": {"display_name": "probe"},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [
            {"command": "/probe", "description": "Try it", "usage_hint": "now", "should_escape": True},
            {"command": "/plain", "description": "Try it unescaped"},
        ],
        "shortcuts": [
            {"name": "Note it", "type": "message", "callback_id": "note", "description": "Note a message"},
            {"name": "Start", "type": "global", "callback_id": "start", "description": "Start it"},
        ],
    },
    "oauth_config": {"scopes": {"bot": SCOPES}},
    "settings": {
        "interactivity": {"is_enabled": True},
        "event_subscriptions": {"bot_events": EVENTS},
        "socket_mode_enabled": True,
    },
}


def manifest(*, without_scopes: tuple[str, ...] = (), events: list[str] | None = None, socket: bool = True) -> Any:
    """Return the test app's manifest, some scopes taken away."""
    made = deepcopy(_MANIFEST)
    made["oauth_config"]["scopes"]["bot"] = [scope for scope in SCOPES if scope not in without_scopes]
    made["settings"]["event_subscriptions"]["bot_events"] = EVENTS if events is None else events
    made["settings"]["socket_mode_enabled"] = socket
    return made


@dataclass(frozen=True)
class World:
    """A served workspace: alice and bob are in #general with the app; #random has alice alone."""

    workspace: Workspace
    clock: TestClock
    client: AsyncWebClient
    alice: str
    bob: str
    bot: str
    general: str
    random: str

    @property
    def api(self) -> str:
        """The address of the Web API."""
        return f"{self.workspace.base_url}/api/"

    def said(self, channel: str) -> list[str]:
        """Return the texts of all messages in a channel."""
        kept = self.workspace.channels[channel]
        return [kept.messages[ts].text for ts in kept.order]


def furnish(workspace: Workspace, clock: TestClock) -> World:
    """Put people and channels into a workspace; its address is not known yet."""
    alice = workspace.add_person("alice", display_name="Alice", tz="Europe/Berlin")
    bob = workspace.add_person("bob")
    general = workspace.add_channel("general", members=[alice, bob, workspace.bot], is_general=True)
    random = workspace.add_channel("random", members=[alice])
    client = AsyncWebClient(token=workspace.secrets.bot_token)
    return World(workspace, clock, client, alice.id, bob.id, workspace.bot.id, general.id, random.id)


Listener = Callable[[AsyncBaseSocketModeClient, SocketModeRequest], Awaitable[None]]


@asynccontextmanager
async def ears(app_token: str, client: AsyncWebClient, listener: Listener) -> AsyncIterator[SocketModeClient]:
    """Connect the SDK's Socket Mode client for the duration of the block; the listener gets every request."""
    connected = SocketModeClient(app_token=app_token, web_client=client, ping_interval=60)
    connected.socket_mode_request_listeners.append(listener)
    await connected.connect()  # type: ignore[no-untyped-call]
    try:
        yield connected
    finally:
        await connected.close()  # type: ignore[no-untyped-call]


async def refusal(call: Awaitable[Any]) -> str:
    """Return the error code with which a call is refused; what the SDK thinks of the call beforehand is ignored."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            await call
    except SlackApiError as refused:
        return str(refused.response["error"])
    raise AssertionError("the call was not refused")


async def until(condition: Callable[[], object], seconds: float = 5.0) -> None:
    """Return as soon as the condition holds; fails after that many real seconds."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - conditions of any kind, within a deadline
            await asyncio.sleep(0.005)


BUTTON = {
    "type": "actions",
    "block_id": "deck",
    "elements": [
        {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}, "value": "42"},
        {
            "type": "static_select",
            "action_id": "pick",
            "placeholder": {"type": "plain_text", "text": "Pick"},
            "options": [
                {"text": {"type": "plain_text", "text": "One"}, "value": "1"},
                {"text": {"type": "plain_text", "text": "Two"}, "value": "2"},
            ],
        },
    ],
}


def modal(**more: Any) -> dict[str, Any]:
    """Return a modal with one required and one optional field."""
    plain = {"type": "plain_text", "text": "Text"}
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain,
        "submit": plain,
        "blocks": [
            {
                "type": "input",
                "block_id": "what",
                "label": plain,
                "element": {"type": "plain_text_input", "action_id": "text", "max_length": 20},
            },
            {
                "type": "input",
                "block_id": "when",
                "optional": True,
                "label": plain,
                "element": {"type": "datepicker", "action_id": "day", "initial_date": "2026-01-31"},
            },
        ],
        **more,
    }

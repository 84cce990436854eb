"""A small app for the page's tests: it notes what reaches it and answers as the test wants."""

from dataclasses import dataclass, field
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.page.gallery import dashboard, form, plain

Json = dict[str, Any]

MANIFEST: Json = {
    "display_information": {"name": "Watch"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
        "bot_user": {"display_name": "Watch", "always_online": True},
        "slash_commands": [
            {
                "command": "/incident",
                "description": "Declare and run incidents",
                "usage_hint": "declare P1 platform what is wrong",
                "should_escape": True,
            },
            {
                "command": "/inform",
                "description": "Tell stakeholders",
                "usage_hint": "channel text",
                "should_escape": True,
            },
            {"command": "/rollback", "description": "Go back to an earlier revision", "should_escape": False},
        ],
        "shortcuts": [
            {
                "name": "Add to timeline",
                "type": "message",
                "callback_id": "add_to_timeline",
                "description": "Keep this message",
            },
            {
                "name": "Declare an incident",
                "type": "global",
                "callback_id": "declare_anywhere",
                "description": "Opens a form",
            },
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "chat:write",
                "commands",
                "channels:manage",
                "channels:read",
                "channels:history",
                "groups:write",
                "im:history",
                "pins:write",
                "bookmarks:write",
                "reactions:write",
                "files:write",
                "im:write",
                "groups:history",
                "groups:read",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened"]},
        "interactivity": {"is_enabled": True},
        "org_deploy_enabled": False,
        "socket_mode_enabled": True,
        "token_rotation_enabled": False,
    },
}


@dataclass
class Heard:
    """What reached the app, oldest first: the payload's type and its body."""

    bodies: list[tuple[str, Json]] = field(default_factory=list)

    def of(self, kind: str) -> list[Json]:
        return [body for named, body in self.bodies if named == kind]


class Watch:
    """The app: `heard` is what reached it; `answers` say what it replies to a submission, by callback id."""

    def __init__(self, base_url: str, bot_token: str, app_token: str) -> None:
        self.heard = Heard()
        self.answers: dict[str, Json | None] = {}
        self.client = AsyncWebClient(bot_token, base_url=f"{base_url}/api/")
        self._app = AsyncApp(client=self.client, request_verification_enabled=False)
        self._handler = AsyncSocketModeHandler(self._app, app_token)
        self._listen()

    async def start(self) -> None:
        await self._handler.connect_async()  # type: ignore[no-untyped-call]  # slack_bolt leaves it without types

    async def stop(self) -> None:
        await self._handler.close_async()  # type: ignore[no-untyped-call]  # as above

    def _listen(self) -> None:
        self._app.use(self._note)
        self._app.command("/incident")(self._incident)
        self._app.command("/inform")(self._silent)
        self._app.action("update")(self._update)
        self._app.event("app_home_opened")(self._opened)

    async def _note(self, body: Json, ack: Any, next_: Any, client: AsyncWebClient) -> Any:
        """Keep every interaction; acknowledge those that no listener takes."""
        kind = body.get("type", "")
        if kind not in {"block_actions", "view_submission", "view_closed", "shortcut", "message_action"}:
            return await next_()
        self.heard.bodies.append((kind, body))
        if kind == "block_actions" and body["actions"][0]["action_id"] == "update":
            return await next_()
        if kind == "shortcut":
            await client.views_open(trigger_id=body["trigger_id"], view=form())
        answer = self.answers.get(body.get("view", {}).get("callback_id", ""))
        return await (ack(**answer) if answer else ack())

    async def _incident(self, ack: Any, body: Json, client: AsyncWebClient) -> None:
        self.heard.bodies.append(("command", body))
        if body["text"].strip():
            await ack(f"You said: {body['text']}")
            return
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form())

    async def _silent(self, body: Json) -> None:
        self.heard.bodies.append(("command", body))

    async def _update(self, ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form("Post an update"))

    async def _opened(self, event: Json, client: AsyncWebClient) -> None:
        self.heard.bodies.append(("app_home_opened", event))
        if event["tab"] == "home":
            await client.views_publish(user_id=event["user"], view=dashboard())


def pushed() -> Json:
    """A second modal to put on top of the first."""
    return {
        "type": "modal",
        "callback_id": "second",
        "title": plain("Are you sure?"),
        "submit": plain("Yes"),
        "blocks": [{"type": "section", "text": plain("This pages the on-call engineer.")}],
    }

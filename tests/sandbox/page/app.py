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
            {"command": "/incident", "description": "Declare and run incidents", "usage_hint": "declare P1 platform what is wrong", "should_escape": True},
            {"command": "/inform", "description": "Tell stakeholders", "usage_hint": "channel text", "should_escape": True},
            {"command": "/rollback", "description": "Go back to an earlier revision", "should_escape": False},
        ],
        "shortcuts": [
            {"name": "Add to timeline", "type": "message", "callback_id": "add_to_timeline", "description": "Keep this message"},
            {"name": "Declare an incident", "type": "global", "callback_id": "declare_anywhere", "description": "Opens a form"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "chat:write", "commands", "channels:manage", "channels:read", "channels:history", "groups:write", "im:history",
                "pins:write", "bookmarks:write", "reactions:write", "files:write", "im:write", "groups:history", "groups:read",
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
}  # fmt: skip


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
        await self._handler.connect_async()

    async def stop(self) -> None:
        await self._handler.close_async()

    def _listen(self) -> None:
        app, heard = self._app, self.heard.bodies

        @app.command("/incident")
        async def incident(ack: Any, body: Json, client: AsyncWebClient) -> None:
            heard.append(("command", body))
            if body["text"].strip() == "":
                await ack()
                await client.views_open(trigger_id=body["trigger_id"], view=form())
            else:
                await ack(f"You said: {body['text']}")

        @app.command("/inform")
        async def silent(body: Json) -> None:
            heard.append(("command", body))

        @app.action({"type": "block_actions", "action_id": "update"})
        async def update(ack: Any, body: Json, client: AsyncWebClient) -> None:
            heard.append(("block_actions", body))
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=form("Post an update"))

        @app.action({"type": "block_actions", "action_id": ".*"})
        async def never() -> None: ...

        @app.middleware
        async def note(body: Json, ack: Any, next_: Any, client: AsyncWebClient) -> Any:
            kind = body.get("type", "")
            if kind == "block_actions" and body["actions"][0]["action_id"] != "update":
                heard.append((kind, body))
                return await ack()
            if kind in {"view_submission", "view_closed", "shortcut", "message_action"}:
                heard.append((kind, body))
                if kind == "shortcut":
                    await client.views_open(trigger_id=body["trigger_id"], view=form())
                answer = self.answers.get(body.get("view", {}).get("callback_id", ""))
                return await (ack(**answer) if answer else ack())
            return await next_()

        @app.event("app_home_opened")
        async def opened(event: Json, client: AsyncWebClient) -> None:
            heard.append(("app_home_opened", event))
            if event["tab"] == "home":
                await client.views_publish(user_id=event["user"], view=dashboard())

        @app.event("message")
        async def message(event: Json) -> None:
            heard.append(("message", event))


def pushed() -> Json:
    """A second modal to put on top of the first."""
    return {
        "type": "modal",
        "callback_id": "second",
        "title": plain("Are you sure?"),
        "submit": plain("Yes"),
        "blocks": [{"type": "section", "text": plain("This pages the on-call engineer.")}],
    }

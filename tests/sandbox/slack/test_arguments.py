"""Tokens, scopes and arguments: what is refused before a method does anything."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import ManifestError, TestClock, Workspace, serve
from tests.sandbox.slack.world import World, furnish, manifest, refusal


async def raw(world: World, method: str, **request: Any) -> Any:
    headers = {"Authorization": f"Bearer {world.workspace.secrets.bot_token}", **request.pop("headers", {})}
    async with (
        aiohttp.ClientSession() as session,
        session.request(request.pop("verb", "POST"), world.api + method, headers=headers, **request) as got,
    ):
        return await got.json()


async def test_the_sdk_is_told_who_it_is(world: World) -> None:
    answer = await world.client.auth_test()
    assert (answer["user_id"], answer["team"]) == (world.bot, "Sandbox")


@pytest.mark.parametrize(
    ("token", "code"),
    [("", "not_authed"), ("xoxb-other", "invalid_auth"), ("xapp-sandbox-app", "not_allowed_token_type")],
)
async def test_a_wrong_token_is_refused(world: World, token: str, code: str) -> None:
    assert (await raw(world, "auth.test", headers={"Authorization": f"Bearer {token}"}))["error"] == code


async def test_a_socket_needs_the_app_token(world: World) -> None:
    assert await refusal(world.client.apps_connections_open(app_token="xoxb-sandbox-bot")) == "not_allowed_token_type"


async def test_an_uninstalled_app_is_inactive(world: World) -> None:
    world.workspace.token_error = "account_inactive"
    assert await refusal(world.client.auth_test()) == "account_inactive"


async def test_an_unknown_method_is_refused(world: World) -> None:
    assert await refusal(world.client.api_call("conversations.frobnicate")) == "unknown_method"


@pytest.mark.parametrize(
    ("method", "arguments", "code"),
    [
        ("chat.postMessage", {"text": "hello"}, "invalid_arguments"),
        ("chat.postMessage", {"channel": "C1", "text": "x", "colour": "red"}, "invalid_arg_name"),
        ("conversations.create", {}, "invalid_name_required"),
        ("files.getUploadURLExternal", {"filename": "a.txt"}, "missing_argument"),
        ("conversations.invite", {"channel": "C1", "users": "U1", "force": "perhaps"}, "invalid_arguments"),
        ("chat.scheduleMessage", {"channel": "C1", "post_at": "soon"}, "invalid_arguments"),
        ("bookmarks.add", {"channel_id": "C1", "title": "x" * 257, "type": "link"}, "invalid_arguments"),
        ("chat.postMessage", {"channel": "C1", "blocks": "[{"}, "invalid_blocks_format"),
        ("chat.postMessage", {"channel": "C1", "metadata": "[]"}, "invalid_metadata_format"),
        ("chat.postMessage", {"channel": "C1", "parse": "some"}, "invalid_arguments"),
    ],
)
async def test_arguments_are_checked(world: World, method: str, arguments: dict[str, Any], code: str) -> None:
    assert (await raw(world, method, data=arguments))["error"] == code


async def test_a_refusal_says_which_argument_it_was(world: World) -> None:
    answer = await raw(world, "chat.postMessage", data={"text": "hello"})
    assert answer["response_metadata"]["messages"] == ["[ERROR] missing required field: channel"]


async def test_a_writing_method_is_not_called_by_get(world: World) -> None:
    assert (await raw(world, "conversations.create", verb="GET", params={"name": "x"}))["error"] == "invalid_post_type"


async def test_a_reading_method_takes_no_json(world: World) -> None:
    answer = await raw(world, "conversations.info", json={"channel": world.general})
    assert answer["error"] == "invalid_post_type"


async def test_broken_json_is_refused(world: World) -> None:
    answer = await raw(world, "chat.postMessage", data="{", headers={"Content-Type": "application/json"})
    assert answer["error"] == "invalid_json"


async def test_a_missing_scope_is_named() -> None:
    workspace = Workspace(manifest=manifest(without_scopes=("pins:write",)), clock=TestClock())
    made = furnish(workspace, TestClock())
    async with serve(workspace) as server:
        client = AsyncWebClient(token=workspace.secrets.bot_token, base_url=f"{server.url}/api/")
        ts = (await client.chat_postMessage(channel=made.general, text="x"))["ts"]
        assert await refusal(client.pins_add(channel=made.general, timestamp=ts)) == "missing_scope"
        answer = workspace.calls[-1].response
        assert answer["needed"] == "pins:write"
        assert "chat:write" in answer["provided"].split(",")


async def test_private_channels_need_scopes_of_their_own() -> None:
    workspace = Workspace(
        manifest=manifest(without_scopes=("groups:write", "groups:history", "groups:read"), events=[]),
        clock=TestClock(),
    )
    made = furnish(workspace, TestClock())
    secret = workspace.add_channel("secret", private=True, members=[workspace.bot]).id
    async with serve(workspace) as server:
        made.client.base_url = f"{server.url}/api/"
        assert await refusal(made.client.conversations_create(name="hush", is_private=True)) == "missing_scope"
        assert await refusal(made.client.conversations_history(channel=secret)) == "missing_scope"
        assert await refusal(made.client.conversations_setTopic(channel=secret, topic="x")) == "missing_scope"
        assert await refusal(made.client.users_conversations(types="public_channel,private_channel")) == "missing_scope"


def test_a_manifest_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(ManifestError, match="pin_added needs the scope pins:read"):
        Workspace(manifest=manifest(without_scopes=("pins:read",)))
    with pytest.raises(ManifestError, match="need the scope commands"):
        Workspace(manifest=manifest(without_scopes=("commands",)))

"""Events: what people do, as the app hears it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from sandbox.slack import DeedRefusedError
from tests.sandbox.slack.world import World, ears


@pytest.fixture
async def heard(listening: World) -> AsyncIterator[list[dict[str, Any]]]:
    """All events that reach the app, its own included, as the SDK's Socket Mode client gets them."""
    seen: list[dict[str, Any]] = []

    async def listen(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        seen.append(request.payload)
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id))

    secrets = listening.workspace.secrets
    async with ears(secrets.app_token, listening.client, listen):
        yield seen


async def test_what_people_do_is_told(listening: World, heard: list[dict[str, Any]]) -> None:
    people, general = listening.workspace.people, listening.general
    ts = await people.say(listening.alice, general, "hello @probe, see #random")
    await people.react(listening.bob, general, ts, ":eyes:")
    await people.pin(listening.bob, general, ts)
    await people.say(listening.bob, general, "indeed", ts)
    await people.join(listening.bob, listening.random)
    await people.invite(listening.bob, listening.random, "probe")
    await people.open_home(listening.alice)
    await listening.workspace.settled()
    kinds = sorted(f"{body['event']['type']}/{body['event'].get('subtype', '')}" for body in heard)
    assert kinds == [
        "app_home_opened/", "app_mention/", "member_joined_channel/", "member_joined_channel/", "message/",
        "message/", "message/channel_join", "message/pinned_item", "pin_added/", "reaction_added/",
    ]  # fmt: skip
    mention = next(body for body in heard if body["event"]["type"] == "app_mention")["event"]
    assert mention["text"] == f"hello <@{listening.bot}>, see <#{listening.random}|random>"
    reply = next(body["event"] for body in heard if body["event"].get("text") == "indeed")
    assert (reply["thread_ts"], reply["channel_type"]) == (ts, "channel")
    assert len({body["event_id"] for body in heard}) == len(heard)


async def test_where_the_app_is_not_it_hears_nothing(listening: World, heard: list[dict[str, Any]]) -> None:
    people = listening.workspace.people
    await people.say(listening.alice, listening.random, "alone")
    await people.say(listening.alice, await people.open_dm(listening.alice, listening.bob), "hush")
    await listening.workspace.settled()
    assert heard == []


async def test_direct_messages_to_the_app_are_told(listening: World, heard: list[dict[str, Any]]) -> None:
    people = listening.workspace.people
    await people.say(listening.alice, await people.open_dm(listening.alice, listening.bot), "are you there?")
    await listening.workspace.settled()
    assert [body["event"]["channel_type"] for body in heard] == ["im"]


async def test_edits_and_deletions_are_told(listening: World, heard: list[dict[str, Any]]) -> None:
    ts = (await listening.client.chat_postMessage(channel=listening.general, text="x"))["ts"]
    await listening.client.chat_update(channel=listening.general, ts=ts, text="y")
    await listening.client.chat_delete(channel=listening.general, ts=ts)
    await listening.workspace.settled()
    subtypes = [body["event"].get("subtype") for body in heard]
    assert subtypes == [None, "message_changed", "message_deleted"]
    assert heard[1]["event"]["previous_message"]["text"] == "x"


async def test_what_people_cannot_do(listening: World) -> None:
    people, general = listening.workspace.people, listening.general
    ts = await people.say(listening.alice, general, "x")
    await people.react(listening.alice, general, ts, "eyes")
    for deed in (
        people.react(listening.alice, general, ts, "eyes"),
        people.pin(listening.alice, general, ts, remove=True),
        people.say(listening.alice, general, "  "),
        people.say(listening.alice, general, "x", "1700000000.000000"),
        people.say(listening.bob, listening.random, "x"),
        people.leave(listening.alice, general),
        people.join(listening.alice, general),
        people.invite(listening.alice, general, "nobody"),
    ):
        with pytest.raises(DeedRefusedError):
            await deed


async def test_unread_messages_are_counted(listening: World) -> None:
    def unread(who: str) -> int:
        channels = listening.workspace.screen(who)["channels"]
        return int(next(c["unread"] for c in channels if c["id"] == listening.general))

    await listening.workspace.people.say(listening.alice, listening.general, "x")
    assert (unread(listening.alice), unread(listening.bob)) == (0, 1)
    await listening.workspace.people.read(listening.bob, listening.general)
    assert unread(listening.bob) == 0

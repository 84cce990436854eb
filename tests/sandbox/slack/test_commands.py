"""Slash commands in Socket Mode, from the person's keyboard to the bot and back, with the real Bolt app."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.webhook.async_client import AsyncWebhookClient

from sandbox.slack import DeedRefusedError
from tests.sandbox.slack.world import World, modal, refusal, until


async def test_the_payload_is_slacks(listening: World, app: AsyncApp) -> None:
    seen: list[dict[str, Any]] = []

    @app.command("/probe")
    async def probe(ack: Any, command: dict[str, Any]) -> None:
        seen.append(command)
        await ack()

    line = "/probe  tell @bob in #random <now> & https://x.example/?a=1&b=2, or api.example.com @everyone"
    result = await listening.workspace.people.command(listening.alice, listening.general, line)
    assert (result.acked, result.ack_body, result.error) == (True, None, None)
    assert seen[0]["text"] == (
        f"tell <@{listening.bob}|bob> in <#{listening.random}|random> &lt;now&gt; &amp; "
        "<https://x.example/?a=1&amp;b=2>, or <http://api.example.com|api.example.com> <!everyone>"
    )
    assert set(seen[0]) == {
        "token", "team_id", "team_domain", "channel_id", "channel_name", "user_id", "user_name", "command", "text",
        "api_app_id", "is_enterprise_install", "response_url", "trigger_id",
    }  # fmt: skip
    assert (seen[0]["channel_name"], seen[0]["is_enterprise_install"]) == ("general", "false")


async def test_without_should_escape_the_text_is_as_typed(listening: World, app: AsyncApp) -> None:
    @app.command("/plain")
    async def plain(ack: Any, command: dict[str, Any]) -> None:
        await ack(command["text"])

    result = await listening.workspace.people.command(listening.alice, listening.general, "/plain @bob #random")
    assert result.ack_body == {"text": "@bob #random"}


async def test_the_acknowledgement_is_shown_to_the_person_alone(listening: World, app: AsyncApp) -> None:
    @app.command("/probe")
    async def probe(ack: Any, command: dict[str, Any]) -> None:
        kind = "in_channel" if command["text"] == "aloud" else "ephemeral"
        await ack(text="Hello", response_type=kind)

    await listening.workspace.people.command(listening.alice, listening.general, "/probe")
    mine, theirs = (listening.workspace.screen(who)["messages"][listening.general] for who in
                    (listening.alice, listening.bob))  # fmt: skip
    assert [(m["text"], m["ephemeral"]) for m in mine] == [("Hello", True)]
    assert theirs == []
    await listening.workspace.people.command(listening.alice, listening.general, "/probe aloud")
    assert listening.said(listening.general) == ["Hello"]


async def test_an_app_that_is_not_there_is_told_to_the_person(listening: World) -> None:
    result = await listening.workspace.people.command(listening.alice, listening.general, "/probe")
    assert (result.acked, result.error) == (False, "dispatch_failed")
    notices = listening.workspace.screen(listening.alice)["notices"]
    assert [notice["text"] for notice in notices] == ["/probe failed with the error “dispatch_failed”."]
    assert listening.workspace.screen(listening.bob)["notices"] == []


async def test_three_seconds_without_an_answer_are_a_timeout(listening: World, app: AsyncApp) -> None:
    heard = asyncio.Event()

    @app.command("/probe")
    async def probe() -> None:
        heard.set()
        await asyncio.Event().wait()

    typing = asyncio.create_task(listening.workspace.people.command(listening.alice, listening.general, "/probe"))
    await heard.wait()
    listening.clock.advance(2.9)
    assert listening.clock.alarms == [0.1]
    listening.clock.advance(0.2)
    assert (await typing).error == "operation_timeout"
    assert "operation_timeout" in listening.workspace.screen(listening.alice)["notices"][0]["text"]


async def test_a_bad_acknowledgement_is_an_error(listening: World, app: AsyncApp) -> None:
    @app.command("/probe")
    async def probe(ack: Any) -> None:
        await ack(blocks=[{"type": "nonsense"}])

    result = await listening.workspace.people.command(listening.alice, listening.general, "/probe")
    assert (result.acked, result.error) == (True, "invalid_blocks")


async def test_where_a_command_cannot_be_typed(listening: World) -> None:
    people, workspace = listening.workspace.people, listening.workspace
    gone = workspace.add_person("gone", deactivated=True)
    guest = workspace.add_person("guest", guest=True)
    for user, channel, sentence in (
        (listening.bob, listening.random, "not in #random"),
        (gone.id, listening.general, "deactivated"),
        (guest.id, listening.general, "sees no channel"),
        (listening.bot, listening.general, "is an app"),
    ):
        with pytest.raises(DeedRefusedError, match=sentence):
            await people.command(user, channel, "/probe")
    await people.archive(listening.alice, listening.random)
    with pytest.raises(DeedRefusedError, match="archived"):
        await people.command(listening.alice, listening.random, "/probe")
    unknown = await people.command(listening.alice, listening.general, "/nonsense")
    assert unknown.error == "unknown_command"


async def test_a_trigger_opens_one_modal_within_three_seconds(listening: World, app: AsyncApp) -> None:
    triggers: list[str] = []

    @app.command("/probe")
    async def probe(ack: Any, command: dict[str, Any]) -> None:
        triggers.append(command["trigger_id"])
        await ack()

    for _ in range(2):
        await listening.workspace.people.command(listening.alice, listening.general, "/probe")
    await listening.client.views_open(trigger_id=triggers[0], view=modal())
    assert listening.workspace.screen(listening.alice)["modal"]["stack_depth"] == 1
    call = listening.client.views_open(trigger_id=triggers[0], view=modal())
    assert await refusal(call) == "exchanged_trigger_id"
    listening.clock.advance(3.1)
    call = listening.client.views_open(trigger_id=triggers[1], view=modal())
    assert await refusal(call) == "expired_trigger_id"
    assert await refusal(listening.client.views_open(trigger_id="1.2.3", view=modal())) == "invalid_trigger_id"


async def test_views_are_checked_before_they_open(listening: World, app: AsyncApp) -> None:
    triggers: list[str] = []

    @app.command("/probe")
    async def probe(ack: Any, command: dict[str, Any]) -> None:
        triggers.append(command["trigger_id"])
        await ack()

    for user in (listening.alice, listening.bob):
        await listening.workspace.people.command(user, listening.general, "/probe")
    paragraph = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2990}}
    for view, code in (
        (modal(blocks=[paragraph] * 90), "view_too_large"),
        (modal(blocks=[{"type": "divider"}] * 101), "invalid_arguments"),
        (modal(submit=None), "invalid_arguments"),
        ({"type": "home", "blocks": [paragraph]}, "invalid_arguments"),
    ):
        assert await refusal(listening.client.views_open(trigger_id=triggers[0], view=view)) == code
    await listening.client.views_open(trigger_id=triggers[0], view=modal(external_id="one"))
    call = listening.client.views_open(trigger_id=triggers[1], view=modal(external_id="one"))
    assert await refusal(call) == "duplicate_external_id"


async def test_a_response_url_takes_five_answers_in_half_an_hour(listening: World, app: AsyncApp) -> None:
    urls: list[str] = []

    @app.command("/probe")
    async def probe(ack: Any, command: dict[str, Any]) -> None:
        urls.append(command["response_url"])
        await ack()

    for _ in range(2):
        await listening.workspace.people.command(listening.alice, listening.general, "/probe")
    hook = AsyncWebhookClient(urls[0])
    assert (await hook.send(text="for me")).status_code == 200
    assert (await hook.send(text="for all", response_type="in_channel")).status_code == 200
    assert (await hook.send(text="", blocks=[{"type": "nonsense"}])).status_code == 400
    assert (await hook.send_dict({"colour": "red"})).status_code == 400
    assert (await hook.send(text="five")).status_code == 200
    last = await hook.send(text="six")
    assert (last.status_code, "used_url" in last.body) == (404, True)
    assert listening.said(listening.general) == ["for all"]
    listening.clock.advance(30 * 60 + 1)
    late = await AsyncWebhookClient(urls[1]).send(text="late")
    assert (late.status_code, "expired_url" in late.body) == (404, True)
    assert [call.status for call in listening.workspace.calls.of("response_url")] == [200, 200, 400, 400, 200, 404, 404]


async def test_a_command_in_direct_messages_says_so(listening: World, app: AsyncApp) -> None:
    names: list[str] = []

    @app.command("/probe")
    async def probe(ack: Any, command: dict[str, Any]) -> None:
        names.append(command["channel_name"])
        await ack()

    people = listening.workspace.people
    secret = listening.workspace.add_channel("secret", private=True, members=["alice"]).id
    await people.command(listening.alice, await people.open_dm(listening.alice, listening.bob), "/probe")
    await people.command(listening.alice, secret, "/probe")
    assert names == ["directmessage", "privategroup"]


async def test_shortcuts_reach_the_app(listening: World, app: AsyncApp) -> None:
    seen: list[dict[str, Any]] = []

    @app.shortcut("note")
    async def note(ack: Any, shortcut: dict[str, Any]) -> None:
        seen.append(shortcut)
        await ack()

    @app.shortcut("start")
    async def start(ack: Any, shortcut: dict[str, Any]) -> None:
        seen.append(shortcut)
        await ack()

    people = listening.workspace.people
    ts = await people.say(listening.bob, listening.general, "remember this")
    assert (await people.shortcut(listening.alice, "note", listening.general, ts)).acked
    assert (await people.shortcut(listening.alice, "start")).acked
    assert [item["type"] for item in seen] == ["message_action", "shortcut"]
    assert (seen[0]["message"]["text"], seen[0]["message"]["user"]) == ("remember this", listening.bob)
    assert "channel" not in seen[1]
    with pytest.raises(DeedRefusedError, match="say which"):
        await people.shortcut(listening.alice, "note")


async def test_an_unknown_answer_address_is_gone(listening: World) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{listening.workspace.base_url}/response/nonsense", json={"text": "x"}) as got,
    ):
        assert got.status == 404
    await until(lambda: listening.workspace.calls.of("response_url"))

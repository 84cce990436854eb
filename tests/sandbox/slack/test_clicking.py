"""Buttons, menus and modals, with the real Bolt app."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.webhook.async_client import AsyncWebhookClient

from sandbox.slack import DeedRefusedError
from tests.sandbox.slack.world import BUTTON, World, modal, refusal, until


async def posted(world: World) -> str:
    """Post a message with a button and a menu, and return its timestamp."""
    answer = await world.client.chat_postMessage(channel=world.general, text="x", blocks=[BUTTON])
    return str(answer["ts"])


async def test_a_click_tells_everything(listening: World, app: AsyncApp) -> None:
    seen: list[dict[str, Any]] = []

    @app.action("go")
    @app.action("pick")
    async def anything(ack: Any, body: dict[str, Any]) -> None:
        seen.append(body)
        await ack()

    ts = await posted(listening)
    people = listening.workspace.people
    await people.click(listening.bob, listening.general, ts, "pick", value="2")
    result = await people.click(listening.bob, listening.general, ts, "go")
    assert (result.acked, result.sent) == (True, True)
    picked, gone = seen
    assert picked["actions"][0]["selected_option"]["value"] == "2"
    assert (gone["actions"][0]["value"], gone["actions"][0]["block_id"]) == ("42", "deck")
    assert gone["container"] == {
        "type": "message", "message_ts": ts, "channel_id": listening.general, "is_ephemeral": False,
    }  # fmt: skip
    assert gone["state"]["values"]["deck"]["pick"]["selected_option"]["value"] == "2"
    assert (gone["message"]["ts"], gone["user"]["id"]) == (ts, listening.bob)


async def test_what_cannot_be_clicked(listening: World, app: AsyncApp) -> None:
    people, ts = listening.workspace.people, await posted(listening)
    for action, value, sentence in (("stop", None, "nothing with the action id"), ("pick", "3", "does not offer 3")):
        with pytest.raises(DeedRefusedError, match=sentence):
            await people.click(listening.alice, listening.general, ts, action, value=value)
    secret = listening.workspace.add_channel("secret", private=True, members=["bob", listening.bot])
    hidden = await listening.client.chat_postMessage(channel=secret.id, text="x", blocks=[BUTTON])
    with pytest.raises(DeedRefusedError, match="sees no channel"):
        await people.click(listening.alice, secret.id, hidden["ts"], "go")
    await listening.client.chat_postEphemeral(channel=listening.general, user=listening.bob, text="x", blocks=[BUTTON])
    whisper = listening.workspace.screen(listening.bob)["messages"][listening.general][-1]["ts"]
    with pytest.raises(DeedRefusedError, match="sees no message"):
        await people.click(listening.alice, listening.general, whisper, "go")
    await people.archive(listening.bob, secret.id)
    with pytest.raises(DeedRefusedError, match="archived"):
        await people.click(listening.bob, secret.id, hidden["ts"], "go")


async def test_the_answer_replaces_or_deletes_the_original(listening: World, app: AsyncApp) -> None:
    urls: list[str] = []

    @app.action("go")
    async def go(ack: Any, body: dict[str, Any]) -> None:
        urls.append(body["response_url"])
        assert ("message" in body) is not body["container"]["is_ephemeral"]
        await ack()

    people, ts = listening.workspace.people, await posted(listening)
    await people.click(listening.alice, listening.general, ts, "go")
    await AsyncWebhookClient(urls[0]).send(text="done", replace_original=True)
    message = listening.workspace.channels[listening.general].messages[ts]
    assert (message.text, message.blocks) == ("done", [])
    await AsyncWebhookClient(urls[0]).send(delete_original=True)
    assert ts not in listening.workspace.channels[listening.general].messages
    await listening.client.chat_postEphemeral(
        channel=listening.general, user=listening.alice, text="psst", blocks=[BUTTON]
    )
    whisper = listening.workspace.screen(listening.alice)["messages"][listening.general][-1]
    await people.click(listening.alice, listening.general, whisper["ts"], "go")
    await AsyncWebhookClient(urls[1]).send(text="heard", replace_original=True)
    assert listening.workspace.screen(listening.alice)["messages"][listening.general][-1]["text"] == "heard"
    await AsyncWebhookClient(urls[1]).send(delete_original=True)
    assert listening.workspace.screen(listening.alice)["messages"][listening.general] == []


async def opened(world: World, app: AsyncApp, view: dict[str, Any]) -> None:
    """Let alice open a modal by clicking."""

    @app.action("go")
    async def go(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        await world.client.views_open(trigger_id=body["trigger_id"], view=view)

    await world.workspace.people.click(world.alice, world.general, await posted(world), "go")
    await until(lambda: world.workspace.screen(world.alice)["modal"])


async def test_a_submission_is_checked_by_the_client_and_by_the_app(listening: World, app: AsyncApp) -> None:
    seen: list[dict[str, Any]] = []

    @app.view("form")
    async def form(ack: Any, body: dict[str, Any]) -> None:
        seen.append(body)
        text = body["view"]["state"]["values"]["what"]["text"]["value"]
        await (ack(response_action="errors", errors={"what": "Taken"}) if text == "taken" else ack())

    await opened(listening, app, modal(private_metadata="kept"))
    people = listening.workspace.people
    empty = await people.submit(listening.alice)
    assert empty.errors == {"what": "Please complete this required field."}
    long = await people.submit(listening.alice, None, {"what": "x" * 21})
    assert long.errors == {"what": "Please write at most 20 characters."}
    assert seen == []
    taken = await people.submit(listening.alice, None, {"what": "taken"})
    assert taken.errors == {"what": "Taken"}
    assert listening.workspace.screen(listening.alice)["modal"]["errors"] == {"what": "Taken"}
    done = await people.submit(listening.alice, None, {"text": "free", "when": {"day": "2026-02-03"}})
    assert (done.closed, listening.workspace.screen(listening.alice)["modal"]) == (True, None)
    assert seen[-1]["view"]["private_metadata"] == "kept"
    assert seen[-1]["view"]["state"]["values"] == {
        "what": {"text": {"type": "plain_text_input", "value": "free"}},
        "when": {"day": {"type": "datepicker", "selected_date": "2026-02-03"}},
    }
    with pytest.raises(DeedRefusedError, match="no modal open"):
        await people.submit(listening.alice)


async def test_modals_stack_three_high(listening: World, app: AsyncApp) -> None:
    @app.view("form")
    async def form(ack: Any) -> None:
        await ack(response_action="push", view=modal())

    await opened(listening, app, modal())
    people = listening.workspace.people
    for depth in (2, 3):
        assert (await people.submit(listening.alice, None, {"what": "x"})).pushed
        assert listening.workspace.screen(listening.alice)["modal"]["stack_depth"] == depth
    over = await people.submit(listening.alice, None, {"what": "x"})
    assert over.error == "push_limit_reached"
    await people.close_view(listening.alice)
    assert listening.workspace.screen(listening.alice)["modal"]["stack_depth"] == 2
    await people.close_view(listening.alice, everything=True)
    assert listening.workspace.screen(listening.alice)["modal"] is None


async def test_an_answer_that_makes_no_sense_is_trouble(listening: World, app: AsyncApp) -> None:
    answers: list[dict[str, Any]] = [
        {"response_action": "errors", "errors": {"elsewhere": "no"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "explode"},
    ]

    @app.view("form")
    async def form(ack: Any) -> None:
        await ack(answers.pop(0))

    await opened(listening, app, modal())
    for _ in range(4):
        result = await listening.workspace.people.submit(listening.alice, None, {"what": "x"})
        assert result.error is not None
        assert result.error.startswith("invalid_arguments: ")
    assert listening.workspace.screen(listening.alice)["modal"] is not None
    assert "trouble" in listening.workspace.screen(listening.alice)["notices"][-1]["text"]


async def test_updates_keep_what_was_entered_and_guard_by_hash(listening: World, app: AsyncApp) -> None:
    await opened(listening, app, modal(external_id="one"))
    people, shown = listening.workspace.people, listening.workspace.screen(listening.alice)["modal"]["view"]
    await people.fill(listening.alice, shown["id"], {"what": "half done"})
    updated = await listening.client.views_update(external_id="one", view=modal(external_id="one"), hash=shown["hash"])
    assert updated["view"]["state"]["values"]["what"]["text"]["value"] == "half done"
    call = listening.client.views_update(view_id=shown["id"], view=modal(), hash=shown["hash"])
    assert await refusal(call) == "hash_conflict"
    too_large = modal(private_metadata="x" * 3001)
    assert await refusal(listening.client.views_update(view_id=shown["id"], view=too_large)) == "invalid_arguments"
    await people.close_view(listening.alice)
    assert await refusal(listening.client.views_update(view_id=shown["id"], view=modal())) == "not_found"


async def test_a_view_that_asks_for_it_tells_of_its_end(listening: World, app: AsyncApp) -> None:
    closed = asyncio.Event()

    @app.view_closed("form")
    async def gone(ack: Any) -> None:
        await ack()
        closed.set()

    await opened(listening, app, modal(notify_on_close=True))
    await listening.workspace.people.close_view(listening.alice)
    assert closed.is_set()


async def test_a_click_in_a_modal_pushes_and_menus_ask_for_options(listening: World, app: AsyncApp) -> None:
    menu = {
        "type": "actions",
        "block_id": "menu",
        "elements": [
            {
                "type": "external_select",
                "action_id": "find",
                "placeholder": {"type": "plain_text", "text": "Find"},
            },
            {"type": "button", "action_id": "deeper", "text": {"type": "plain_text", "text": "Deeper"}},
        ],
    }

    @app.options("find")
    async def find(ack: Any, payload: dict[str, Any]) -> None:
        option = {"text": {"type": "plain_text", "text": payload["value"]}, "value": payload["value"]}
        await ack(options=[option])

    @app.action("deeper")
    async def deeper(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        await listening.client.views_push(trigger_id=body["trigger_id"], view=modal())

    await opened(listening, app, modal(blocks=[menu]))
    people = listening.workspace.people
    options = await people.suggest(listening.alice, None, "find", "che")
    assert [option["value"] for option in options] == ["che"]
    await people.click_in_view(listening.alice, None, "deeper")
    await until(lambda: listening.workspace.screen(listening.alice)["modal"]["stack_depth"] == 2)


async def test_a_chosen_conversation_brings_an_address_for_the_answer(listening: World, app: AsyncApp) -> None:
    urls: list[dict[str, Any]] = []

    @app.view("form")
    async def form(ack: Any, body: dict[str, Any]) -> None:
        urls.extend(body["response_urls"])
        await ack()

    label = {"type": "plain_text", "text": "Where"}
    element = {
        "type": "conversations_select",
        "action_id": "where",
        "placeholder": label,
        "response_url_enabled": True,
    }
    block = {"type": "input", "block_id": "place", "label": label, "element": element}
    await opened(listening, app, modal(blocks=[block]))
    await listening.workspace.people.submit(listening.alice, None, {"place": listening.general})
    assert (urls[0]["channel_id"], urls[0]["block_id"]) == (listening.general, "place")
    await AsyncWebhookClient(urls[0]["response_url"]).send(text="Here", response_type="in_channel")
    assert listening.said(listening.general)[-1] == "Here"


async def test_home_buttons_work_too(listening: World, app: AsyncApp) -> None:
    seen: list[str] = []

    @app.action("go")
    async def go(ack: Any, body: dict[str, Any]) -> None:
        seen.append(body["view"]["type"])
        await ack()

    view = (await listening.client.views_publish(user_id=listening.alice, view={"type": "home", "blocks": [BUTTON]}))[
        "view"
    ]
    await listening.workspace.people.click_in_view(listening.alice, view["id"], "go")
    assert seen == ["home"]

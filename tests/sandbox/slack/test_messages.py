"""Messages: posting, editing, deleting, threads, metadata, mentions, history."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.slack.world import BUTTON, World, modal, refusal

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2900}}


async def test_a_message_is_posted_as_the_bot(world: World) -> None:
    answer = await world.client.chat_postMessage(channel=world.general, text="a < b & <@U1> &amp;")
    assert answer["message"]["text"] == "a &lt; b &amp; <@U1> &amp;"
    assert answer["message"]["bot_id"] == world.workspace.bot.bot_id
    assert answer["ts"] == answer["message"]["ts"]


async def test_blocks_get_ids_and_text_is_missed(world: World) -> None:
    with pytest.warns(UserWarning, match="text"):
        answer = await world.client.chat_postMessage(channel=world.general, blocks=[SECTION])
    assert answer["message"]["blocks"][0]["block_id"]
    assert answer["warning"] == "missing_text_in_message"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "  "}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "blocks": [SECTION] * 5}, "msg_blocks_too_long"),
        ({"text": "x", "blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"text": "x", "blocks": [{"type": "nonsense"}]}, "invalid_blocks"),
        ({"text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
        ({"text": "x", "metadata": {"event_type": "t"}}, "invalid_metadata_format"),
        ({"text": "x", "thread_ts": "1700000000.000000"}, "cannot_reply_to_message"),
        ({"text": "x", "username": "Somebody"}, "missing_scope"),
    ],
)
async def test_a_bad_message_is_refused(world: World, said: dict[str, Any], code: str) -> None:
    assert await refusal(world.client.chat_postMessage(channel=world.general, **said)) == code
    assert world.said(world.general) == []


async def test_a_refusal_says_what_is_wrong_with_the_blocks(world: World) -> None:
    await refusal(world.client.chat_postMessage(channel=world.general, text="x", blocks=[{"type": "section"}]))
    assert "blocks[0]" in world.workspace.calls[-1].response["response_metadata"]["messages"][0]


async def test_timestamps_rise_even_while_the_clock_stands(world: World) -> None:
    stamps = [(await world.client.chat_postMessage(channel=world.general, text="x"))["ts"] for _ in range(5)]
    assert stamps == sorted(set(stamps))


async def test_an_edit_changes_the_message_and_keeps_blocks_that_are_not_given(world: World) -> None:
    ts = (await world.client.chat_postMessage(channel=world.general, text="x", blocks=[BUTTON]))["ts"]
    await world.client.chat_update(channel=world.general, ts=ts, text="y")
    message = world.workspace.channels[world.general].messages[ts]
    assert (message.text, message.blocks[0]["block_id"], message.edited is not None) == ("y", "deck", True)
    await world.client.chat_update(channel=world.general, ts=ts, text="z", blocks=[])
    assert message.blocks == []


async def test_edits_have_their_own_limits(world: World) -> None:
    ts = (await world.client.chat_postMessage(channel=world.general, text="x"))["ts"]
    theirs = await world.workspace.people.say(world.alice, world.general, "mine")
    for arguments, code in (
        ({"ts": ts, "text": "x" * 4001}, "msg_too_long"),
        ({"ts": ts, "text": "x", "blocks": [SECTION] * 5}, "msg_too_long"),
        ({"ts": theirs, "text": "x"}, "cant_update_message"),
        ({"ts": "1700000000.000000", "text": "x"}, "message_not_found"),
        ({"ts": ts, "text": "", "blocks": []}, "no_text"),
    ):
        assert await refusal(world.client.chat_update(channel=world.general, **arguments)) == code


async def test_only_own_messages_are_deleted(world: World) -> None:
    ts = (await world.client.chat_postMessage(channel=world.general, text="x"))["ts"]
    theirs = await world.workspace.people.say(world.alice, world.general, "mine")
    assert await refusal(world.client.chat_delete(channel=world.general, ts=theirs)) == "cant_delete_message"
    await world.client.chat_delete(channel=world.general, ts=ts)
    assert await refusal(world.client.chat_delete(channel=world.general, ts=ts)) == "message_not_found"


async def test_a_whisper_reaches_one_member(world: World) -> None:
    await world.client.chat_postEphemeral(channel=world.general, user=world.alice, text="psst")
    assert [m["text"] for m in world.workspace.screen(world.alice)["messages"][world.general]] == ["psst"]
    assert world.workspace.screen(world.bob)["messages"][world.general] == []
    stranger = world.workspace.add_person("eve").id
    call = world.client.chat_postEphemeral(channel=world.general, user=stranger, text="psst")
    assert await refusal(call) == "user_not_in_channel"


async def test_the_history_leaves_out_threads_and_comes_in_pages(world: World) -> None:
    stamps = [(await world.client.chat_postMessage(channel=world.general, text=str(n)))["ts"] for n in range(5)]
    await world.client.chat_postMessage(channel=world.general, text="reply", thread_ts=stamps[0])
    shown = await world.client.chat_postMessage(
        channel=world.general, text="both", thread_ts=stamps[0], reply_broadcast=True
    )
    first = await world.client.conversations_history(channel=world.general, limit=4)
    assert [m["text"] for m in first["messages"]] == ["both", "4", "3", "2"]
    assert first["messages"][0]["subtype"] == "thread_broadcast"
    cursor = first["response_metadata"]["next_cursor"]
    second = await world.client.conversations_history(channel=world.general, limit=4, cursor=cursor)
    assert [m["text"] for m in second["messages"]] == ["1", "0"]
    assert (second["has_more"], second["messages"][1]["reply_count"]) == (False, 2)
    thread = await world.client.conversations_replies(channel=world.general, ts=stamps[0])
    assert [m["text"] for m in thread["messages"]] == ["0", "reply", "both"]
    part = await world.client.conversations_history(
        channel=world.general, oldest=stamps[1], latest=stamps[3], inclusive=True
    )
    assert [m["text"] for m in part["messages"]] == ["3", "2", "1"]
    part = await world.client.conversations_history(channel=world.general, oldest=stamps[1], latest=stamps[3])
    assert [m["text"] for m in part["messages"]] == ["2"]
    assert shown["message"]["thread_ts"] == stamps[0]


async def test_the_history_refuses_nonsense(world: World) -> None:
    for arguments, code in (
        ({"oldest": "yesterday"}, "invalid_ts_oldest"),
        ({"latest": "now"}, "invalid_ts_latest"),
        ({"cursor": "x"}, "invalid_cursor"),
        ({"limit": 1000}, "invalid_arguments"),
    ):
        assert await refusal(world.client.conversations_history(channel=world.general, **arguments)) == code
    call = world.client.conversations_replies(channel=world.general, ts="1700000000.000000")
    assert await refusal(call) == "thread_not_found"


async def test_metadata_is_shown_on_demand(world: World) -> None:
    metadata = {"event_type": "sent", "event_payload": {"id": "7"}}
    await world.client.chat_postMessage(channel=world.general, text="x", metadata=metadata)
    silent = await world.client.conversations_history(channel=world.general)
    told = await world.client.conversations_history(channel=world.general, include_all_metadata=True)
    assert "metadata" not in silent["messages"][0]
    assert told["messages"][0]["metadata"] == metadata


@pytest.mark.parametrize(
    ("text", "pings"),
    [
        ("@everyone @here @channel @alice", []),
        ("&lt;!channel&gt;", []),
        ("<!channel> <!here|here>", ["channel", "here"]),
        ("<!everyone>", ["everyone"]),
        ("<!subteam^S123|@oncall>", ["S123"]),
        ("<@U123>", ["U123"]),
    ],
)
async def test_mentions_ping_as_slack_reads_them(world: World, text: str, pings: list[str]) -> None:
    ts = (await world.client.chat_postMessage(channel=world.general, text=text))["ts"]
    assert world.workspace.channels[world.general].messages[ts].pings == pings


async def test_names_ping_when_the_app_asks_for_links(world: World) -> None:
    ts = (await world.client.chat_postMessage(channel=world.general, text="@everyone @alice", link_names=True))["ts"]
    assert world.workspace.channels[world.general].messages[ts].pings == ["everyone", world.alice]


async def test_mentions_in_blocks_ping_and_those_in_plain_text_do_not(world: World) -> None:
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "<!channel>"}},
        {"type": "section", "text": {"type": "mrkdwn", "text": "<!here>"}},
    ]
    answer = await world.client.chat_postMessage(channel=world.general, text="x", blocks=blocks)
    message = world.workspace.channels[world.general].messages[answer["ts"]]
    assert message.pings == ["here"]
    await world.client.chat_update(channel=world.general, ts=message.ts, text="<!channel>", blocks=[])
    assert message.pings == ["here"]


async def test_a_scheduled_message_is_posted_by_the_clock(world: World) -> None:
    soon = int(world.clock.now()) + 60
    told = await world.client.chat_scheduleMessage(channel=world.general, post_at=soon, text="later")
    gone = await world.client.chat_scheduleMessage(channel=world.general, post_at=soon, text="never")
    silent = await world.client.chat_scheduleMessage(
        channel=world.general, post_at=soon, text="lost", metadata={"event_type": "a", "event_payload": {}}
    )
    await world.client.chat_deleteScheduledMessage(
        channel=world.general, scheduled_message_id=gone["scheduled_message_id"]
    )
    world.clock.advance(61)
    await world.workspace.settled()
    assert world.said(world.general) == ["later"]
    left = (await world.client.chat_scheduledMessages_list())["scheduled_messages"]
    assert [each["id"] for each in left] == [silent["scheduled_message_id"]]
    assert told["post_at"] == soon
    for post_at, code in ((soon - 60, "time_in_past"), (soon + 121 * 86_400, "time_too_far")):
        call = world.client.chat_scheduleMessage(channel=world.general, post_at=post_at, text="x")
        assert await refusal(call) == code


async def test_a_permalink_leads_to_a_message(world: World) -> None:
    ts = (await world.client.chat_postMessage(channel=world.general, text="x"))["ts"]
    link = (await world.client.chat_getPermalink(channel=world.general, message_ts=ts))["permalink"]
    assert link.endswith(f"/archives/{world.general}/p{ts.replace('.', '')}")


async def test_the_app_writes_to_a_person_by_id(world: World) -> None:
    answer = await world.client.chat_postMessage(channel=world.alice, text="hello")
    assert answer["channel"].startswith("D")
    assert world.workspace.screen(world.alice)["messages"][answer["channel"]][0]["text"] == "hello"


async def test_pins_are_told_and_limited(world: World) -> None:
    stamps = [(await world.client.chat_postMessage(channel=world.general, text="x"))["ts"] for _ in range(101)]
    for ts in stamps[:100]:
        await world.client.pins_add(channel=world.general, timestamp=ts)
    assert await refusal(world.client.pins_add(channel=world.general, timestamp=stamps[0])) == "already_pinned"
    assert await refusal(world.client.pins_add(channel=world.general, timestamp=stamps[100])) == "too_many_pins"
    assert await refusal(world.client.pins_remove(channel=world.general, timestamp=stamps[100])) == "no_pin"
    assert await refusal(world.client.pins_add(channel=world.general, timestamp="soon")) == "bad_timestamp"
    await world.client.pins_remove(channel=world.general, timestamp=stamps[0])
    assert len((await world.client.pins_list(channel=world.general))["items"]) == 99
    kept = world.workspace.channels[world.general]
    assert [kept.messages[ts].subtype for ts in kept.order[-100:]] == ["pinned_item"] * 100


async def test_bookmarks_are_kept_and_limited(world: World) -> None:
    async def add(title: str, link: str = "https://example.com", emoji: str | None = None) -> Any:
        return await world.client.bookmarks_add(
            channel_id=world.general, title=title, type="link", link=link, emoji=emoji
        )

    first = (await add("one", emoji=":fire:"))["bookmark"]["id"]
    assert await refusal(add("bad", link="ftp://x")) == "invalid_link"
    assert await refusal(add("bad", emoji="fire")) == "invalid_emoji"
    await world.client.bookmarks_edit(bookmark_id=first, channel_id=world.general, title="uno")
    assert (await world.client.bookmarks_list(channel_id=world.general))["bookmarks"][0]["title"] == "uno"
    for n in range(99):
        await add(str(n))
    assert await refusal(add("more")) == "too_many_bookmarks"
    await world.client.bookmarks_remove(bookmark_id=first, channel_id=world.general)
    assert await refusal(world.client.bookmarks_remove(bookmark_id=first, channel_id=world.general)) == "not_found"


async def test_reactions_are_given_once(world: World) -> None:
    ts = (await world.client.chat_postMessage(channel=world.general, text="x"))["ts"]
    await world.client.reactions_add(channel=world.general, timestamp=ts, name="eyes")
    call = world.client.reactions_add(channel=world.general, timestamp=ts, name="eyes")
    assert await refusal(call) == "already_reacted"
    got = await world.client.reactions_get(channel=world.general, timestamp=ts)
    assert got["message"]["reactions"] == [{"name": "eyes", "users": [world.bot], "count": 1}]
    await world.client.reactions_remove(channel=world.general, timestamp=ts, name="eyes")
    call = world.client.reactions_remove(channel=world.general, timestamp=ts, name="eyes")
    assert await refusal(call) == "no_reaction"


async def test_home_is_published_and_guarded_by_its_hash(world: World) -> None:
    home = {"type": "home", "blocks": [SECTION]}
    first = (await world.client.views_publish(user_id=world.alice, view=home))["view"]
    second = (await world.client.views_publish(user_id=world.alice, view=home, hash=first["hash"]))["view"]
    assert second["id"] == first["id"]
    call = world.client.views_publish(user_id=world.alice, view=home, hash=first["hash"])
    assert await refusal(call) == "hash_conflict"
    assert await refusal(world.client.views_publish(user_id=world.alice, view=modal())) == "invalid_arguments"
    assert world.workspace.screen(world.alice)["home"]["id"] == first["id"]

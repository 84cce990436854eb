"""`/incident declare`, as people do it."""

import re

import pytest
from sqlalchemy import text

from tests.commands.hands import form, settled
from tests.world import World

DECLARE = "/incident declare P1 social-live checkout returns 500"


async def test_opens_a_room_with_the_declarer_the_responders_a_header_and_a_topic(world: World) -> None:
    result = await world.say(DECLARE)
    assert result.acked
    room = await world.room()
    await world.answer(holding="INC-1 is open")
    channel = world.workspace.channels[room.channel_id or ""]
    assert re.fullmatch(r"incident-\d{4}-\d\d-\d\d-\d{6}", channel.name)
    await world.until(lambda: {world.person("olivia"), world.person("rita")} <= set(channel.members))
    await world.until(lambda: channel.pins)
    assert "checkout returns 500" in channel.topic.value
    header = next(message for message in world.messages(channel.id) if message["ts"] == room.header_ts)
    assert header["blocks"][0]["text"]["text"] == "🔴 INC-1 · checkout returns 500"


async def everything_said(world: World, number: int = 1) -> list[dict[str, object]]:
    """Wait until the announcement is there; return all that the bot has said to anybody."""
    room = await world.room(number)
    incident = f"INC-{number} "
    await world.answer(holding=incident.strip())
    await world.until(lambda: [m for m in world.messages("social-live-ops") if f"INC-{number}" in str(m["blocks"])])
    await settled(world)
    places = (room.channel_id or "", "social-live-ops", "general")
    return [message for place in places for message in world.messages(place) if message.get("bot")]


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("@everyone checkout is down", "@everyone checkout is down"),
        ("@channel @here <!channel> <!here> <!everyone>", "@channel @here <!channel> <!here> <!everyone>"),
        ("@vera says <@U0000> and @on-call", "@vera says <@U0000> and @on-call"),
        ("<script>alert('x')</script> & <b>bold</b>", "<script>alert('x')</script> & <b>bold</b>"),
        ("checkout 🔥🔥 👩‍🚒 :fire:", "checkout 🔥🔥 👩‍🚒 :fire:"),
        ("الدفع لا يعمل", "الدفع لا يعمل"),
        ("\u202eرجع\u202c checkout", "رجع checkout"),
        ("“It’s down” — again…", "“It’s down” — again…"),
        ("*bold* `code` _it_ ~no~ ```", "*bold* `code` _it_ ~no~ ```"),
        ("see https://example.com/a?b=1&c=2", "see https://example.com/a?b=1&c=2"),
    ],
)
async def test_any_text_is_kept_and_pings_nobody(world: World, typed: str, title: str) -> None:
    await world.say(f"/incident declare P1 social-live {typed}")
    said = await everything_said(world)
    known = await world.incident()
    assert known is not None
    assert (known.title, known.summary) == (title, title)
    mentions = {str(ping) for message in said for ping in message["pings"]}  # type: ignore[attr-defined]
    assert mentions <= {world.person("olivia")}
    header = next(message for message in said if message["ts"] == known.header_ts)
    assert title in str(header["blocks"][0]["text"]["text"])  # type: ignore[index]
    assert not re.search("<[!@#]", world.workspace.channels[known.channel_id or ""].topic.value)


async def test_a_summary_of_3000_characters_is_kept_whole(world: World) -> None:
    summary = ("checkout " * 400)[:2999] + "."
    await world.say(f"/incident declare P1 social-live {summary}")
    await everything_said(world)
    known = await world.incident()
    assert known is not None
    assert known.summary == summary
    assert known.title.endswith("checkout…")
    assert len(known.title) <= 140


async def test_the_first_line_is_the_title(world: World) -> None:
    await world.say("/incident declare P1 social-live\ncheckout is down\nsince the deploy at 14:02")
    await world.room()
    known = await world.incident()
    assert known is not None
    assert (known.title, known.summary) == ("checkout is down", "checkout is down\nsince the deploy at 14:02")


@pytest.mark.parametrize("typed", ["", '""', "“”", "   "])
async def test_nothing_typed_opens_the_form(world: World, typed: str) -> None:
    await world.say(f"/incident declare {typed}")
    asked = await form(world)
    assert asked.fields == {"platform": "", "summary": ""}
    assert asked.notes == ()


async def test_the_platform_is_the_channels_or_the_only_one_that_one_works_on(world: World) -> None:
    await world.say("/incident declare P1 votes are lost", channel="incidents")
    assert (await world.room(1)).platform == "zephyr"
    await world.say("/incident declare P1 links are broken", by="omar")
    second = await world.room(2)
    assert (second.platform, second.title) == ("social-live", "links are broken")
    await world.say("/incident declare P1 another thing here", channel=second.channel_name or "", by="rita")
    assert (await world.room(3)).platform == "social-live"


async def test_from_a_direct_message_it_works_and_answers_there(world: World) -> None:
    olivia = world.person("olivia")
    for number, other in ((1, world.workspace.bot.id), (2, world.person("vera"))):
        place = await world.workspace.people.open_dm(olivia, other)
        await world.workspace.people.command(
            olivia, place, f"/incident declare P1 zephyr thing {number} {number * 111}"
        )
        await world.room(number)
        assert f"INC-{number} is open" in await world.answer(channel=place, holding=f"INC-{number}")
        assert world.answers("vera", place) == [] if number == 2 else True


async def test_from_a_shared_channel_it_works_and_strangers_see_nothing(world: World) -> None:
    members = [world.person("olivia"), world.workspace.add_person("sven", guest=True).id]
    world.workspace.add_channel("with-partner", members=members, shared=True)
    await world.say(DECLARE, channel="with-partner")
    await world.room()
    await world.answer(channel="with-partner", holding="INC-1 is open")
    await settled(world)
    assert world.messages("with-partner", "sven") == []
    assert not any("INC-1" in str(messages) for messages in world.workspace.screen("sven")["messages"].values())


async def test_a_stranger_in_a_shared_channel_is_refused(world: World) -> None:
    sven = world.workspace.add_person("sven", guest=True)
    world.workspace.add_channel("with-partner", members=[sven.id], shared=True)
    await world.say(DECLARE, by="sven", channel="with-partner")
    assert await world.answer("sven", "with-partner") == (
        "This needs a responder, and you have no role yet. Ask an Opsroom admin for that role."
    )
    assert await world.incident() is None


async def test_announces_in_the_words_of_the_platform(world: World) -> None:
    await world.say(DECLARE)
    room = await world.room()
    [message] = await world.until(lambda: world.messages("social-live-ops"))
    text = message["blocks"][0]["text"]["text"]
    assert "*Severity:* 1 (Critical)" in text
    assert f"checkout returns 500 (INC-1, <#{room.channel_id}>)" in text
    assert f"Declared by <@{world.person('olivia')}>, <!date^{int(room.declared_at.timestamp())}^" in text
    await world.press("Join", "social-live-ops", by="ada")
    await world.until(lambda: world.person("ada") in world.workspace.channels[room.channel_id or ""].members)


async def test_a_secret_that_somebody_pasted_is_kept_nowhere(world: World) -> None:
    token = "xoxb-" + "123456789012-123456789012-" + "AbCdEfGhIjKlMnOpQrStUvWx"
    await world.say(f"/incident declare P1 social-live checkout fails, token {token} in the log")
    room = await world.room()
    assert token not in room.summary
    assert "checkout fails, token [redacted" in room.summary
    assert token not in str([call.args for call in world.workspace.calls])
    async with world.bot.store.read() as connection:
        kept = await connection.execute(text("SELECT request FROM receipts"))
        assert token not in str(kept.all())

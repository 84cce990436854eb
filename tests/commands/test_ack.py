"""`/incident ack`, and what the room hears when nobody does."""

import asyncio
from datetime import timedelta
from pathlib import Path

from bot.durable.timers import Timers
from sandbox.slack.faults import Fault
from tests.commands.hands import LeapingClock, form, settled, submit
from tests.world import World
from tests.world import world as make_world

DECLARE = "/incident declare P1 social-live checkout returns 500"


async def declared(world: World, line: str = DECLARE, number: int = 1) -> str:
    """Declare something and return its room's channel name."""
    await world.say(line)
    room = await world.room(number)
    await world.answer(holding=f"INC-{number} is open")
    return room.channel_name or ""


def notes(world: World, room: str) -> list[str]:
    return [text for text in world.texts(room) if "is on it" in text]


async def test_in_the_room_it_needs_no_number_and_everybody_sees_it(world: World) -> None:
    room = await declared(world)
    await world.say("/incident ack", channel=room)
    assert await world.answer(channel=room) == f"You acknowledged INC-1. <#{world.channel(room)}> knows."
    mine = f"<@{world.person('olivia')}>"
    assert await world.until(lambda: notes(world, room)) == [
        f"{mine} is on it, less than a minute after it was declared."
    ]
    header = await world.until(
        lambda: [m for m in world.messages(room) if f"Acknowledged by {mine}" in str(m["blocks"])]
    )
    assert "Acknowledge'" not in str(header)


async def test_by_number_from_anywhere_and_by_the_button(world: World) -> None:
    await declared(world)
    await world.say("/incident ack INC-1")
    assert "You acknowledged INC-1." in await world.answer(holding="You acknowledged")
    room = await declared(world, "/incident declare P1 zephyr votes are lost", 2)
    await world.press("Acknowledge", channel=room)
    assert "You acknowledged INC-2." in await world.answer(channel=room, holding="You acknowledged")


async def test_twice_tells_the_room_once(world: World) -> None:
    room = await declared(world)
    await world.say("/incident ack 1")
    await world.answer(holding="You acknowledged")
    await world.say("/incident ack 1")
    await world.until(lambda: [m for m in world.answers() if "You acknowledged" in m["text"]][1:])
    await settled(world)
    await world.bot.outbox.resume()
    assert len(await world.until(lambda: notes(world, room))) == 1


async def test_two_people_at_the_same_time_the_later_one_hears_who_was_first(world: World) -> None:
    room = await declared(world)
    people = ("olivia", "ada")
    await asyncio.gather(*(world.say("/incident ack INC-1", by=name) for name in people))
    await settled(world)
    known = await world.incident()
    assert known is not None
    first = next(name for name in people if world.person(name) == known.acknowledged_by)
    later = next(name for name in people if name != first)
    assert "You acknowledged INC-1." in await world.answer(first, holding="You acknowledged")
    said = await world.answer(later, holding="acknowledged INC-1 at")
    assert said.startswith(f"<@{world.person(first)}> acknowledged INC-1 at <!date^")
    assert len(await world.until(lambda: notes(world, room))) == 1


async def test_an_unknown_number_and_what_is_none(world: World) -> None:
    await world.say("/incident ack INC-99")
    assert await world.answer() == "There is no incident INC-99. /incident list shows those that are open."
    await world.say("/incident ack", by="ada")
    assert await world.answer("ada") == "No incident is open where you could do that."


async def test_words_too_many_do_nothing_until_one_says_so(world: World) -> None:
    await declared(world)
    await world.say("/incident ack INC-1 INC-2")
    assert await world.answer(holding="Nothing") == "Nothing was done yet: I did not understand “INC-2”."
    await settled(world)
    known = await world.incident()
    assert known is not None
    assert known.acknowledged_by is None
    await world.press("Do it without that")
    await world.answer(holding="You acknowledged INC-1")


async def test_words_of_any_length_get_an_answer(world: World) -> None:
    await world.say(f"/incident help {'x' * 2500} {'y' * 900}")
    said = await world.answer(holding="Nothing was done yet")
    assert said.endswith("y…”.")
    assert "actions" not in {block["type"] for block in world.answers()[-1]["blocks"]}
    await world.say(f"/incident help {'z' * 2990}", by="ada")
    assert (await world.answer("ada")).startswith("There is no /incident zzz")


async def test_somebody_elses_platform_is_refused(world: World) -> None:
    room = await declared(world, "/incident declare P1 linkist uploads fail")
    refused = "This needs a responder on linkist, and you have no role there yet. Ask an Opsroom admin for that role."
    await world.say("/incident ack INC-1", by="omar")
    assert await world.answer("omar") == refused
    await world.workspace.people.join(world.person("omar"), world.channel(room))
    await world.press("Acknowledge", channel=room, by="omar")
    assert await world.answer("omar", room) == refused
    known = await world.incident()
    assert known is not None
    assert known.acknowledged_by is None


async def test_without_a_number_elsewhere_the_form_offers_the_open_ones(world: World) -> None:
    await declared(world)
    await declared(world, "/incident declare P0 linkist uploads fail", 2)
    await world.say("/incident ack", by="omar")
    asked = await form(world, "omar")
    assert asked.choices["incident"] == {"INC-1 · 1 · checkout returns 500": "checkout returns 500"}
    assert (await submit(world, "omar", incident="1")).closed
    assert "You acknowledged INC-1." in await world.answer("omar")


async def test_the_room_is_told_once_when_nobody_acknowledges_in_time(tmp_path: Path) -> None:
    async with make_world(tmp_path, start=False) as world:
        clock = LeapingClock()
        world.clock = clock
        async with world.running():
            room = await declared(world)
            timers: Timers = world.bot.timers
            await drained(world)
            clock.leap(timedelta(minutes=14))
            await timers.sweep()
            assert late(world, room) == []
            clock.leap(timedelta(minutes=2))
            await world.until(lambda: late(world, room))
            await timers.sweep()
            clock.leap(timedelta(hours=2))
            await timers.sweep()
            await world.bot.outbox.resume()
            assert late(world, room) == [
                "⏰ Nobody has acknowledged INC-1 yet, and Severity 1 Critical asks for an answer by now."
            ]
            await world.press("Acknowledge", channel=room)
            assert "later than its severity asks for" in (await world.until(lambda: notes(world, room)))[0]


async def test_the_room_is_not_told_when_somebody_did(tmp_path: Path) -> None:
    async with make_world(tmp_path, start=False) as world:
        clock = LeapingClock()
        world.clock = clock
        async with world.running():
            room = await declared(world)
            await drained(world)
            await world.say("/incident ack INC-1")
            await world.answer(holding="You acknowledged")
            clock.leap(timedelta(minutes=16))
            await world.bot.timers.sweep()
            await world.bot.outbox.resume()
            assert late(world, room) == []


async def drained(world: World) -> None:
    """Wait until the room is complete: its workflow is over and its timer is set."""
    known = await world.incident()
    assert known is not None
    await world.bot.engine.outcome(f"declare:{known.origin}", 10)


def late(world: World, room: str) -> list[str]:
    return [text for text in world.texts(room) if "Nobody has acknowledged" in text]


async def test_while_the_header_is_on_its_way(world: World) -> None:
    world.workspace.faults.add(Fault(method="chat.postMessage", kind="slow", seconds=0.5, times=None))
    await world.say(DECLARE)
    await world.until(lambda: world.calls("conversations.create"))
    await world.say("/incident ack INC-1")
    await world.answer(holding="You acknowledged INC-1.")
    room = (await world.room()).channel_name or ""
    mine = f"<@{world.person('olivia')}>"
    await world.until(lambda: [m for m in world.messages(room) if f"Acknowledged by {mine}" in str(m["blocks"])])
    assert "Acknowledge'" not in str(world.messages(room))

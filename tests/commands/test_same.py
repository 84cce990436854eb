"""The same thing, declared twice: join or declare another, and one gesture is one incident."""

import asyncio

from tests.commands.hands import settled
from tests.world import World

DECLARE = "/incident declare P1 social-live checkout returns 500"


async def declared(world: World) -> None:
    await world.say(DECLARE)
    await world.room()
    await world.answer(holding="INC-1 is open")


async def test_the_second_person_is_asked_and_joins(world: World) -> None:
    await declared(world)
    await world.say("/incident declare P2 social-live checkout returning 500s", by="ada")
    asked = await world.answer("ada", holding="Is it the same?")
    assert asked == (
        f"<@{world.person('olivia')}> has just declared this one:\n"
        "🔴 *INC-1* Severity 1 Critical · checkout returns 500\n"
        "Is it the same? Nothing was declared yet in your name."
    )
    assert await world.incident(2) is None
    await world.press("Join INC-1", by="ada")
    await world.answer("ada", holding="You are in")
    room = await world.room()
    assert world.person("ada") in world.workspace.channels[room.channel_id or ""].members


async def test_the_second_person_declares_another_one_and_a_double_click_is_one(world: World) -> None:
    await declared(world)
    await world.say(DECLARE, by="ada")
    await world.answer("ada", holding="Is it the same?")
    await asyncio.gather(world.press("Declare another one", by="ada"), world.press("Declare another one", by="ada"))
    second = await world.room(2)
    assert second.declared_by == world.person("ada")
    await world.answer("ada", holding="INC-2 is open")
    await settled(world)
    assert await world.incident(3) is None


async def test_insisting_again_later_shows_the_room_that_there_is(world: World) -> None:
    await declared(world)
    await world.say(DECLARE, by="ada")
    ts, action = await world.button("Declare another one", by="ada")
    await world.press("Declare another one", by="ada")
    await world.answer("ada", holding="INC-2 is open")
    await forget_gestures(world)
    await world.workspace.people.click(world.person("ada"), world.channel("general"), ts, action)
    await world.until(lambda: [m for m in world.answers("ada") if "INC-2 is open" in m["text"]][1:])
    assert await world.incident(3) is None


async def forget_gestures(world: World) -> None:
    """Let the 3 s pass within which two clicks are one."""
    async with world.bot.store.begin() as connection:
        await connection.exec_driver_sql("DELETE FROM gestures")


async def test_the_same_person_is_asked_in_other_words(world: World) -> None:
    await declared(world)
    await world.say(DECLARE)
    asked = await world.answer(holding="Is it the same?")
    assert asked.startswith("You have just declared this one:\n")
    assert asked.endswith("Nothing was declared a second time.")


async def test_two_people_in_the_same_instant_make_one_incident_and_one_question(world: World) -> None:
    people = ("olivia", "ada", "rita")
    await asyncio.gather(*(world.say(DECLARE, by=name) for name in people))
    await world.room()
    await settled(world)
    asked = [name for name in people if any("Is it the same?" in m["text"] for m in world.answers(name))]
    assert len(asked) == 2
    assert await world.incident(2) is None
    assert len(world.calls("conversations.create")) == 1


async def test_another_platform_or_another_thing_is_not_the_same(world: World) -> None:
    await declared(world)
    await world.say("/incident declare P1 zephyr checkout returns 500")
    await world.room(2)
    await world.say("/incident declare P1 social-live search finds nothing")
    await world.room(3)

"""What arrives twice happens once: a repeated delivery, a double click, the same words typed again."""

import asyncio

from bot.store import incidents
from sandbox.slack.doors import Request
from sandbox.slack.doors.delivery import Answer
from tests.faults.room import declared, texts, works
from tests.kill.evidence import check_channels
from tests.world import World


def remembering(world: World) -> list[Request]:
    """Return the list in which everything that is delivered to the bot is kept from now on."""
    kept: list[Request] = []
    deliver = world.workspace.door.deliver

    async def keep(request: Request) -> Answer:
        kept.append(request)
        return await deliver(request)

    world.workspace.door.deliver = keep  # type: ignore[method-assign]
    return kept


async def open_incidents(world: World) -> int:
    async with world.bot.store.read() as connection:
        return await incidents.count_open(connection, ["social-live"])


async def test_the_same_command_delivered_twice_at_once(world: World) -> None:
    sent = remembering(world)
    room = await declared(world)
    again = await asyncio.gather(*(world.workspace.door.deliver(sent[0]) for _ in range(3)))
    assert all(answer.acked for answer in again)
    await works(world, room)
    assert await open_incidents(world) == 1
    check_channels(world, 1)


async def test_a_double_click_counts_once(world: World) -> None:
    room = await declared(world)
    await works(world, room)
    await asyncio.gather(*(world.press("Acknowledge", room.id) for _ in range(3)))
    await world.answer(channel=room.id, holding="You acknowledged INC-1")
    await asyncio.sleep(0.1)  # a second answer would come about now
    assert len(world.answers(channel=room.id)) == 1
    assert len(texts(room, "is on it")) == 1


async def test_two_people_click_at_once_and_one_is_first(world: World) -> None:
    room = await declared(world)
    await works(world, room)
    await asyncio.gather(world.press("Acknowledge", room.id), world.press("Acknowledge", room.id, by="rita"))
    said = [await world.answer(person, room.id) for person in ("olivia", "rita")]
    assert sum("You acknowledged INC-1" in text for text in said) == 1
    assert len(texts(room, "is on it")) == 1

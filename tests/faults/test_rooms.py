"""The channel itself: its name is taken, the workspace forbids it, somebody archives it."""

import asyncio
import itertools
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import StoreUnavailable
from bot.incidents.parts import Workshop
from bot.store.incidents import Incident
from sandbox.slack.faults import Fault
from sandbox.slack.state.channels import Channel
from tests.faults.room import DECLARE, TRY_AGAIN, declared, texts, works
from tests.kill.evidence import check_channels
from tests.world import World


@pytest.mark.parametrize("archived", [False, True])
async def test_a_name_that_somebody_else_has_gets_a_number(world: World, *, archived: bool) -> None:
    names = names_of_the_next_seconds()
    for name in names:
        channel = world.workspace.add_channel(name, members=[world.person("vera")])
        channel.archived = archived
    room = await declared(world)
    assert room.name in {f"{name}-2" for name in names}
    await works(world, room)
    check_channels(world, 1)


def names_of_the_next_seconds() -> list[str]:
    now = datetime.now(UTC)
    return [f"incident-{now + timedelta(seconds=seconds):%Y-%m-%d-%H%M%S}" for seconds in range(5)]


async def test_two_incidents_in_the_same_second(world: World) -> None:
    titles = ("checkout returns 500", "pictures do not load", "nobody can log in", "search finds nothing")
    await asyncio.gather(*(world.say(f"/incident declare P1 social-live {title}") for title in titles))
    rooms = [world.workspace.channels[(await world.room(n)).channel_id or ""] for n in range(1, len(titles) + 1)]
    assert len({room.name for room in rooms}) == len(titles)
    for room in rooms:
        await world.until(lambda: room.pins and len(texts(room, "*INC-")) == 1)  # noqa: B023 used at once
    check_channels(world, len(titles))


async def test_the_workspace_forbids_it_until_an_admin_allows_it(world: World) -> None:
    world.workspace.faults.add(
        Fault(method="conversations.create", kind="error", error="restricted_action", times=None)
    )
    assert (await world.say(DECLARE)).acked
    said = await world.answer(holding="⚠️")
    assert said == (
        "⚠️ I could not open a room for INC-1. The workspace does not let Opsroom do this. Ask a workspace admin, "
        "then try again. INC-1 is on record.\n_Slack refused conversations.create: restricted_action._"
    )
    await world.press(TRY_AGAIN)
    await world.until(lambda: len([m for m in world.answers() if "⚠️" in m["text"]]) == 2)
    check_channels(world, 0)
    world.workspace.faults.clear()
    await asyncio.gather(world.press(TRY_AGAIN), world.press(TRY_AGAIN))
    room = world.workspace.channels[(await world.room()).channel_id or ""]
    await works(world, room)
    check_channels(world, 1)
    assert len([m for m in world.answers() if "INC-1 is open" in m["text"]]) == 1


async def test_the_permission_to_make_channels_is_missing(world: World) -> None:
    world.workspace.faults.add(Fault(method="conversations.create", kind="error", error="missing_scope"))
    await world.say(DECLARE)
    said = await world.answer(holding="⚠️")
    assert said == (
        "⚠️ I could not open a room for INC-1. Slack has not given Opsroom the permission. Install the app anew with "
        "the current manifest, then try again. INC-1 is on record.\n"
        "_Slack refused conversations.create: missing_scope._"
    )


async def test_the_room_is_archived_right_after_it_was_made(world: World) -> None:
    world.workspace.faults.add(Fault(method="conversations.invite", kind="slow", seconds=0.3, times=None))
    world.workspace.faults.add(Fault(method="chat.postMessage", kind="slow", seconds=0.3, times=None))
    world.workspace.faults.add(Fault(method="conversations.setTopic", kind="slow", seconds=0.3, times=None))
    assert (await world.say(DECLARE)).acked
    (room,) = await world.until(lambda: made(world))
    room.archived = True
    said = await world.answer(holding="⚠️")
    assert said.startswith(
        f"⚠️ I cannot write in the room of INC-1, <#{room.id}>. The channel is archived. Unarchive it, then try again. "
        "INC-1 is on record.\n_Slack refused"
    )
    assert len([m for m in world.answers() if "⚠️" in m["text"]]) == 1
    room.archived = False
    world.workspace.faults.clear()
    await world.press(TRY_AGAIN)
    await works(world, room)
    check_channels(world, 1)
    await world.until(lambda: texts(room, "✅"))
    assert [m for m in world.answers() if "⚠️" in m["text"]][1:] == []


def made(world: World) -> list[Channel]:
    bot = world.workspace.bot.id
    return [channel for channel in world.workspace.channels.values() if channel.creator == bot]


async def test_every_third_look_into_the_store_fails(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    read, turns = Workshop.incident, itertools.cycle([True, False, False])

    async def two_times_of_three(shop: Workshop, number: int) -> Incident:
        if next(turns):
            raise StoreUnavailable("The store does not answer.")
        return await read(shop, number)

    monkeypatch.setattr(Workshop, "incident", two_times_of_three)
    room = await declared(world)
    await works(world, room)
    check_channels(world, 1)


async def test_who_joins_an_archived_room_hears_why_not(world: World) -> None:
    room = await declared(world)
    await works(world, room)
    room.archived = True
    await world.say("/incident join INC-1", by="ada")
    assert await world.answer("ada") == "The channel is archived.\nSlack refused conversations.invite: is_archived."

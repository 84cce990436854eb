"""Slack is down, slow, busy, or cuts the line: what was acknowledged is done, and done once."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.slack.arrivals import Arrival
from bot.store import incidents
from sandbox.slack.doors import SocketDoor
from sandbox.slack.faults import Fault
from sandbox.slack.state.channels import Channel
from tests.faults.hurry import hurried
from tests.faults.room import DECLARE, TRY_AGAIN, announcements, declared, texts, works
from tests.kill.evidence import ANNOUNCED_IN, check_channels, join_announcements
from tests.world import World


async def once(world: World) -> None:
    """Assert that the room of INC-1 is complete and that there is one of everything."""
    room = await open_room(world)
    await works(world, room)
    check_channels(world, 1)
    assert len(texts(room, "*INC-1*")) == 1
    assert texts(room, "⚠️") == []


async def open_room(world: World) -> Channel:
    room = await world.room()
    return world.workspace.channels[room.channel_id or ""]


def connected(world: World) -> bool:
    door = world.workspace.door
    assert isinstance(door, SocketDoor)
    return bool(door.connections)


async def test_slack_is_down_and_comes_back_after_minutes(tmp_path: Path) -> None:
    async with hurried(tmp_path, 60.0) as world:
        world.workspace.faults.add(Fault(method="*", kind="http_500", times=None))
        assert (await world.say(DECLARE)).acked
        assert world.clock is not None
        until = world.clock.now() + timedelta(minutes=2)
        await world.until(lambda: world.clock and world.clock.now() > until)
        assert world.workspace.calls.of("conversations.create")
        world.workspace.faults.clear()
        await once(world)


async def test_slack_asks_to_wait_for_thirty_seconds(tmp_path: Path) -> None:
    async with hurried(tmp_path) as world:
        world.workspace.faults.add(Fault(method="conversations.create", kind="rate_limited", retry_after=30))
        world.workspace.faults.add(Fault(method="chat.postMessage", kind="rate_limited", retry_after=30))
        await declared(world)
        await once(world)
        assert len(world.workspace.calls.of("conversations.create")) == 2


@pytest.mark.parametrize("kind", ["http_500", "cut_before", "cut_after", "slow"])
@pytest.mark.parametrize(
    "method", ["conversations.create", "conversations.invite", "chat.postMessage", "pins.add", "bookmarks.add"]
)
async def test_one_call_goes_wrong(world: World, method: str, kind: str) -> None:
    join_announcements(world)
    world.workspace.faults.add(Fault(method=method, kind=kind, seconds=0.5))  # type: ignore[arg-type]
    await declared(world)
    await once(world)


async def test_slack_is_slow_everywhere(world: World) -> None:
    world.workspace.latency = 0.3
    assert (await world.say(DECLARE)).delay_seconds < 0.3
    await once(world)


async def test_the_line_is_cut_before_the_acknowledgement(world: World) -> None:
    """Slack sends it again on the next connection; the receipt says that it is here already."""
    take = world.bot.reception.take

    async def cut_then_take(arrival: Arrival) -> bool:
        fresh = await take(arrival)
        if fresh:
            await world.workspace.cut_sockets(None)
        return fresh

    world.bot.reception.take = cut_then_take  # type: ignore[method-assign]
    assert (await world.say(DECLARE)).acked
    await once(world)
    async with world.bot.store.read() as connection:
        assert await incidents.count_open(connection, ["social-live"]) == 1


async def test_the_line_is_cut_after_the_acknowledgement(world: World) -> None:
    world.workspace.latency = 0.05
    assert (await world.say(DECLARE)).acked
    assert await world.workspace.cut_sockets(None) == 1
    await once(world)
    await world.until(lambda: connected(world))
    assert (await world.say("/incident list")).acked
    await world.answer(holding="1 open incident")


async def test_an_announcement_that_cannot_be_looked_for_is_not_repeated_blindly(world: World) -> None:
    """Opsroom may post where it is not a member, but cannot read there: somebody has to let it in."""
    fault = Fault(method="chat.postMessage", kind="cut_after", channel=f"#{ANNOUNCED_IN}")
    world.workspace.faults.add(fault)
    room = await declared(world)
    await world.until(lambda: texts(room, "⚠️"))
    (said,) = texts(room, "⚠️")
    assert said == (
        "⚠️ I could not announce INC-1. Opsroom is not in that channel. Invite @opsroom there, then try again. "
        f"Everything else goes on.\n_Slack refused conversations.history: not_in_channel (#{ANNOUNCED_IN})._"
    )
    join_announcements(world)
    await world.press(TRY_AGAIN, room.id)
    await world.until(lambda: texts(room, "✅"))
    assert len(announcements(world)) == 1

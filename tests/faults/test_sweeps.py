"""What stays open is finished by the clock: requests, timers, messages in the outbox."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Table, func, select

from bot.store.outbox import outbox
from sandbox.slack.faults import Fault
from tests.commands.hands import LeapingClock
from tests.faults.hurry import hurried
from tests.faults.room import declared, texts, works
from tests.world import World, world

LATE = "⏰ Nobody has acknowledged INC-1 yet, and Severity 1 Critical asks for an answer by now."


async def test_a_request_that_could_not_be_answered_is_answered_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with hurried(tmp_path) as world:
        world.workspace.faults.add(Fault(method="response_url", kind="http_500", times=None))
        assert (await world.say("/incident list")).acked
        await world.until(lambda: "waits: Slack did not answer response_url" in caplog.text)
        world.workspace.faults.clear()
        assert await world.answer() == "No open incidents."


async def test_a_reminder_comes_through_an_outage_of_slack_once(tmp_path: Path) -> None:
    async with hurried(tmp_path, speed=600.0) as world:
        room = await declared(world)
        await works(world, room)
        world.workspace.faults.add(Fault(method="chat.postMessage", kind="http_500", times=None))
        await world.until(lambda: [call for call in world.workspace.calls if call.fault == "http_500"])
        world.workspace.faults.clear()
        await world.until(lambda: texts(room, "⏰"))
        assert texts(room, "⏰") == [LATE]


async def test_nobody_is_reminded_of_what_is_acknowledged(tmp_path: Path) -> None:
    async with hurried(tmp_path, speed=600.0) as world:
        room = await declared(world)
        await works(world, room)
        await world.press("Acknowledge", room.id)
        await world.answer(channel=room.id, holding="You acknowledged")
        assert world.clock is not None
        room_row = await world.room()
        await world.until(lambda: (world.clock.now() - room_row.declared_at).total_seconds() > 2400)  # type: ignore[union-attr]
        assert texts(room, "⏰") == []


async def test_what_is_old_is_forgotten_and_the_incident_goes_on(tmp_path: Path) -> None:
    async with world(tmp_path, start=False, heartbeat=60.0, dead_after=600.0) as made:
        clock = LeapingClock()
        made.clock = clock
        async with made.running():
            room = await declared(made)
            await works(made, room)
            await made.bot.reception.forget()
            assert await kept(made, outbox) > 0
            clock.leap(timedelta(days=91))
            await made.bot.reception.forget()
            assert await kept(made, outbox) == 0
            await made.press("Acknowledge", room.id)
            await made.answer(channel=room.id, holding="You acknowledged INC-1")
            await made.until(lambda: texts(room, "acknowledged by"))
            assert len(texts(room, "*INC-1*")) == 1


async def kept(world: World, table: Table) -> int:
    async with world.bot.store.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())

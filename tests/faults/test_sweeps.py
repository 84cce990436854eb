"""What stays open is finished by the clock: requests, timers, messages in the outbox."""

from pathlib import Path

import pytest

from sandbox.slack.faults import Fault
from tests.faults.hurry import hurried
from tests.faults.room import declared, texts, works

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

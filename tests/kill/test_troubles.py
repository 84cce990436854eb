"""SIGKILL while the bot says that a part of the room does not work, and while it says that it works again."""

from pathlib import Path

import pytest

from sandbox.slack.faults import Fault
from sandbox.slack.state.channels import Channel
from tests.kill.lane import Lane, lane
from tests.kill.process import until
from tests.kill.tripwire import Moment

pytestmark = pytest.mark.kill


def said(room: Channel, sign: str) -> int:
    """Return how many messages of the room begin with a sign."""
    return sum(message.text.startswith(sign) for message in room.messages.values())


async def dies(lane: Lane) -> None:
    """Wait for the bot's end, and start the next one."""
    await until(lambda: not lane.bot.alive, "the bot was killed")
    await lane.restart()


@pytest.mark.parametrize("stage", ["asked", "done"])
async def test_a_trouble_is_said_once_and_mended_once(tmp_path: Path, stage: str) -> None:
    async with lane(tmp_path / "lane") as alone:
        alone.world.workspace.faults.add(Fault(method="pins.add", kind="error", error="too_many_pins", times=None))
        alone.tripwire.set(Moment("chat.postMessage trouble", 1, stage), alone.bot.kill)
        evidence = await alone.declare(stage)
        await dies(alone)
        await until(lambda: alone.at_rest() and evidence.rooms, evidence)
        (room,) = evidence.rooms
        assert (said(room, "⚠️"), said(room, "✅"), len(room.pins)) == (1, 0, 0)

        alone.world.workspace.faults.clear()
        alone.tripwire.set(Moment("chat.postMessage mended", 1, stage), alone.bot.kill)
        await alone.world.press("Try again", room.id)
        await dies(alone)
        await until(lambda: said(room, "✅") and alone.at_rest(), evidence)
        assert await alone.bot.stop() == 0
        assert (said(room, "⚠️"), said(room, "✅"), len(room.pins)) == (1, 1, 1)

"""SIGKILL at every single Slack call of declare: before Slack does the work, before its answer leaves, and after."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.kill.lane import Lane, lane
from tests.kill.process import until
from tests.kill.tripwire import TOLD, Moment

pytestmark = pytest.mark.kill

LANES = 2
"""How many bots are killed side by side: most of the time goes into starting them."""
ANSWERED = 0.003
"""Seconds after a call is done by which its answer has reached the bot."""
CALLS = {
    "conversations.create",
    "conversations.invite",
    "conversations.setTopic",
    "chat.postMessage header",
    "chat.postMessage announcement",
    "pins.add",
    "bookmarks.list",
    "bookmarks.add",
    "usergroups.list",
    "response_url",
}
"""What a declare asks of Slack at least; whatever else it asks is found and tried as well."""


async def record(lane: Lane) -> list[Moment]:
    """Return every moment of a declare that nothing disturbs; also that at which a call's answer has arrived."""
    lane.tripwire.set(None, lambda: None)
    evidence = await lane.declare("a record")
    await evidence.complete()
    await asyncio.sleep(0.2)  # a call too many would come about now
    evidence.check()
    calls = list(lane.tripwire.seen)
    answers = [Moment(call.method, call.number, "answered") for call in calls if call.stage == "done"]
    return sorted([*calls, *answers])


def set_tripwire(lane: Lane, moment: Moment) -> None:
    """Let the bot that runs now die at that moment; the one that is started after it shall not."""
    victim = lane.bot.child

    def kill() -> None:
        if victim.returncode is None:
            victim.kill()

    if moment.stage == "answered":
        loop = asyncio.get_running_loop()
        done = Moment(moment.method, moment.number, "done")
        lane.tripwire.set(done, lambda: loop.call_later(ANSWERED, kill))
    else:
        lane.tripwire.set(moment, kill)


async def kill_at(lane: Lane, moment: Moment) -> bool:
    """Declare, kill the bot at that moment and start it again; False when the moment did not come."""
    set_tripwire(lane, moment)
    evidence = await lane.declare(moment)
    # What is whole need not be at rest: a step that a restart cuts off is done again and asks for what it needs.
    await until(lambda: not lane.bot.alive or (evidence.whole and lane.at_rest()), f"{moment} comes")
    came, told = lane.tripwire.is_sprung, TOLD in lane.tripwire.seen
    await lane.restart()
    await evidence.complete()
    await until(lane.at_rest, f"all that {moment} cut off ends")  # else its calls would spring the next tripwire
    # Nobody can look for what only one person saw: it is said again when its outcome is not on record.
    evidence.check(most_answers=2 if told else 1)
    return came


async def kill_at_each(lane: Lane, moments: list[Moment]) -> None:
    """Kill the bot at one moment after the other, and look at everything in the end."""
    for moment in moments:
        try:
            # What the bot remembers may spare it a call: the next time it has a new process.
            assert await kill_at(lane, moment) or await kill_at(lane, moment), "the moment never came"
        except BaseException as error:
            error.add_note(f"The bot was killed at: {moment}")
            raise
    await lane.check()


async def test_nothing_is_lost_and_nothing_doubled_whichever_call_the_bot_dies_at(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        lanes = [await stack.enter_async_context(lane(tmp_path / str(number))) for number in range(LANES)]
        moments = await record(lanes[0])
        assert {moment.method for moment in moments} >= CALLS
        await asyncio.gather(*(kill_at_each(lanes[n], moments[n::LANES]) for n in range(LANES)))

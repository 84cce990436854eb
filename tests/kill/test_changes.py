"""SIGKILL at every step of a change, from its approval to its result: it is made once, and the message says so."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from tests.kill.cluster import machines
from tests.kill.cuts import DEED, DRY, INTENT, OUTCOME, STEP, TOLD, Cut, cut_off_at_each
from tests.kill.kitchen import Kitchen
from tests.kill.lane import lane
from tests.kill.process import until
from tests.kill.tripwire import Moment

pytestmark = pytest.mark.kill

LANES = 2
"""How many bots are killed side by side: most of the time goes into starting them."""
CUTS = (
    Cut("restart", until="SELECT count(*) FROM receipts WHERE state = 'open'"),
    Cut("restart", until="SELECT count(*) FROM decisions WHERE request = {0}"),
    Cut("restart", "GET oven", "asked"),
    Cut("restart", DRY, until=STEP % "replan"),
    Cut("restart", DRY, until=STEP % "began"),
    Cut("restart", DRY, until=INTENT % "change:0"),
    Cut("scale", DEED, "asked"),
    Cut("restart", DEED, "asked"),
    Cut("restart", DEED, "done"),
    Cut("scale", DEED, "done"),
    Cut("renew", DEED, until=OUTCOME % "change:0"),
    Cut("renew", DEED, "asked", 2),
    Cut("renew", DEED, "done", 2),
    Cut("renew", DEED, "done", 2, until=OUTCOME % "change:1"),
    Cut("restart", DEED, until=STEP % "watch:0:0"),
    Cut("restart", DEED, until=STEP % "verify"),
    Cut("restart", DEED, until=STEP % "ended", behind=True),
    Cut("restart", DEED, until="SELECT count(*) FROM requests WHERE number = {0} AND state = 'done'", behind=True),
    Cut("restart", DEED, until=STEP % "end", behind=True),
    Cut("restart", DEED, until=STEP % "begin:{1}", behind=True),
    Cut("restart", TOLD, "asked", behind=True),
    Cut("restart", TOLD, "done"),
    Cut("restart", TOLD, "done", until=STEP % "tell"),
)


@asynccontextmanager
async def kitchen(folder: Path, ready_after: float = 0.0) -> AsyncIterator[Kitchen]:
    """Yield a kitchen with one bot."""
    folder.mkdir()
    async with (
        machines(folder, ready_after) as made,
        lane(folder / "lane", made.variables, runbooks=made.runbooks) as alone,
    ):
        yield await Kitchen.furnished(alone, made)


async def test_whenever_the_bot_dies_the_change_is_made_once_and_the_message_says_so(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        kitchens = [await stack.enter_async_context(kitchen(tmp_path / str(number))) for number in range(LANES)]
        await asyncio.gather(*(cut_off_at_each(kitchens[n], CUTS[n::LANES]) for n in range(LANES)))


async def test_a_rollout_that_is_watched_when_the_bot_dies_is_watched_on(tmp_path: Path) -> None:
    async with kitchen(tmp_path / "slow", ready_after=1.0) as slow:
        number, lane = await slow.asked("restart"), slow.lane
        lane.tripwire.set(Moment("GET pods", 4, "done"), lane.bot.kill)
        await slow.approve(number)
        await until(lambda: not lane.bot.alive, "the bot looks how far it is")
        assert slow.state(number) == "running"
        assert '"in_progress"' in slow.said(number)
        await lane.restart()
        await slow.ended(number)
        await slow.check()

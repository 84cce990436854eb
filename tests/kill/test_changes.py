"""SIGKILL at every step of a change, from its approval to its result: it is made once, and the message says so."""

import asyncio
import functools
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.kill.cluster import machines
from tests.kill.kitchen import Kitchen
from tests.kill.lane import lane
from tests.kill.process import Process, until
from tests.kill.slices import run_until
from tests.kill.tripwire import Moment

pytestmark = pytest.mark.kill

LANES = 2
"""How many bots are killed side by side: most of the time goes into starting them."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a run is cut off: at a call, or once the store has what comes next.

    `call` is that call, empty for the click itself; `until` what the store is asked then: 0 while it has not come so
    far. `behind` says that another request waits for the same target meanwhile.
    """

    action: str
    call: str = ""
    stage: str = "done"
    number: int = 1
    until: str = ""
    behind: bool = False

    @property
    def moment(self) -> Moment | None:
        """The call, for a tripwire."""
        return Moment(self.call, self.number, self.stage) if self.call else None


_STEP = "SELECT count(*) FROM steps WHERE workflow = 'run:{0}' AND name = '%s'"
_INTENT = "SELECT count(*) FROM effects WHERE workflow = 'run:{0}' AND name = '%s'"
_OUTCOME = f"{_INTENT} AND done_at IS NOT NULL"
_DRY, _DEED, _TOLD = "PATCH oven dry", "PATCH oven", "chat.postMessage request"
CUTS = (
    Cut("restart", until="SELECT count(*) FROM decisions WHERE request = {0}"),
    Cut("restart", "GET oven", "asked"),
    Cut("restart", _DRY, until=_STEP % "replan"),
    Cut("restart", _DRY, until=_STEP % "began"),
    Cut("restart", _DRY, until=_INTENT % "change:0"),
    Cut("scale", _DEED, "asked"),
    Cut("restart", _DEED, "asked"),
    Cut("restart", _DEED, "done"),
    Cut("scale", _DEED, "done"),
    Cut("renew", _DEED, until=_OUTCOME % "change:0"),
    Cut("renew", _DEED, "asked", 2),
    Cut("renew", _DEED, "done", 2),
    Cut("renew", _DEED, "done", 2, until=_OUTCOME % "change:1"),
    Cut("restart", _DEED, until=_STEP % "watch:0:0"),
    Cut("restart", _DEED, until=_STEP % "verify"),
    Cut("restart", _DEED, until=_STEP % "ended", behind=True),
    Cut("restart", _DEED, until="SELECT count(*) FROM requests WHERE number = {0} AND state = 'done'", behind=True),
    Cut("restart", _DEED, until=_STEP % "end", behind=True),
    Cut("restart", _DEED, until=_STEP % "begin:{1}", behind=True),
    Cut("restart", _TOLD, "asked", behind=True),
    Cut("restart", _TOLD, "done"),
    Cut("restart", _TOLD, "done", until=_STEP % "tell"),
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


async def cut_off(kitchen: Kitchen, cut: Cut) -> list[int]:
    """Approve a change, and kill the bot that makes it at that moment; return the requests that are to be done."""
    number, lane = await kitchen.asked(cut.action), kitchen.lane
    numbers = [number, *([await kitchen.asked("mix")] if cut.behind else [])]
    victims: list[Process] = []

    def stop() -> None:
        victims.append(lane.runner(f"run:{number}"))
        (victims[0].freeze if cut.until else victims[0].kill)()

    def came_so_far() -> bool:
        return bool(lane.ask(cut.until.format(number, number + 1)))

    if cut.moment is None:
        approving = asyncio.create_task(kitchen.approve(number))
        await run_until(*lane.bots[:1], came_so_far, *lane.bots[1:])
        assert not lane.begun(f"run:{number}"), "the moment slipped through"
        victims.append(lane.taker())
    else:
        lane.tripwire.set(cut.moment, stop)
        approving = asyncio.create_task(_approved(kitchen, numbers))
        await until(lambda: victims, f"{cut} comes")
        if cut.until:
            await run_until(victims[0], came_so_far)
    victims[0].kill()
    await victims[0].gone()
    for bot in lane.bots:
        bot.thaw()
    await lane.replace()
    await approving
    return numbers


async def _approved(kitchen: Kitchen, numbers: Sequence[int]) -> None:
    """Approve requests, all of them before the first can be carried out."""
    kitchen.machines.api.open.clear()
    for number in numbers:
        await kitchen.approve(number)
        await until(functools.partial(_decided, kitchen, number), f"REQ-{number} is approved")
    kitchen.machines.api.open.set()


def _decided(kitchen: Kitchen, number: int) -> bool:
    return kitchen.state(number) != "waiting"


async def cut_off_at_each(kitchen: Kitchen, cuts: Sequence[Cut]) -> None:
    """Cut off one change after the other, and look at what came of it."""
    for cut in cuts:
        try:
            await kitchen.ended(*await cut_off(kitchen, cut))
        except BaseException as error:
            error.add_note(f"The bot was killed at: {cut}")
            raise
    await kitchen.check()


async def test_whenever_the_bot_dies_the_change_is_made_once_and_the_message_says_so(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        kitchens = [await stack.enter_async_context(kitchen(tmp_path / str(number))) for number in range(LANES)]
        await asyncio.gather(*(cut_off_at_each(kitchens[n], CUTS[n::LANES]) for n in range(LANES)))

"""Moments at which the run of a change is cut off, and cutting it off there."""

import asyncio
import functools
from collections.abc import Sequence
from dataclasses import dataclass

from tests.kill.kitchen import Kitchen
from tests.kill.locks import Lock
from tests.kill.process import Process, until
from tests.kill.slices import run_until
from tests.kill.tripwire import Moment

STEP = "SELECT count(*) FROM steps WHERE workflow = 'run:{0}' AND name = '%s'"
INTENT = "SELECT count(*) FROM effects WHERE workflow = 'run:{0}' AND name = '%s'"
OUTCOME = f"{INTENT} AND done_at IS NOT NULL"
DRY, DEED, TOLD = "PATCH oven dry", "PATCH oven", "chat.postMessage request"


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a run is cut off: at a call, or once the store has what comes next.

    `call` is that call, empty for the click itself; `until` what the store is asked then: 0 while it has not come so
    far. Or the bot is let go on until it writes into the table `held`, which on PostgreSQL can be locked. `behind` says
    that another request waits for the same target meanwhile.
    """

    action: str
    call: str = ""
    stage: str = "done"
    number: int = 1
    until: str = ""
    held: str = ""
    behind: bool = False


@dataclass
class _Victim:
    """The bot that carries a request out; it is stopped when its moment comes."""

    kitchen: Kitchen
    cut: Cut
    number: int
    bot: Process | None = None
    lock: Lock | None = None

    def stop(self) -> None:
        """Freeze it, or let it run into a lock, or kill it."""
        lane, cut = self.kitchen.lane, self.cut
        self.bot = lane.runner(f"run:{self.number}") if cut.call else None
        if cut.held:
            self.lock = Lock(lane.address, cut.held)
        elif self.bot is not None:
            (self.bot.freeze if cut.until else self.bot.kill)()

    def came_so_far(self) -> bool:
        """Return whether the store has what the cut waits for."""
        return bool(self.kitchen.lane.ask(self.cut.until.format(self.number, self.number + 1)))

    async def dies(self) -> None:
        """Let it run on to where it is to be killed, and kill it there."""
        lane = self.kitchen.lane
        if self.cut.call:
            await until(lambda: self.bot, f"{self.cut} comes")
        if self.lock is not None:
            await until(self.lock.met, f"the bot writes into {self.cut.held}")
        elif self.cut.until:
            await run_until(self.bot or lane.bot, self.came_so_far)
        if not self.cut.call:
            assert not lane.begun(f"run:{self.number}"), "the moment slipped through"
        bot = self.bot or lane.taker()
        bot.kill()
        await bot.gone()
        if self.lock is not None:
            self.lock.release()


async def cut_off(kitchen: Kitchen, cut: Cut) -> list[int]:
    """Approve a change, and kill the bot that makes it at that moment; return the requests that are to be done."""
    number = await kitchen.asked(cut.action)
    numbers = [number, *([await kitchen.asked("mix")] if cut.behind else [])]
    victim = _Victim(kitchen, cut, number)
    if cut.call:
        kitchen.lane.tripwire.set(Moment(cut.call, cut.number, cut.stage), victim.stop)
        approving = asyncio.create_task(_approved(kitchen, numbers))
    else:
        victim.stop()
        approving = asyncio.create_task(kitchen.approve(number))
    await victim.dies()
    await kitchen.lane.replace()
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

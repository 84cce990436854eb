"""The clock: it finds the schedules, hands them their parts, and ticks whatever happens."""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.durable.engine import Engine
from bot.durable.timers import Timers
from bot.errors import StoreUnavailable
from bot.verbs.inbox import Inbox
from bot.wallclock import Clock, SystemClock
from schedules.clock import Clockwork, Schedule, scan

PATIENCE = 10.0


class Work:
    """Stands for every part that a schedule needs, and counts."""

    def __init__(self) -> None:
        self.sweeps, self.forgotten = 0, 0
        self.done = asyncio.Event()

    async def sweep(self) -> int:
        self.sweeps += 1
        self.done.set()
        return 1

    async def forget(self, before: datetime | None = None) -> int:
        self.forgotten += 1
        self.done.set()
        return 1


def services(work: Work) -> dict[type, Any]:
    return {Timers: work, Inbox: work, Engine: work, Clock: SystemClock()}


def failing(error: Exception) -> Schedule:
    async def tick() -> None:
        raise error

    return Schedule("receipts", timedelta(seconds=1), tick, {})


async def test_every_file_of_the_folder_is_a_schedule_with_its_parts() -> None:
    work = Work()
    found = {schedule.name: schedule for schedule in scan(services(work))}
    assert set(found) == {"receipts", "retention", "timers"}
    for schedule in found.values():
        await schedule.run()
    assert (work.sweeps, work.forgotten) == (2, 2)


def test_a_part_that_nothing_provides_is_found_at_start() -> None:
    with pytest.raises(TypeError, match=r"schedules/timers\.py needs \['Timers'\], which nothing provides"):
        Clockwork({Inbox: Work(), Engine: Work(), Clock: SystemClock()})


async def test_an_error_ends_one_tick_and_no_other(caplog: pytest.LogCaptureFixture) -> None:
    await failing(StoreUnavailable("The store does not answer.")).run()
    await failing(ZeroDivisionError("a fault of ours")).run()
    expected, fault = caplog.records
    assert (expected.levelno, expected.getMessage()) == (logging.WARNING, "receipts: The store does not answer.")
    assert (fault.levelno, fault.getMessage()) == (logging.ERROR, "receipts failed")


async def test_it_ticks_until_it_is_stopped() -> None:
    work = Work()
    clockwork = Clockwork(services(work))
    clockwork.schedules = tuple(
        Schedule(one.name, timedelta(milliseconds=10), one.tick, one.parts) for one in clockwork.schedules
    )
    clockwork.start()
    async with asyncio.timeout(PATIENCE):
        while work.sweeps < 6 or work.forgotten < 3:
            work.done.clear()
            await work.done.wait()
    clockwork.stop()
    await asyncio.sleep(0)
    work.done.clear()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(work.done.wait(), 0.05)

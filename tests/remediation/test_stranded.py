"""A run that cannot go on lets its target go, and says so."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.durable.engine import Engine
from bot.remediation.deciding import RUN
from bot.remediation.handing import admit
from bot.runbooks.platforms import Platforms
from bot.store import requests, target_locks
from tests.commands.hands import LeapingClock
from tests.remediation.bakery import bakery


async def test_a_platform_that_left_the_runbooks_leaves_no_lock(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        asked = await shop.asked()
        bot = shop.world.bot
        async with bot.store.begin() as connection:
            assert await admit(connection, asked, datetime.now(UTC)) == requests.RUNNING
        bot.services[Platforms].become(Platforms())
        await bot.services[Engine].start(RUN, "run:1", {"request": 1})
        ended = await shop.in_state(requests.FAILED)
        assert ended.outcome == ("Opsroom could not go on: The platform bakery of REQ-1 is no longer in the runbooks.")
        async with bot.store.read() as connection:
            assert await target_locks.holder(connection, "bakery", ["cluster"]) is None


async def test_a_request_that_nobody_began_is_begun_a_little_later(tmp_path: Path) -> None:
    clock = LeapingClock()
    async with bakery(tmp_path, clock=clock) as shop:
        asked = await shop.asked()
        bot = shop.world.bot
        async with bot.store.begin() as connection:  # and then the replica is killed
            assert await admit(connection, asked, clock.now()) == requests.RUNNING
        clock.leap(timedelta(minutes=1))
        await shop.in_state(requests.DONE)
        assert "kubectl.kubernetes.io/restartedAt" in (await shop.oven())["spec"]["template"]["metadata"]["annotations"]


async def test_what_was_denied_while_it_waited_for_its_target_is_not_carried_out(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        asked = await shop.asked()
        bot = shop.world.bot
        async with bot.store.begin() as connection:
            assert await admit(connection, asked, datetime.now(UTC)) == requests.RUNNING
            await requests.change(connection, 1, (requests.RUNNING,), state=requests.DENIED)
        before = await shop.oven()
        await bot.services[Engine].start(RUN, "run:1", {"request": 1})
        assert "REQ-1 is denied" in str(await bot.services[Engine].outcome("run:1", 15.0))
        assert (await shop.oven())["spec"] == before["spec"]
        assert (await shop.request()).state == requests.DENIED

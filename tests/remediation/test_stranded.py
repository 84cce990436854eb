"""A run that cannot go on lets its target go, and says so."""

from datetime import UTC, datetime
from pathlib import Path

from bot.durable.engine import Engine
from bot.remediation.deciding import RUN
from bot.remediation.handing import admit
from bot.runbooks.platforms import Platforms
from bot.store import requests, target_locks
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

"""Some time afterwards: whether it stayed well, told once in the thread."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from bot.remediation.afterwards import WATCHED
from bot.store import requests
from bot.store.timers import timers
from tests.commands.hands import LeapingClock
from tests.remediation.bakery import Bakery, bakery

FIVE = timedelta(minutes=5, seconds=1)


async def rolled_back(shop: Bakery) -> None:
    await shop.asked("/rollback bakery oven 1")
    await shop.press("Approve")
    ended = await shop.ended()
    assert ended.state == requests.DONE, ended.outcome


async def look(shop: Bakery, clock: LeapingClock) -> None:
    """Let five minutes pass, and the look that is due then be over."""
    clock.leap(FIVE)

    async def is_over() -> bool:
        async with shop.world.bot.store.read() as connection:
            due = (await connection.execute(select(timers.c.due_at).where(timers.c.kind == WATCHED))).scalar()
        return due is None or due > clock.now()

    await shop.world.sooner_or_later(is_over)


async def follow_up(shop: Bakery) -> str:
    """Wait for what is said in the thread beside the result, and return it."""
    await shop.world.until(lambda: len(shop.thread()) > 1)
    return shop.thread()[1]


async def test_all_is_well_fifteen_minutes_later_and_told_once(tmp_path: Path) -> None:
    clock = LeapingClock()
    async with bakery(tmp_path, clock=clock) as shop:
        await rolled_back(shop)
        for _ in range(2):
            await look(shop, clock)
            assert len(shop.thread()) == 1
        await look(shop, clock)
        said = await follow_up(shop)
        assert said.startswith("✅ 15 minutes later all is well: Pods that are ready: 2/2, within the limits")
        assert "REQ-1 Roll oven back to revision 1 · this was the last look" in said
        assert "[Take it back]" not in said
        await look(shop, clock)
        assert len(shop.thread()) == 2


async def test_what_goes_wrong_meanwhile_is_told_at_once_with_the_way_back(tmp_path: Path) -> None:
    clock = LeapingClock()
    async with bakery(tmp_path, clock=clock) as shop:
        await rolled_back(shop)
        await shop.deploy("bakery/oven:1.3-missing")
        await shop.hands.patch("deployments", "oven", {"spec": {"replicas": 4}})
        await shop.hands.waiting("app=oven", "ImagePullBackOff")
        await look(shop, clock)
        said = await follow_up(shop)
        assert said.startswith("⚠️ 5 minutes later something is wrong: Pods that are ready: ")
        assert "[Take it back]" in said
        await look(shop, clock)
        assert len(shop.thread()) == 2


async def test_a_target_that_is_away_is_no_verdict(tmp_path: Path) -> None:
    clock = LeapingClock()
    async with bakery(tmp_path, clock=clock) as shop:
        await rolled_back(shop)
        await shop.hands.delete("deployments", "oven")
        for _ in range(3):
            await look(shop, clock)
        said = await follow_up(shop)
        assert said.startswith("❔ 15 minutes later nobody can tell whether all is well: Pods that are ready: ")
        assert "oven" in said


async def test_nobody_looks_after_what_failed(tmp_path: Path) -> None:
    clock = LeapingClock()
    async with bakery(tmp_path, clock=clock) as shop:
        await shop.asked("/rollback bakery oven 1")
        await shop.deploy("bakery/oven:1.2")
        await shop.press("Approve")
        assert (await shop.ended()).state == requests.VOID
        for _ in range(3):
            await look(shop, clock)
        assert len(shop.thread()) == 1

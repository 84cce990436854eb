"""Rollouts that never get ready: which pods, why, and a way back that is asked for like everything else."""

from datetime import timedelta
from pathlib import Path

from bot.store import requests
from tests.commands.hands import LeapingClock
from tests.remediation.bakery import Bakery, bakery

MINUTE = timedelta(seconds=61)


async def stuck(shop: Bakery, clock: LeapingClock) -> None:
    """Roll an image out that nobody ever pushed, until that is told."""
    await shop.asked("/run bakery renew version=2-missing")
    await shop.press("Approve")
    await shop.told("Pods in trouble: oven-", "ImagePullBackOff", "being carried out")
    clock.leap(MINUTE)
    await shop.ended()


async def taken_back(shop: Bakery, number: int) -> requests.Request:
    """Ask for the way back of the newest request as a new one, have it approved, and return it."""
    await shop.press("Take it back", by="olivia")
    await shop.in_state(requests.WAITING, number=number)
    await shop.told("[Approve]", number=number)
    await shop.press("Approve")
    return await shop.ended(number)


async def test_a_rollout_without_an_image_says_which_pods_and_what_was_done(tmp_path: Path) -> None:
    clock = LeapingClock()
    async with bakery(tmp_path, clock=clock) as shop:
        await stuck(shop, clock)
        failed = await shop.request()
        assert failed.state == requests.FAILED
        assert (failed.outcome or "").startswith("It did not go through: Pods in trouble: oven-")
        assert "ImagePullBackOff" in (failed.outcome or "")
        done = "Done before: kubectl set image deployment/oven oven=bakery/oven:2-missing, kubectl annotate"
        assert done in (failed.outcome or "")
        await shop.told("❌", "· failed", "It did not go through")
        assert "[Take it back]" in shop.thread()[0]


async def test_the_way_back_of_a_failed_rollout_heals_it(tmp_path: Path) -> None:
    clock = LeapingClock()
    async with bakery(tmp_path, clock=clock) as shop:
        await stuck(shop, clock)
        assert await shop.image() == "bakery/oven:2-missing"
        back = await taken_back(shop, 2)
        assert (back.state, back.undoes) == (requests.DONE, 1), back.outcome
        assert back.title == "Take REQ-1 back: Take another image, and restart"
        assert await shop.image() == "bakery/oven:1.1"
        assert "renewed" not in (await shop.hands.available("oven"))["metadata"]["annotations"]


async def test_whoever_asks_for_the_way_back_cannot_allow_it(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.asked("/run bakery scale replicas=3")
        await shop.press("Approve", by="ada")
        await shop.ended()
        await shop.press("Take it back", by="ada")
        await shop.told("[Approve]", number=2)
        await shop.press("Approve", by="ada")
        await shop.answered("You asked for REQ-2, so somebody else has to allow it.", by="ada")


async def test_a_way_back_can_be_taken_back_as_well(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.asked("/run bakery scale replicas=3")
        await shop.press("Approve")
        await shop.ended()
        for number, replicas in ((2, 2), (3, 3), (4, 2)):
            back = await taken_back(shop, number)
            assert back.state == requests.DONE, back.outcome
            assert (await shop.oven())["spec"]["replicas"] == replicas
        assert (await shop.request(4)).title == "Take REQ-3 back, which took REQ-2 back"


async def test_what_moved_since_is_in_the_plan_of_the_way_back(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.asked("/run bakery scale replicas=3")
        await shop.press("Approve")
        await shop.ended()
        await shop.hands.patch("deployments", "oven", {"spec": {"replicas": 5}})
        await shop.press("Take it back", by="olivia")
        await shop.told("*5 replicas* → *2 replicas*", number=2)


async def test_what_left_no_way_back_offers_none(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.asked("/run bakery restart")
        await shop.press("Approve")
        await shop.ended()
        assert "[Take it back]" not in shop.thread()[0]
        await shop.say("/request undo REQ-1")
        assert await shop.answered("REQ-1") == "REQ-1 has nothing that a command could take back."


async def test_a_pod_that_crashes_again_and_again_is_told_with_its_name(tmp_path: Path) -> None:
    clock = LeapingClock()
    async with bakery(tmp_path, clock=clock) as shop:
        await shop.asked("/run bakery renew version=2-broken")
        await shop.press("Approve")
        await shop.told("Pods in trouble: oven-")
        clock.leap(MINUTE)
        failed = await shop.ended()
        assert failed.state == requests.FAILED
        assert any(why in (failed.outcome or "") for why in ("CrashLoopBackOff", "exit code 1"))


async def test_an_image_that_comes_late_is_waited_for(tmp_path: Path) -> None:
    clock = LeapingClock()
    async with bakery(tmp_path, clock=clock) as shop:
        await shop.asked("/run bakery renew version=2-missing")
        await shop.press("Approve")
        await shop.told("ImagePullBackOff")
        clock.leap(timedelta(seconds=40))
        await shop.deploy("bakery/oven:2")
        done = await shop.ended()
        assert done.state == requests.DONE, done.outcome

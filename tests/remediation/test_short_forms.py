"""`/restart` and `/scale`: the runbook's own actions, in fewer words."""

from pathlib import Path

from tests.remediation.bakery import bakery


async def test_restart_asks_for_the_action_that_restarts(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        asked = await shop.asked("/restart bakery oven it smells")
        assert (asked.action, asked.reason) == ("restart", "it smells")


async def test_without_a_service_it_is_the_first_one(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        assert (await shop.asked("/restart bakery")).action == "restart"


async def test_scale_takes_service_and_number_in_any_order(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        first = await shop.asked("/scale bakery oven 5 Saturday")
        assert (first.action, first.given, first.reason) == ("scale", {"replicas": "5"}, "Saturday")
        assert "replicas=5" in shop.said()
        second = await shop.asked("/scale bakery 4", number=2)
        assert second.given == {"replicas": "4"}


async def test_a_service_that_is_not_there_gets_the_nearest(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.say("/restart bakery owen")
        await shop.world.answer("olivia", "ops", holding="No action of Bakery restarts “owen”; did you mean oven?")


async def test_a_viewer_may_not(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.say("/scale bakery oven 5", by="vera")
        await shop.world.answer("vera", "ops", holding="This needs an operator")

"""From the wish to the verdict, as people see it."""

from pathlib import Path

from bot.store import requests
from tests.commands.hands import form, settled, submit
from tests.remediation.bakery import bakery


async def test_a_restart_waits_for_somebody_else_and_is_carried_out(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        before = (await shop.oven())["spec"]["template"]["metadata"].get("annotations")
        await shop.asked("/run bakery restart the bread burns")
        assert "kubectl rollout restart deployment/oven" in shop.said()
        assert "the bread burns" in shop.said()
        assert (await shop.oven())["spec"]["template"]["metadata"].get("annotations") == before
        await shop.press("Approve", by="ada")
        done = await shop.in_state(requests.DONE, requests.FAILED, requests.UNCLEAR, requests.VOID)
        assert done.state == requests.DONE, done.outcome
        after = (await shop.oven())["spec"]["template"]["metadata"]["annotations"]
        assert "kubectl.kubernetes.io/restartedAt" in after
        await shop.world.until(lambda: "Done in" in shop.said())
        assert "Approve" not in shop.said().replace("Approved", "")


async def test_whoever_asks_cannot_allow_it(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.say("/run bakery restart", by="ada")
        await shop.in_state(requests.WAITING)
        await shop.press("Approve", by="ada")
        await shop.world.answer("ada", "ops", holding="somebody else has to allow it")
        assert (await shop.request()).state == requests.WAITING


async def test_a_viewer_is_refused_kindly(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.asked()
        await shop.press("Approve", by="vera")
        await shop.world.answer("vera", "ops", holding="you are a viewer")
        assert (await shop.request()).state == requests.WAITING


async def test_a_denial_has_a_reason(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.asked()
        await shop.press("Deny", by="ada")
        await form(shop.world, "ada", holding="reason")
        await submit(shop.world, "ada", reason="wait for the night")
        await shop.in_state(requests.DENIED)
        await shop.world.until(lambda: "wait for the night" in shop.said())


async def test_what_is_final_needs_its_name_and_two_people(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.say("/run bakery remove-recipe recipe=rye")
        await form(shop.world, holding="typed")
        await submit(shop.world, typed="cluster")
        await shop.in_state(requests.WAITING)
        await shop.press("Approve", by="ada")
        await settled(shop.world)
        assert (await shop.request()).state == requests.WAITING
        assert (await shop.hands.get("configmaps", "rye"))["data"] == {"flour": "rye"}
        await shop.press("Approve", by="arne")
        done = await shop.in_state(requests.DONE, requests.FAILED, requests.VOID)
        assert done.state == requests.DONE, done.outcome
        assert await shop.hands.listed("configmaps") == []


async def test_what_moved_voids_the_approval(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.asked("/rollback bakery oven 1")
        await shop.deploy("bakery/oven:1.2")
        await shop.hands.available("oven")
        await shop.press("Approve")
        void = await shop.in_state(requests.VOID, requests.DONE)
        assert void.state == requests.VOID
        assert "Nothing was changed" in (void.outcome or "")
        assert await shop.image() == "bakery/oven:1.2"


async def test_what_needs_nobody_is_begun_by_whoever_asked(tmp_path: Path) -> None:
    alone = "environment: staging\napprovals: [{effect: write, environment: staging, count: 0}]\n"
    async with bakery(
        tmp_path, platform=alone, actions="  shut: {title: Shut, run: kubectl scale deployment/oven --replicas=1}\n"
    ) as shop:
        await shop.say("/run bakery shut")
        await shop.in_state(requests.WAITING)
        await shop.press("Go ahead", by="ada")
        await shop.world.answer("ada", "ops", holding="Somebody else asked for REQ-1, and has to begin it.")
        await shop.say("/request approve REQ-1", by="ada")
        await shop.world.answer("ada", "ops", holding="REQ-1 needs nobody's approval")
        await shop.press("Go ahead", by="olivia")
        await shop.in_state(requests.DONE)
        assert (await shop.oven())["spec"]["replicas"] == 1

"""The world moves between the plan and the approval: the approval is void, and the message says what moved."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.store import requests
from tests.cluster.hands import deployment
from tests.remediation.bakery import Bakery, bakery

Deed = Callable[[Bakery], Awaitable[object]]


async def removed(shop: Bakery) -> None:
    await shop.hands.delete("deployments", "oven")


async def made_again(shop: Bakery) -> None:
    await shop.hands.delete("deployments", "oven")
    await shop.hands.make("deployments", deployment("oven", "bakery/oven:1.1", 2))


async def paused(shop: Bakery) -> None:
    await shop.hands.patch("deployments", "oven", {"spec": {"paused": True}})


async def scaled(shop: Bakery) -> None:
    await shop.hands.patch("deployments", "oven", {"spec": {"replicas": 3}})


async def deployed(shop: Bakery) -> None:
    await shop.deploy("bakery/oven:1.2")


async def rolled_back(shop: Bakery) -> None:
    await shop.deploy("bakery/oven:1.0")


@pytest.mark.parametrize(
    ("line", "deed", "said"),
    [
        ("/run bakery restart", removed, "There is no deployment oven in namespace bakery."),
        ("/run bakery restart", made_again, "Deployment oven was made at "),
        ("/run bakery restart", paused, "Deployment oven is paused; resume it first."),
        ("/run bakery restart", scaled, "Deployment oven: replicas was 2 and is now 3."),
        ("/run bakery restart", deployed, "Deployment oven: pod template was oven: bakery/oven:1.1 ("),
        ("/rollback bakery oven 1", rolled_back, "Deployment oven has no revision 1; it has 2 and 3."),
        ("/run bakery scale replicas=3", scaled, "Deployment oven has 3 replicas already; nothing would change."),
    ],
)
async def test_what_was_approved_no_longer_holds(tmp_path: Path, line: str, deed: Deed, said: str) -> None:
    async with bakery(tmp_path) as shop:
        await shop.asked(line)
        await deed(shop)
        await shop.press("Approve")
        void = await shop.ended()
        assert void.state == requests.VOID
        assert (void.outcome or "").startswith("Nothing was changed: the world has moved since this was planned. ")
        assert said in (void.outcome or "")
        message = await shop.told("🚫", "· void", said)
        assert "[" not in message
        assert "Take it back" not in shop.thread()[0]


async def test_a_rollback_to_a_revision_that_was_forgotten_is_void(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.asked("/rollback bakery oven 1")
        oldest = min(await shop.hands.listed("replicasets"), key=lambda one: one["spec"]["replicas"])
        await shop.hands.delete("replicasets", oldest["metadata"]["name"])
        await shop.press("Approve")
        assert (await shop.ended()).state == requests.VOID
        await shop.told("Deployment oven has no revision 1; it has 2.")
        assert await shop.image() == "bakery/oven:1.1"


async def test_what_only_happens_to_be_otherwise_hinders_nothing(tmp_path: Path) -> None:
    """Pods come and go, and somebody writes a note: the plan still holds."""
    async with bakery(tmp_path) as shop:
        await shop.asked()
        pods = await shop.hands.pods("app=oven", count=2)
        await shop.hands.delete("pods", pods[0]["metadata"]["name"])
        await shop.hands.patch("deployments", "oven", {"metadata": {"annotations": {"note": "smells good"}}})
        await shop.press("Approve")
        assert (await shop.ended()).state == requests.DONE

"""One run per target at a time: the next ones queue where people see it, and go on by themselves."""

from pathlib import Path

from bot.store import requests
from tests.commands.hands import settled
from tests.remediation.bakery import Bakery, bakery

LABELS = """
  fine: {title: Call the recipe fine, run: kubectl label configmap rye fine=yes}
  dark: {title: Call the recipe dark, run: kubectl label configmap rye dark=yes}
"""


async def busy(shop: Bakery) -> None:
    """Keep the cluster busy with REQ-1, until somebody deploys an image that there is."""
    await shop.asked("/run bakery renew version=2-missing")
    await shop.press("Approve")
    await shop.told("being carried out", "Pods in trouble")


async def queued(shop: Bakery, name: str, number: int) -> None:
    """Have a label allowed, which has to wait."""
    await shop.asked(f"/run bakery {name}", number=number)
    await shop.press("Approve")
    await shop.in_state(requests.QUEUED, number=number)


async def labels(shop: Bakery) -> set[str]:
    return set((await shop.hands.get("configmaps", "rye"))["metadata"].get("labels") or {})


async def test_a_second_request_queues_visibly_behind_the_first_and_then_runs(tmp_path: Path) -> None:
    async with bakery(tmp_path, actions=LABELS) as shop:
        await busy(shop)
        await queued(shop, "fine", 2)
        said = await shop.told("🚦", "queued behind REQ-1", number=2)
        assert "[Withdraw]" in said
        assert "[Approve]" not in said
        assert await labels(shop) == set()
        await shop.say("/request list", by="vera")
        await shop.answered("2 open requests", by="vera")
        await shop.deploy("bakery/oven:2")
        assert (await shop.ended(1)).state == requests.DONE
        assert (await shop.ended(2)).state == requests.DONE
        assert await labels(shop) == {"fine"}
        await shop.say("/request list", by="vera")
        await shop.answered("Nothing waits for anybody.", by="vera")


async def test_a_queue_keeps_its_order_and_says_who_is_ahead(tmp_path: Path) -> None:
    async with bakery(tmp_path, actions=LABELS) as shop:
        await busy(shop)
        await queued(shop, "fine", 2)
        await queued(shop, "dark", 3)
        await shop.told("queued behind REQ-1", number=3)
        await shop.deploy("bakery/oven:2")
        ended = [await shop.ended(number) for number in (1, 2, 3)]
        assert [each.state for each in ended] == [requests.DONE] * 3
        assert [each.ended_at for each in ended] == sorted(each.ended_at for each in ended if each.ended_at)


async def test_what_is_queued_can_be_withdrawn_and_is_not_done(tmp_path: Path) -> None:
    async with bakery(tmp_path, actions=LABELS) as shop:
        await busy(shop)
        await queued(shop, "fine", 2)
        await queued(shop, "dark", 3)
        await shop.say("/request withdraw REQ-2")
        await shop.told("· withdrawn", "Nothing was changed.", number=2)
        await shop.deploy("bakery/oven:2")
        assert (await shop.ended(3)).state == requests.DONE
        assert await labels(shop) == {"dark"}


async def test_what_is_queued_can_be_denied_but_not_approved_again(tmp_path: Path) -> None:
    async with bakery(tmp_path, actions=LABELS) as shop:
        await busy(shop)
        await queued(shop, "fine", 2)
        await shop.say("/request approve REQ-2", by="arne")
        assert await shop.answered("REQ-2", by="arne") == "REQ-2 is queued already."
        await shop.say("/request deny REQ-2 not today", by="arne")
        await shop.told("· denied", "not today", number=2)
        await shop.deploy("bakery/oven:2")
        await shop.ended(1)
        await settled(shop.world)
        assert await labels(shop) == set()


async def test_what_is_being_carried_out_cannot_be_withdrawn(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await busy(shop)
        assert "[Withdraw]" not in shop.reads()
        await shop.say("/request withdraw REQ-1")
        assert await shop.answered("REQ-1") == "REQ-1 is being carried out already."


async def test_what_moved_while_it_was_queued_voids_it_and_the_next_one_goes_on(tmp_path: Path) -> None:
    async with bakery(tmp_path, actions=LABELS) as shop:
        await busy(shop)
        await shop.asked("/run bakery scale replicas=3", number=2)
        await shop.press("Approve")
        await queued(shop, "fine", 3)
        await shop.deploy("bakery/oven:2")
        assert (await shop.ended(2)).state == requests.VOID
        await shop.told("the world has moved since this was planned. Deployment oven: pod template was", number=2)
        assert (await shop.ended(3)).state == requests.DONE

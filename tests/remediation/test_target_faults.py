"""What clusters and networks do in the middle of a change: the message says what was done and what was not.

Each runs on the real control plane and on the sandbox's own.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.store import requests
from tests.cluster.hands import Hands, until
from tests.commands.hands import LeapingClock
from tests.operations.kubernetes.contract.meddler import Meddler, meddling
from tests.remediation.bakery import Bakery, bakery_in

SET = "kubectl set image deployment/oven oven=bakery/oven:2"
ANNOTATE = "kubectl annotate deployment/oven renewed=yes --overwrite"
SLOW = """
  slow:
    title: Take another image, in time
    run: kubectl set image deployment/oven oven=bakery/oven:2
    time-limit: 1s
"""


@pytest.fixture
async def meddler(kubeconfig: Path, tmp_path: Path) -> AsyncIterator[Meddler]:
    """Return the proxy between Opsroom and the cluster."""
    async with meddling(kubeconfig, tmp_path) as made:
        yield made


@pytest.fixture
def clock() -> LeapingClock:
    """Return the clock of the bot."""
    return LeapingClock()


@pytest.fixture
async def shop(tmp_path: Path, hands: Hands, meddler: Meddler, clock: LeapingClock) -> AsyncIterator[Bakery]:
    """Return the bakery behind the proxy."""
    async with bakery_in(tmp_path, hands, meddler.kubeconfig, clock=clock, actions=SLOW) as made:
        yield made


async def approved(shop: Bakery, line: str = "/run bakery renew version=2") -> None:
    """Ask for a change and have it approved."""
    await shop.asked(line)
    await shop.press("Approve")


async def test_somebody_else_changes_it_at_the_same_moment(shop: Bakery, meddler: Meddler) -> None:
    await shop.asked("/run bakery renew version=2")
    meddler.before = lambda: shop.hands.patch("deployments", "oven", {"spec": {"replicas": 3}})
    await shop.press("Approve")
    failed = await shop.ended()
    assert failed.state == requests.FAILED
    assert "somebody else changed it at the same moment" in (failed.outcome or "")
    assert (failed.outcome or "").endswith(f"Not begun: {ANNOTATE}, Wait for the rollout of oven.")
    assert await shop.image() == "bakery/oven:1.1"


async def test_the_second_of_two_changes_is_forbidden(shop: Bakery, meddler: Meddler) -> None:
    await shop.asked("/run bakery renew version=2")

    async def forbid() -> None:
        meddler.forbidden = ("deployments/oven",)

    meddler.before = forbid
    await shop.press("Approve")
    failed = await shop.ended()
    assert failed.state == requests.FAILED
    assert (failed.outcome or "").startswith(f"{ANNOTATE}: The cluster refuses: ")
    assert f"Done before: {SET}." in (failed.outcome or "")
    await shop.told("❌", "· failed", "Done before: ")
    assert await shop.image() == "bakery/oven:2"


@pytest.mark.parametrize(("status", "message"), [(422, "spec.template: Invalid value"), (403, "go away")])
async def test_the_first_change_is_refused_and_nothing_is_done(
    shop: Bakery, meddler: Meddler, status: int, message: str
) -> None:
    await shop.asked("/run bakery renew version=2")
    meddler.refusal = (status, message)
    await shop.press("Approve")
    failed = await shop.ended()
    assert failed.state == requests.FAILED
    assert (failed.outcome or "").startswith(f"{SET}: The cluster refuses: ")
    assert "Done before" not in (failed.outcome or "")
    assert "[Take it back]" not in shop.thread()[0]
    assert await shop.image() == "bakery/oven:1.1"


async def test_an_answer_that_is_cut_is_looked_up_and_done_once(shop: Bakery, meddler: Meddler) -> None:
    await shop.asked("/run bakery renew version=2")

    async def restore() -> None:
        meddler.cut = meddler.writes == 0

    meddler.before = restore
    await shop.press("Approve")
    done = await shop.ended()
    assert done.state == requests.DONE, done.outcome
    assert await shop.image() == "bakery/oven:2"
    assert len(await shop.hands.listed("replicasets")) == 3


async def test_a_change_that_is_lost_is_repeated(shop: Bakery, meddler: Meddler) -> None:
    await shop.asked("/run bakery renew version=2")
    tries: list[int] = []

    async def lose_the_first() -> None:
        tries.append(1)
        meddler.lost = len(tries) == 1

    meddler.before = lose_the_first
    await shop.press("Approve")
    done = await shop.ended()
    assert done.state == requests.DONE, done.outcome
    assert await shop.image() == "bakery/oven:2"
    assert len(await shop.hands.listed("replicasets")) == 3


async def test_a_target_that_stays_away_in_the_middle_leaves_it_unclear(
    shop: Bakery, meddler: Meddler, clock: LeapingClock
) -> None:
    await shop.asked("/run bakery renew version=2")
    meddler.away_after_write = True
    await shop.press("Approve")
    await shop.told("being carried out")
    await shop.world.until(lambda: meddler.away)
    clock.leap(timedelta(minutes=3))
    unclear = await shop.ended()
    assert unclear.state == requests.UNCLEAR, unclear.outcome
    said = await shop.told("🚨", "· unclear", "*Nobody can tell whether this was done. Look before you do anything.*")
    assert any(why in said for why in ("Whether the change was done is not known.", "It may have been done"))
    assert "Not begun: " in said
    assert await shop.image() == "bakery/oven:2"


async def test_an_answer_that_comes_too_late_is_looked_up(shop: Bakery, meddler: Meddler) -> None:
    await shop.asked("/run bakery slow")
    late = asyncio.Event()
    tries: list[int] = []

    async def wait_once() -> None:
        tries.append(1)
        if len(tries) == 1:
            await late.wait()

    meddler.before = wait_once
    await shop.press("Approve")
    done = await shop.ended()
    late.set()
    assert done.state == requests.DONE, done.outcome
    assert await shop.image() == "bakery/oven:2"


@pytest.mark.parametrize("line", ["/run bakery restart", "/rollback bakery", "/rollback bakery oven 1"])
async def test_a_target_that_is_away_is_told_and_nothing_is_asked(shop: Bakery, meddler: Meddler, line: str) -> None:
    meddler.away = True
    await shop.say(line)

    async def answer() -> str | None:
        return next((each["text"] for each in shop.world.answers("olivia", "ops")), None)

    said = await until(answer, "the answer")
    assert said.endswith(" Nothing was asked for; try again when it answers.")
    assert await shop.nothing_asked()


async def test_a_target_that_is_away_at_the_second_look_is_waited_for(
    shop: Bakery, meddler: Meddler, clock: LeapingClock
) -> None:
    await shop.asked("/run bakery renew version=2")
    meddler.away = True
    await shop.press("Approve")
    await shop.told("being carried out")
    meddler.away = False
    done = await shop.ended()
    assert done.state == requests.DONE, done.outcome


async def test_a_target_that_stays_away_at_the_second_look_was_not_changed(
    shop: Bakery, meddler: Meddler, clock: LeapingClock
) -> None:
    await shop.asked("/run bakery renew version=2")
    meddler.away = True
    await shop.press("Approve")
    await shop.told("being carried out")
    await shop.world.until(lambda: meddler.turned_away > 1)
    clock.leap(timedelta(minutes=2))
    stopped = await shop.ended()
    assert stopped.state == requests.VOID
    assert (stopped.outcome or "").startswith("Nothing was changed. ")
    assert await shop.image() == "bakery/oven:1.1"


async def test_a_rollout_without_an_image_names_its_pods(shop: Bakery, hands: Hands, clock: LeapingClock) -> None:
    await approved(shop, "/run bakery renew version=2-missing")
    await hands.waiting("app=oven", "ImagePullBackOff")
    await shop.told("Pods in trouble: oven-", "ImagePull")
    clock.leap(timedelta(seconds=61))
    failed = await shop.ended()
    assert failed.state == requests.FAILED
    broken = [p["metadata"]["name"] for p in await hands.listed("pods", "app=oven") if "2-missing" in str(p["spec"])]
    assert broken
    assert any(name in (failed.outcome or "") for name in broken)
    await shop.press("Take it back", by="olivia")
    await shop.told("[Approve]", number=2)
    await shop.press("Approve")
    assert (await shop.ended(2)).state == requests.DONE
    assert await shop.image() == "bakery/oven:1.1"
    await hands.available("oven")

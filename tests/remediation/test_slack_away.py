"""Slack fails while a change is carried out: it goes on, and is told once Slack is back."""

from pathlib import Path

import pytest

from bot.store import requests
from sandbox.slack.faults import Fault
from tests.commands.hands import settled
from tests.remediation.bakery import bakery


async def test_the_change_goes_on_while_slack_is_away_and_is_told_later(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.asked("/run bakery renew version=2")
        faults = shop.world.workspace.faults
        for method in ("chat.update", "chat.postMessage"):
            faults.add(Fault(method=method, kind="http_500", times=None))
        await shop.press("Approve")
        done = await shop.in_state(requests.DONE)
        assert await shop.image() == "bakery/oven:2"
        assert "waiting for 1 approval" in shop.reads()
        assert shop.thread() == []
        faults.clear()
        await shop.ended()
        await shop.told("✅", "· done", done.outcome or "")
        await settled(shop.world)
        assert len(shop.thread()) == 1


@pytest.mark.parametrize("kind", ["cut_after", "cut_before"])
async def test_a_result_whose_fate_is_not_known_is_posted_once(tmp_path: Path, kind: str) -> None:
    async with bakery(tmp_path) as shop:
        await shop.asked("/run bakery renew version=2")
        shop.world.workspace.faults.add(Fault(method="chat.postMessage", kind=kind))  # type: ignore[arg-type]
        await shop.press("Approve")
        assert (await shop.ended()).state == requests.DONE
        await shop.told("· done")
        await settled(shop.world)
        assert len(shop.thread()) == 1


async def test_a_request_whose_message_was_deleted_is_still_carried_out(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.asked("/run bakery renew version=2")
        ops = shop.world.workspace.channels[shop.world.channel("ops")]
        ops.remove(ops.messages[(await shop.request()).message_ts or ""])
        await shop.say("/request approve REQ-1", by="ada")
        done = await shop.in_state(requests.DONE)
        assert await shop.image() == "bakery/oven:2"
        await shop.world.until(lambda: any(done.outcome or "?" in text for text in shop.world.texts("ops")))
        await shop.say("/request show REQ-1")
        await shop.answered("REQ-1 · done")

"""Decisions: each counts once, whoever presses what and when, and none counts that comes too late."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.store import audit, requests
from tests.commands.hands import LeapingClock, form, settled, submit
from tests.remediation.bakery import Bakery, bakery


async def restarts(shop: Bakery) -> int:
    """Return how often the oven was restarted: a revision for each beyond the two that it has from the beginning."""
    return len(await shop.hands.listed("replicasets")) - 2


async def deny(shop: Bakery, by: str = "ada", reason: str = "wait for the night") -> None:
    """Deny the request through its button."""
    await shop.press("Deny", by=by)
    await form(shop.world, by, holding="reason")
    await submit(shop.world, by, reason=reason)


async def test_a_double_click_approves_once(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.asked()
        await asyncio.gather(shop.press("Approve"), shop.press("Approve"))
        assert (await shop.ended()).state == requests.DONE
        await settled(shop.world)
        assert await restarts(shop) == 1
        assert shop.reads().count("approved it") == 1
        assert len(shop.thread()) == 1


async def test_two_approvers_in_the_same_moment_begin_it_once(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.asked()
        await asyncio.gather(shop.press("Approve", by="ada"), shop.press("Approve", by="arne"))
        assert (await shop.ended()).state == requests.DONE
        await settled(shop.world)
        assert await restarts(shop) == 1
        assert shop.reads().count("approved it") == 1
        late = [name for name in ("ada", "arne") if shop.world.answers(name, "ops")]
        assert len(late) == 1
        assert await shop.answered("REQ-1", by=late[0]) in (
            "REQ-1 is being carried out already.",
            "REQ-1 is done already.",
        )


async def test_one_person_is_not_two(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.say("/run bakery remove-recipe recipe=rye")
        await form(shop.world, holding="typed")
        await submit(shop.world, typed="cluster")
        await shop.told("waiting for 2 of 2 approvals")
        await shop.press("Approve", by="ada")
        await shop.told("waiting for 1 of 2 approvals")
        await shop.press("Approve", by="ada")
        await settled(shop.world)
        assert (await shop.request()).state == requests.WAITING
        await asyncio.gather(shop.press("Approve", by="arne"), shop.press("Approve", by="abe"))
        assert (await shop.ended()).state == requests.DONE
        assert await shop.hands.listed("configmaps") == []


@pytest.mark.parametrize(
    ("by", "line"),
    [
        ("ada", "/request approve REQ-1"),
        ("ada", "/request deny REQ-1 no"),
        ("olivia", "/request withdraw REQ-1"),
        ("abe", "/request break-glass REQ-1 now"),
    ],
)
async def test_nothing_is_decided_after_the_expiry(tmp_path: Path, by: str, line: str) -> None:
    clock = LeapingClock()
    async with bakery(tmp_path, clock=clock) as shop:
        await shop.asked()
        clock.leap(timedelta(minutes=31))
        await shop.in_state(requests.EXPIRED)
        said = await shop.told("· expired", "Nobody decided in time, so nothing was changed.")
        assert "[Approve]" not in said
        await shop.say(line, by=by)
        answer = "REQ-1 has expired, because nobody decided in time. Ask for it again."
        assert await shop.answered("REQ-1", by=by) == answer
        assert await restarts(shop) == 0


async def test_a_click_in_the_moment_of_the_expiry_comes_too_late(tmp_path: Path) -> None:
    clock = LeapingClock()
    async with bakery(tmp_path, clock=clock, heartbeat=60.0, dead_after=600.0) as shop:
        await shop.asked()
        clock.leap(timedelta(minutes=30, seconds=1))
        await shop.press("Approve")
        await shop.answered("REQ-1 has expired", by="ada")
        await settled(shop.world)
        assert await restarts(shop) == 0


async def test_nothing_is_approved_after_it_was_withdrawn(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.asked()
        await shop.press("Withdraw", by="olivia")
        said = await shop.told("· withdrawn", "withdrew it", "Nothing was changed.")
        assert "[" not in said
        await shop.say("/request approve REQ-1", by="ada")
        assert await shop.answered("REQ-1", by="ada") == "REQ-1 is withdrawn already."
        assert await restarts(shop) == 0


async def test_only_an_admin_withdraws_what_somebody_else_asked_for(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.asked()
        await shop.press("Withdraw", by="ada")
        await shop.answered("admin", by="ada")
        assert (await shop.request()).state == requests.WAITING
        await shop.press("Withdraw", by="abe")
        await shop.in_state(requests.WITHDRAWN)


async def test_nothing_is_approved_after_it_was_denied(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.asked()
        await deny(shop)
        said = await shop.told("· denied", "denied it", "wait for the night", "Nothing was changed.")
        assert "[" not in said
        await shop.say("/request approve REQ-1", by="arne")
        assert await shop.answered("REQ-1", by="arne") == "REQ-1 is denied already."
        assert await restarts(shop) == 0


async def test_nothing_is_denied_after_it_was_approved(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.asked()
        await shop.press("Approve", by="ada")
        await shop.ended()
        await shop.say("/request deny REQ-1 no", by="arne")
        assert await shop.answered("REQ-1", by="arne") == "REQ-1 is done already."
        assert (await shop.request()).state == requests.DONE


async def test_an_approval_and_a_denial_at_once_are_one_decision(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.asked()
        await asyncio.gather(
            shop.say("/request approve REQ-1", by="ada"), shop.say("/request deny REQ-1 no", by="arne")
        )
        found = await shop.in_state(requests.DONE, requests.DENIED)
        await settled(shop.world)
        assert await restarts(shop) == (found.state == requests.DONE)
        assert shop.reads().count("approved it") + shop.reads().count("denied it") == 1


async def test_nothing_is_approved_after_its_incident_was_closed(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.say("/incident declare P1 bakery the bread burns")
        room = await shop.world.room()
        olivia = shop.world.person("olivia")
        await shop.world.workspace.people.command(olivia, room.channel_id or "", "/run bakery restart")
        asked = await shop.in_state(requests.WAITING)
        assert asked.incident == 1
        await shop.close_incident()
        await shop.say("/request approve REQ-1", by="ada")
        await shop.answered("INC-1 is closed. If REQ-1 is still needed, ask for it again.", by="ada")
        assert (await shop.request()).state == requests.WAITING
        assert await restarts(shop) == 0


async def test_every_decision_stands_in_the_audit_log_once(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.asked()
        await asyncio.gather(shop.press("Approve"), shop.press("Approve"))
        await shop.ended()
        written = [entry.action async for entry in audit.walk(shop.world.bot.store, audit.Wanted())]
        assert [name for name in written if name.startswith(("request.", "change."))] == [
            "request.made",
            "request.approved",
            "change.begun",
            "change.ended",
        ]

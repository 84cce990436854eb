"""Read-only, rehearsals and blackouts: nothing is changed meanwhile, and everybody is told why."""

import json
from pathlib import Path

from bot.store import audit, requests
from tests.commands.hands import form, settled, submit
from tests.remediation.bakery import Bakery, bakery, read_aloud

READ_ONLY = "Bakery is read-only for now: the oven is moved."
CHRISTMAS = """
blackouts:
  christmas: {title: Christmas, from: "2000-01-01 00:00", until: "2099-01-01 00:00"}
"""
LABEL = """
  label:
    title: Label the recipe
    run: kubectl label configmap rye grain=rye
"""
UNTOUCHED = "bakery/oven:1.1"


async def switch(shop: Bakery, line: str, holding: str, by: str = "abe") -> None:
    """Turn a switch, and wait until it is so."""
    await shop.say(line, by=by)
    await shop.answered(holding, by=by)


async def revisions(shop: Bakery) -> int:
    return len(await shop.hands.listed("replicasets"))


async def test_nothing_is_asked_for_while_it_is_read_only(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await switch(shop, "/ops readonly on bakery the oven is moved", "is read-only: the oven is moved")
        await shop.say("/run bakery restart")
        said = await shop.answered("read-only")
        assert said == f"{READ_ONLY} Until an admin ends that, nothing can be asked for or allowed there."
        assert await shop.nothing_asked()
        await switch(shop, "/ops readonly off bakery", "Nothing is switched off")
        await shop.asked("/run bakery restart")


async def test_nothing_is_allowed_while_it_is_read_only_not_even_by_breaking_the_glass(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.asked()
        await switch(shop, "/ops readonly on bakery the oven is moved", "is read-only")
        await shop.press("Approve")
        await shop.answered(READ_ONLY, by="ada")
        await shop.say("/request break-glass REQ-1 it burns", by="abe")
        await shop.answered("nothing can be asked for or allowed there", by="abe")
        assert (await shop.request()).state == requests.WAITING
        assert await revisions(shop) == 2


async def test_only_admins_turn_switches_and_say_why(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await switch(shop, "/ops readonly on bakery no reason", "This needs an admin, and you are an approver.", "ada")
        await switch(shop, "/ops readonly on bakery", "Say why, for everybody who asks for a change")
        await switch(shop, "/ops readonly off bakery", "Bakery was not read-only. Nothing was changed.")
        await switch(shop, "/ops status", "Nothing is switched off: changes can be asked for everywhere.", "vera")


async def test_what_is_queued_stops_when_it_becomes_read_only(tmp_path: Path) -> None:
    async with bakery(tmp_path, actions=LABEL) as shop:
        await busy(shop)
        await shop.asked("/run bakery label", number=2)
        await shop.press("Approve")
        await shop.in_state(requests.QUEUED, number=2)
        await switch(shop, "/ops readonly on bakery the oven is moved", "is read-only")
        await shop.deploy("bakery/oven:2")
        assert (await shop.ended()).state == requests.DONE
        stopped = await shop.ended(2)
        assert (stopped.state, stopped.outcome) == (requests.VOID, f"Nothing was changed. {READ_ONLY}")
        assert "labels" not in (await shop.hands.get("configmaps", "rye"))["metadata"]


async def test_what_is_only_rehearsed_changes_nothing_and_leaves_nothing_to_take_back(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.asked("/rollback bakery oven 1")
        await switch(shop, "/ops dryrun on bakery first of April", "only rehearses its changes: first of April")
        await shop.press("Approve")
        ended = await shop.ended()
        assert ended.state == requests.REHEARSED
        said = await shop.told("🧪", "· rehearsed", "Only rehearsed: nothing was changed. The server said: ")
        assert "rolled back" in said
        assert "Take it back" not in shop.thread()[0]
        assert await shop.image() == UNTOUCHED
        await shop.say("/request undo REQ-1")
        await shop.answered("REQ-1 has nothing that a command could take back.")


async def test_a_rehearsal_goes_through_asking_and_approving_like_everything(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await switch(shop, "/ops dryrun on all platforms rehearse", "*Every platform* only rehearses its changes")
        await shop.asked("/run bakery renew version=2")
        await shop.press("Approve", by="olivia")
        await shop.answered("approver", by="olivia")
        await shop.press("Approve")
        assert (await shop.ended()).state == requests.REHEARSED
        assert await shop.image() == UNTOUCHED


async def test_what_is_queued_is_rehearsed_when_that_is_switched_on(tmp_path: Path) -> None:
    async with bakery(tmp_path, actions=LABEL) as shop:
        await busy(shop)
        await shop.asked("/run bakery label", number=2)
        await shop.press("Approve")
        await shop.in_state(requests.QUEUED, number=2)
        await switch(shop, "/ops dryrun on bakery first of April", "only rehearses")
        await shop.deploy("bakery/oven:2")
        assert (await shop.ended(2)).state == requests.REHEARSED
        assert "labels" not in (await shop.hands.get("configmaps", "rye"))["metadata"]


async def test_nothing_is_approved_in_a_blackout(tmp_path: Path) -> None:
    async with bakery(tmp_path, platform=CHRISTMAS) as shop:
        await shop.asked()
        await shop.press("Approve")
        told = "Nothing is changed on Bakery until 2099-01-01 00:00, Europe/Vienna time (Christmas)."
        assert await shop.answered("Christmas", by="ada") == f"{told} An admin can break the glass."
        assert (await shop.request()).state == requests.WAITING


async def test_an_admin_breaks_the_glass_in_a_blackout_and_everybody_hears_of_it(tmp_path: Path) -> None:
    async with bakery(tmp_path, platform=CHRISTMAS) as shop:
        ops = next(c for c in shop.world.workspace.channels.values() if c.name == "bakery-ops")
        shop.world.workspace.enrol(ops, shop.world.workspace.bot.id)
        await shop.asked()
        await shop.press("Break glass", by="abe")
        await form(shop.world, "abe", holding="reason")
        await submit(shop.world, "abe", reason="customers queue in the street")
        assert (await shop.ended()).state == requests.DONE
        await shop.told("🚨", "broke the glass", "customers queue in the street")
        loud = await shop.world.until(
            lambda: [m for m in shop.world.messages("bakery-ops", "vera") if "🚨" in m["text"]]
        )
        said = read_aloud(loud[0])
        assert "broke the glass for REQ-1: *Restart the oven* on Bakery begins without waiting for anybody." in said
        assert "*Why:* customers queue in the street" in said
        assert "this is marked in the audit log" in said
        written = [entry async for entry in audit.walk(shop.world.bot.store, audit.Wanted(subject="REQ-1"))]
        assert [json.loads(e.details)["reason"] for e in written if e.action == "request.broke-glass"] == [
            "customers queue in the street"
        ]


async def test_nobody_but_an_admin_breaks_the_glass(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.asked()
        for name, told in (
            ("ada", "This needs an admin on bakery, and you are an approver there."),
            ("olivia", "This needs an admin on bakery, and you are an operator there."),
            ("vera", "This needs an operator, and you are a viewer."),
        ):
            await shop.say("/request break-glass REQ-1 now", by=name)
            await shop.answered(told, by=name)
        await settled(shop.world)
        assert (await shop.request()).state == requests.WAITING
        assert await revisions(shop) == 2


async def busy(shop: Bakery) -> None:
    """Keep the cluster busy with REQ-1, until somebody deploys an image that there is."""
    await shop.asked("/run bakery renew version=2-missing")
    await shop.press("Approve")
    await shop.told("being carried out", "Pods in trouble")


async def test_the_operator_who_is_on_the_incident_breaks_the_glass(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.world.say("/incident declare P1 bakery there is no bread")
        room = (await shop.world.room()).channel_name
        assert room is not None
        await shop.world.say("/run bakery restart", channel=room)
        await shop.in_state(requests.WAITING)
        await shop.world.say("/request break-glass REQ-1 nobody answers", channel=room)
        await shop.world.answer(channel=room, holding="This needs an admin on bakery")
        await shop.world.say("/incident ack", channel=room)
        await shop.world.until(
            lambda: any("is on it" in text or "cknowledged" in text for text in shop.world.texts(room))
        )
        await shop.world.say("/request break-glass REQ-1 nobody answers", channel=room)
        await shop.in_state(requests.DONE)

"""Edits in place: the last wish wins, and nothing is sent twice."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.errors import SlackRefused, SlackUnavailable
from bot.store.database import Store
from bot.wallclock import SystemClock
from sandbox.slack import Fault
from tests.slack.rig import Rig, rig_with

UPDATE = "chat.update"


@pytest.fixture
async def rig(store: Store) -> AsyncIterator[Rig]:
    async with rig_with(store, SystemClock(), rate_limits=False) as rig:
        yield rig


def says(text: Any) -> dict[str, Any]:
    return {"text": str(text)}


async def test_a_message_is_edited_in_place(rig: Rig) -> None:
    _, outbox = rig.replica("one")
    ts = await outbox.post("k", rig.channel, says("before"))
    await outbox.update("k", rig.channel, ts, says("after"))
    assert rig.texts() == ["after"]
    assert rig.workspace.channels[rig.channel].messages[ts].metadata is not None


async def test_what_it_shows_already_is_not_sent_again(rig: Rig) -> None:
    _, outbox = rig.replica("one")
    ts = await outbox.post("k", rig.channel, says("before"))
    for _ in range(2):
        await outbox.update("k", rig.channel, ts, says("before"))
    assert rig.calls(UPDATE) == 0
    for _ in range(3):
        await outbox.update("k", rig.channel, ts, says("after"))
    assert rig.calls(UPDATE) == 1


async def test_another_replica_knows_what_it_shows(rig: Rig) -> None:
    _, one = rig.replica("one")
    _, two = rig.replica("two")
    ts = await one.post("k", rig.channel, says("before"))
    await one.update("k", rig.channel, ts, says("after"))
    await two.update("k", rig.channel, ts, says("after"))
    assert rig.calls(UPDATE) == 1


async def test_of_many_wishes_the_last_wins_and_most_are_skipped(rig: Rig) -> None:
    _, outbox = rig.replica("one", paced=False)
    ts = await outbox.post("k", rig.channel, says("before"))
    rig.workspace.latency = 0.02
    await asyncio.gather(*(outbox.update("k", rig.channel, ts, says(number)) for number in range(20)))
    last = (await rig.row("k")).edits
    assert last == 20
    shown = rig.texts()[0]
    await outbox.update("k", rig.channel, ts, says(shown))
    assert rig.calls(UPDATE) < 20


async def test_wishes_one_after_the_other_end_with_the_last(rig: Rig) -> None:
    _, outbox = rig.replica("one", paced=False)
    ts = await outbox.post("k", rig.channel, says("before"))
    wishes = []
    for number in range(10):
        wishes.append(asyncio.create_task(outbox.update("k", rig.channel, ts, says(number))))
        while (await rig.row("k")).edits <= number:  # noqa: ASYNC110 - a row has no event
            await asyncio.sleep(0)
    await asyncio.gather(*wishes)
    assert rig.texts() == ["9"]


async def test_replicas_that_edit_at_once_agree_in_the_end(rig: Rig) -> None:
    outboxes = [rig.replica(f"replica {number}", paced=False)[1] for number in range(3)]
    ts = await outboxes[0].post("k", rig.channel, says("before"))
    await asyncio.gather(*(outbox.update("k", rig.channel, ts, says(number)) for number, outbox in enumerate(outboxes)))
    row = await rig.row("k")
    assert row.edit is None
    before = rig.calls(UPDATE)
    await outboxes[0].update("k", rig.channel, ts, says(rig.texts()[0]))
    assert rig.calls(UPDATE) == before


async def test_a_message_posted_elsewhere_can_be_edited(rig: Rig) -> None:
    process, outbox = rig.replica("one")
    posted = await process.client.call("chat.postMessage", {"channel": rig.channel, "text": "before"})
    await outbox.update("digest", rig.channel, posted["ts"], says("after"))
    assert rig.texts() == ["after"]


async def test_a_message_that_was_posted_anew_is_edited_at_its_new_place(rig: Rig) -> None:
    process, outbox = rig.replica("one")
    old = await outbox.post("k", rig.channel, says("same"))
    new = (await process.client.call("chat.postMessage", {"channel": rig.channel, "text": "new"}))["ts"]
    await outbox.update("k", rig.channel, new, says("same"))
    assert rig.texts() == ["same", "same"]
    assert old != new


@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "http_500"])
async def test_an_edit_survives_a_broken_wire(rig: Rig, kind: Any) -> None:
    _, outbox = rig.replica("one")
    ts = await outbox.post("k", rig.channel, says("before"))
    rig.workspace.faults.add(Fault(method=UPDATE, kind=kind))
    await outbox.update("k", rig.channel, ts, says("after"))
    assert rig.texts() == ["after"]


async def test_a_failed_edit_can_be_asked_for_again(rig: Rig) -> None:
    _, outbox = rig.replica("one")
    ts = await outbox.post("k", rig.channel, says("before"))
    rig.workspace.faults.add(Fault(method=UPDATE, kind="rate_limited", retry_after=30))
    with pytest.raises(SlackUnavailable) as caught:
        await outbox.update("k", rig.channel, ts, says("after"))
    assert caught.value.retry_after == 30
    _, other = rig.replica("two")
    await other.update("k", rig.channel, ts, says("after"))
    assert rig.texts() == ["after"]


async def test_a_refused_edit_says_so_every_time(rig: Rig) -> None:
    _, outbox = rig.replica("one")
    ts = await outbox.post("k", rig.channel, says("before"))
    rig.workspace.faults.add(Fault(method=UPDATE, kind="error", error="message_not_found", times=2))
    for _ in range(2):
        with pytest.raises(SlackRefused, match="message_not_found"):
            await outbox.update("k", rig.channel, ts, says("after"))

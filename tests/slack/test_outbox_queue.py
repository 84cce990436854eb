"""What is put goes out in the background, in order, for as long as it takes."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.durable.timers import Timers
from bot.store import timers
from bot.store.database import Store
from bot.store.outbox import SENDING, WAITING
from bot.wallclock import SystemClock
from sandbox.slack import Fault
from tests.slack.hands import LeapingClock
from tests.slack.rig import Rig, rig_with
from tests.slack.wire import nobody_home

POST = "chat.postMessage"


@pytest.fixture
async def rig(store: Store) -> AsyncIterator[Rig]:
    async with rig_with(store, LeapingClock()) as rig:
        yield rig


async def due(rig: Rig) -> float | None:
    """Return in how many seconds the queue's timer is due."""
    async with rig.store.read() as connection:
        moment = await timers.next_due(connection)
    return None if moment is None else (moment - rig.clock.now()).total_seconds()


async def until_timer(rig: Rig) -> None:
    """Let the time pass until the queue's timer is due."""
    wait = await due(rig)
    assert wait is not None, "nobody will look after the queue"
    assert isinstance(rig.clock, LeapingClock)
    rig.clock.leap(max(wait, 0))


async def test_put_returns_before_it_is_posted(rig: Rig) -> None:
    _, outbox = rig.replica("one")
    rig.workspace.stop_answering()
    await outbox.put("k", rig.channel, {"text": "later"})
    assert (await rig.row("k")).state in {WAITING, SENDING}
    assert await due(rig) == 15
    rig.workspace.resume()
    await outbox.idle()
    assert rig.texts() == ["later"]
    assert await due(rig) is None


async def test_the_order_of_a_channel_is_kept(rig: Rig) -> None:
    _, outbox = rig.replica("one")
    other = rig.workspace.add_channel("other", members=[rig.workspace.bot]).id
    for number in range(12):
        await outbox.put(f"a{number}", rig.channel, {"text": str(number)})
        await outbox.put(f"b{number}", other, {"text": str(number)})
    await outbox.idle()
    assert rig.texts() == rig.texts(other) == [str(number) for number in range(12)]


async def test_the_same_key_is_put_once(rig: Rig) -> None:
    _, outbox = rig.replica("one")
    for _ in range(3):
        await outbox.put("k", rig.channel, {"text": "once"})
        await outbox.idle()
    assert rig.texts() == ["once"]


@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "http_500"])
async def test_an_unclear_outcome_holds_the_queue_and_doubles_nothing(rig: Rig, kind: Any) -> None:
    _, outbox = rig.replica("one")
    rig.workspace.faults.add(Fault(method=POST, kind=kind))
    await outbox.put("a", rig.channel, {"text": "a"})
    await outbox.put("b", rig.channel, {"text": "b"})
    await outbox.idle()
    for _ in range(3):
        if await due(rig) is not None:
            await until_timer(rig)
            await outbox.deliver(rig.channel)
            await outbox.idle()
    assert rig.texts() == ["a", "b"]
    assert await due(rig) is None


async def test_retry_after_is_when_the_queue_goes_on(rig: Rig) -> None:
    _, outbox = rig.replica("one")
    rig.workspace.faults.add(Fault(method=POST, kind="rate_limited", retry_after=30))
    await outbox.put("k", rig.channel, {"text": "a"})
    await outbox.idle()
    assert await due(rig) == 30
    await until_timer(rig)
    await outbox.deliver(rig.channel)
    await outbox.idle()
    assert rig.texts() == ["a"]


async def test_slack_out_of_reach_is_tried_for_ever_at_a_growing_distance(rig: Rig) -> None:
    _, there = rig.replica("one")
    rig.workspace.base_url, home = nobody_home().removesuffix("/api/"), rig.workspace.base_url
    _, lost = rig.replica("two")
    rig.workspace.base_url = home
    waits = []
    await lost.put("k", rig.channel, {"text": "a"})
    for _ in range(4):
        await lost.idle()
        waits.append(round(await due(rig) or 0))
        await until_timer(rig)
        await lost.deliver(rig.channel)
    await lost.idle()
    assert waits == [1, 2, 4, 8]
    await there.deliver(rig.channel)
    await there.idle()
    assert rig.texts() == ["a"]


async def test_a_refused_message_does_not_hold_the_others(rig: Rig) -> None:
    _, outbox = rig.replica("one")
    rig.workspace.faults.add(Fault(method=POST, kind="error", error="msg_too_long"))
    for key in "abc":
        await outbox.put(key, rig.channel, {"text": key})
    await outbox.idle()
    assert rig.texts() == ["b", "c"]
    assert [(failure.key, failure.code) for failure in await outbox.failed()] == [("a", "msg_too_long")]


async def test_a_refused_message_can_be_tried_again(rig: Rig) -> None:
    _, outbox = rig.replica("one")
    rig.workspace.faults.add(Fault(method=POST, kind="error", error="not_in_channel"))
    await outbox.put("a", rig.channel, {"text": "a"})
    await outbox.idle()
    assert await outbox.retry("a")
    await outbox.idle()
    assert rig.texts() == ["a"]
    assert not await outbox.retry("a")


async def test_what_a_dead_process_left_is_delivered_by_the_next(rig: Rig) -> None:
    process, outbox = rig.replica("one")
    process.dies[POST] = "before"
    for key in "abc":
        await outbox.put(key, rig.channel, {"text": key})
    await outbox.idle()
    await outbox.close()
    assert rig.texts() == []
    _, survivor = rig.replica("two")
    assert await survivor.adopt("one") == 1
    for _ in range(3):
        await survivor.idle()
        if await due(rig) is not None:
            await until_timer(rig)
            await survivor.deliver(rig.channel)
    assert rig.texts() == ["a", "b", "c"]


async def test_the_timers_deliver_what_everybody_forgot(rig: Rig) -> None:
    process, outbox = rig.replica("one")
    process.dies[POST] = "before"
    for key in "abc":
        await outbox.put(key, rig.channel, {"text": key})
    await outbox.idle()
    _, survivor = rig.replica("two")
    clockwork = Timers(rig.store, rig.clock, "two")
    survivor.attend(clockwork)
    for _ in range(8):
        if await due(rig) is not None:
            await until_timer(rig)
            await clockwork.sweep()
            await survivor.idle()
    assert rig.texts() == ["a", "b", "c"]
    assert await due(rig) is None
    assert await clockwork.failed() == []


async def test_replicas_share_a_queue_and_keep_its_order(store: Store) -> None:
    async with rig_with(store, SystemClock(), rate_limits=False) as rig:
        outboxes = [rig.replica(f"replica {number}", paced=False)[1] for number in range(3)]
        for number in range(30):
            await outboxes[number % 3].put(str(number), rig.channel, {"text": str(number)})
        async with asyncio.timeout(20):
            while len(rig.texts()) < 30:
                for outbox in outboxes:
                    await outbox.deliver(rig.channel)
                    await outbox.idle()
        assert rig.texts() == [str(number) for number in range(30)]


async def test_closing_stops_after_the_message_in_hand(rig: Rig) -> None:
    _, outbox = rig.replica("one")
    for number in range(50):
        await outbox.put(str(number), rig.channel, {"text": str(number)})
    await outbox.close()
    sent = len(rig.texts())
    assert sent < 50
    _, survivor = rig.replica("two")
    await survivor.resume()
    await survivor.idle()
    assert rig.texts() == [str(number) for number in range(50)]


async def test_a_hundred_messages_to_one_channel_keep_slacks_limits(rig: Rig) -> None:
    _, outbox = rig.replica("one")
    for number in range(100):
        await outbox.put(str(number), rig.channel, {"text": str(number)})
    await outbox.idle()
    assert rig.texts() == [str(number) for number in range(100)]
    assert {call.status for call in rig.workspace.calls} == {200}


async def test_a_thousand_messages_to_one_channel_keep_slacks_limits(rig: Rig) -> None:
    process, _ = rig.replica("one")
    for number in range(1000):
        await process.client.call(POST, {"channel": rig.channel, "text": str(number)})
    assert rig.texts() == [str(number) for number in range(1000)]
    assert {call.status for call in rig.workspace.calls} == {200}

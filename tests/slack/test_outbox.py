"""Posting through the outbox: once, whatever happens in between."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.errors import OutcomeUnclear, SlackRefused, SlackUnavailable
from bot.store.database import Store
from bot.store.outbox import REFUSED, SENDING, SENT, WAITING
from bot.wallclock import SystemClock
from sandbox.slack import Fault
from tests.slack.hands import LeapingClock
from tests.slack.rig import Killed, Rig, rig_with

POST = "chat.postMessage"
HELLO: dict[str, Any] = {"text": "hello"}


@pytest.fixture
async def rig(store: Store) -> AsyncIterator[Rig]:
    async with rig_with(store, LeapingClock(), rate_limits=False) as rig:
        yield rig


@pytest.fixture
async def real_time(store: Store) -> AsyncIterator[Rig]:
    """A rig on the machine's clock, for what several do at once."""
    async with rig_with(store, SystemClock(), rate_limits=False) as rig:
        yield rig


async def test_a_message_is_posted_with_its_key(rig: Rig) -> None:
    _, outbox = rig.replica("one")
    ts = await outbox.post("header:1", rig.channel, HELLO)
    message = rig.workspace.channels[rig.channel].messages[ts]
    assert message.text == "hello"
    assert message.metadata == {"event_type": "opsroom_message", "event_payload": {"key": "header:1"}}
    row = await rig.row("header:1")
    assert (row.state, row.ts, row.claimed_by) == (SENT, ts, None)
    assert rig.calls("conversations.history") == 0


async def test_the_same_key_is_posted_once(rig: Rig) -> None:
    _, outbox = rig.replica("one")
    first = await outbox.post("k", rig.channel, HELLO)
    assert await outbox.post("k", rig.channel, {"text": "something else"}) == first
    assert rig.texts() == ["hello"]


async def test_a_reply_goes_into_its_thread(rig: Rig) -> None:
    _, outbox = rig.replica("one")
    root = await outbox.post("root", rig.channel, HELLO)
    reply = await outbox.post("reply", rig.channel, {"text": "more"}, thread_ts=root)
    assert rig.workspace.channels[rig.channel].messages[reply].thread_ts == root


async def test_two_tasks_with_the_same_key_send_once(real_time: Rig) -> None:
    _, outbox = real_time.replica("one")
    found = await asyncio.gather(*(outbox.post("k", real_time.channel, HELLO) for _ in range(10)))
    assert len(set(found)) == 1
    assert real_time.calls(POST) == 1


async def test_replicas_with_the_same_key_send_once(real_time: Rig) -> None:
    outboxes = [real_time.replica(f"replica {number}")[1] for number in range(4)]
    found = await asyncio.gather(*(outbox.post("k", real_time.channel, HELLO) for outbox in outboxes))
    assert len(set(found)) == 1
    assert real_time.calls(POST) == 1


async def test_a_caller_that_is_cancelled_leaves_the_message_on_its_way(real_time: Rig) -> None:
    _, outbox = real_time.replica("one")
    real_time.workspace.latency = 0.05
    caller = asyncio.create_task(outbox.post("k", real_time.channel, HELLO))
    await asyncio.sleep(0)
    caller.cancel()
    await asyncio.wait([caller])
    await outbox.idle()
    assert (await real_time.row("k")).state == SENT
    assert real_time.texts() == ["hello"]


@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "http_500"])
@pytest.mark.parametrize("in_thread", [False, True])
async def test_after_an_unclear_outcome_there_is_one_message(rig: Rig, kind: Any, in_thread: bool) -> None:
    _, outbox = rig.replica("one")
    thread = await outbox.post("root", rig.channel, {"text": "root"}) if in_thread else None
    rig.workspace.faults.add(Fault(method=POST, kind=kind))
    ts = await outbox.post("k", rig.channel, HELLO, thread_ts=thread)
    assert rig.texts().count("hello") == 1
    assert rig.workspace.channels[rig.channel].messages[ts].text == "hello"


@pytest.mark.parametrize("code", ["internal_error", "fatal_error", "service_unavailable", "request_timeout"])
async def test_a_failure_of_slack_is_repeated_after_a_look(rig: Rig, code: str) -> None:
    _, outbox = rig.replica("one")
    rig.workspace.faults.add(Fault(method=POST, kind="error", error=code))
    await outbox.post("k", rig.channel, HELLO)
    assert rig.texts() == ["hello"]
    assert rig.calls("conversations.history") >= 1


async def test_it_waits_before_it_repeats_what_slack_may_still_be_doing(rig: Rig) -> None:
    _, outbox = rig.replica("one")
    rig.workspace.faults.add(Fault(method=POST, kind="cut_before"))
    before = rig.clock.now()
    await outbox.post("k", rig.channel, HELLO)
    assert (rig.clock.now() - before).total_seconds() >= 2


async def test_a_message_that_slack_posts_late_is_not_posted_again(real_time: Rig) -> None:
    _, outbox = real_time.replica("one", timeout=0.1, settle=1.0)
    real_time.workspace.faults.add(Fault(method=POST, kind="slow", seconds=0.8))
    await outbox.post("k", real_time.channel, HELLO)
    assert real_time.texts() == ["hello"]
    assert real_time.calls("conversations.history") >= 1


async def test_a_message_that_never_shows_up_stays_unclear(rig: Rig) -> None:
    _, outbox = rig.replica("one")
    rig.workspace.faults.add(Fault(method=POST, kind="cut_before", times=None))
    with pytest.raises(OutcomeUnclear):
        await outbox.post("k", rig.channel, HELLO)
    assert (await rig.row("k")).state == SENDING
    rig.workspace.faults.clear()
    await outbox.post("k", rig.channel, HELLO)
    assert rig.texts() == ["hello"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("same_replica", [True, False])
async def test_a_crash_around_the_call_leaves_one_message(rig: Rig, when: str, same_replica: bool) -> None:
    process, outbox = rig.replica("one")
    process.dies[POST] = when
    with pytest.raises(Killed):
        await outbox.post("k", rig.channel, HELLO)
    assert (await rig.row("k")).state == SENDING
    assert rig.texts() == ([] if when == "before" else ["hello"])
    _, survivor = rig.replica("one" if same_replica else "two")
    assert await survivor.adopt("one") == 1
    ts = await survivor.post("k", rig.channel, HELLO)
    assert rig.texts() == ["hello"]
    assert (await rig.row("k")).ts == ts


async def test_a_crash_that_nobody_noticed_is_found_when_the_claim_ends(rig: Rig) -> None:
    process, outbox = rig.replica("one")
    process.dies[POST] = "after"
    with pytest.raises(Killed):
        await outbox.post("k", rig.channel, HELLO)
    _, survivor = rig.replica("two")
    with pytest.raises(OutcomeUnclear):
        await survivor.post("k", rig.channel, HELLO)
    assert isinstance(rig.clock, LeapingClock)
    rig.clock.leap(60)
    await survivor.post("k", rig.channel, HELLO)
    assert rig.texts() == ["hello"]


async def test_the_look_reads_all_pages_of_its_time_and_no_more(rig: Rig) -> None:
    process, outbox = rig.replica("one", paced=False)
    for number in range(250):
        await process.client.call(POST, {"channel": rig.channel, "text": f"old {number}"})
    assert isinstance(rig.clock, LeapingClock)
    rig.clock.leap(3600)
    process.dies[POST] = "after"
    with pytest.raises(Killed):
        await outbox.post("k", rig.channel, HELLO)
    for number in range(250):
        await process.client.call(POST, {"channel": rig.channel, "text": f"new {number}"})
    await outbox.adopt("one")
    await outbox.post("k", rig.channel, HELLO)
    assert rig.texts().count("hello") == 1
    assert rig.calls("conversations.history") == 2


async def test_a_look_that_fails_leaves_the_row_unclear(rig: Rig) -> None:
    process, outbox = rig.replica("one")
    process.dies[POST] = "after"
    with pytest.raises(Killed):
        await outbox.post("k", rig.channel, HELLO)
    await outbox.adopt("one")
    rig.workspace.faults.add(Fault(method="conversations.history", kind="rate_limited", retry_after=30))
    with pytest.raises(SlackUnavailable) as caught:
        await outbox.post("k", rig.channel, HELLO)
    assert caught.value.retry_after == 30
    assert (await rig.row("k")).state == SENDING
    assert isinstance(rig.clock, LeapingClock)
    rig.clock.leap(30)
    await outbox.post("k", rig.channel, HELLO)
    assert rig.texts() == ["hello"]


async def test_a_long_429_is_handed_to_the_caller_and_nothing_is_unclear(rig: Rig) -> None:
    _, outbox = rig.replica("one")
    rig.workspace.faults.add(Fault(method=POST, kind="rate_limited", retry_after=30))
    with pytest.raises(SlackUnavailable) as caught:
        await outbox.post("k", rig.channel, HELLO)
    assert caught.value.retry_after == 30
    assert (await rig.row("k")).state == WAITING
    assert isinstance(rig.clock, LeapingClock)
    rig.clock.leap(30)
    await outbox.post("k", rig.channel, HELLO)
    assert rig.texts() == ["hello"]
    assert rig.calls("conversations.history") == 0


async def test_a_refusal_is_listed_with_a_sentence_until_it_works(rig: Rig) -> None:
    _, outbox = rig.replica("one")
    rig.workspace.faults.add(Fault(method=POST, kind="error", error="is_archived"))
    with pytest.raises(SlackRefused):
        await outbox.post("k", rig.channel, HELLO)
    (failure,) = await outbox.failed()
    assert (failure.key, failure.code, failure.reason) == ("k", "is_archived", "The channel is archived.")
    assert (await rig.row("k")).state == REFUSED
    await outbox.post("k", rig.channel, HELLO)
    assert await outbox.failed() == []
    assert rig.texts() == ["hello"]


async def test_a_channel_that_cannot_be_read_is_a_refusal_that_says_so(rig: Rig) -> None:
    process, outbox = rig.replica("one")
    process.dies[POST] = "after"
    with pytest.raises(Killed):
        await outbox.post("k", rig.channel, HELLO)
    await outbox.adopt("one")
    rig.workspace.faults.add(Fault(method="conversations.history", kind="error", error="missing_scope"))
    with pytest.raises(SlackRefused):
        await outbox.post("k", rig.channel, HELLO)
    (failure,) = await outbox.failed()
    assert "may have been posted" in failure.reason


@pytest.mark.parametrize("key", ["", "k" * 256])
async def test_a_key_has_limits(rig: Rig, key: str) -> None:
    _, outbox = rig.replica("one")
    with pytest.raises(ValueError, match="1 to 255"):
        await outbox.post(key, rig.channel, HELLO)


async def test_the_longest_key_fits(rig: Rig) -> None:
    _, outbox = rig.replica("one")
    await outbox.post("k" * 255, rig.channel, HELLO)
    assert rig.texts() == ["hello"]


async def test_metadata_belongs_to_the_outbox(rig: Rig) -> None:
    _, outbox = rig.replica("one")
    with pytest.raises(ValueError, match="metadata"):
        await outbox.put("k", rig.channel, {"text": "hello", "metadata": {}})

"""Timers: due ones are handled once, the oldest first, by one replica."""

import asyncio
import time
from datetime import timedelta

import pytest
from sqlalchemy import insert, text

from bot.durable.timers import Timers
from bot.errors import Conflict, SlackUnavailable
from bot.store import timers as rows
from bot.store.database import Store
from bot.store.timers import Timer
from tests.durable.houses import LeapingClock


class Bell:
    """A handler that notes what it was called for."""

    def __init__(self, *faults: Exception) -> None:
        self.rung: list[Timer] = []
        self.faults = list(faults)

    async def ring(self, timer: Timer) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.rung.append(timer)

    @property
    def keys(self) -> list[str]:
        return [timer.key for timer in self.rung]


@pytest.fixture
def bell() -> Bell:
    return Bell()


@pytest.fixture
def timers(store: Store, clock: LeapingClock, bell: Bell) -> Timers:
    made = Timers(store, clock, "a", lease=60)
    made.handle("bell", bell.ring)
    return made


async def test_a_timer_is_handled_when_it_is_due_and_once(timers: Timers, clock: LeapingClock, bell: Bell) -> None:
    due = clock.now() + timedelta(seconds=10)
    await timers.set("bell", "k", due, {"n": 1})
    assert await timers.sweep() == 0
    clock.leap(10)
    assert await timers.sweep() == 1
    assert await timers.sweep() == 0
    assert bell.rung == [Timer("bell", "k", due, {"n": 1}, tries=1)]


async def test_the_oldest_comes_first(timers: Timers, clock: LeapingClock, bell: Bell) -> None:
    for n in (3, 1, 2):
        await timers.set("bell", str(n), clock.now() + timedelta(seconds=n))
    clock.leap(5)
    assert await timers.sweep() == 3
    assert bell.keys == ["1", "2", "3"]


async def test_setting_again_moves_and_cancelling_removes(timers: Timers, clock: LeapingClock, bell: Bell) -> None:
    await timers.set("bell", "k", clock.now(), "early")
    await timers.set("bell", "k", clock.now() + timedelta(hours=1), "late")
    await timers.set("bell", "gone", clock.now())
    assert await timers.cancel("bell", "gone")
    assert not await timers.cancel("bell", "gone")
    assert await timers.sweep() == 0
    clock.leap(3600)
    assert await timers.sweep() == 1
    assert bell.rung[0].payload == "late"


async def test_a_handler_may_set_its_own_timer_anew(timers: Timers, clock: LeapingClock) -> None:
    rings: list[int] = []

    async def again(timer: Timer) -> None:
        rings.append(timer.payload)
        await timers.set("again", timer.key, timer.due + timedelta(seconds=60), timer.payload + 1)

    timers.handle("again", again)
    await timers.set("again", "k", clock.now(), 1)
    for _ in range(3):
        assert await timers.sweep() == 1
        assert await timers.sweep() == 0
        clock.leap(60)
    assert rings == [1, 2, 3]


async def test_more_than_a_batch_is_handled_in_one_sweep(timers: Timers, clock: LeapingClock, bell: Bell) -> None:
    for n in range(120):
        await timers.set("bell", str(n), clock.now())
    assert await timers.sweep() == 120
    assert len(set(bell.keys)) == 120


async def test_a_passing_error_comes_back_later_and_later(timers: Timers, clock: LeapingClock, bell: Bell) -> None:
    bell.faults = [SlackUnavailable("m", "429"), SlackUnavailable("m", "429")]
    await timers.set("bell", "k", clock.now())
    pauses = []
    for _ in range(3):
        waited = 0
        while await timers.sweep() == 0:
            clock.leap(0.1)
            waited += 1
        pauses.append(waited)
    assert pauses[0] == 0
    assert 8 <= pauses[1] <= 11
    assert 16 <= pauses[2] <= 21
    assert bell.rung[0].tries == 3
    assert await timers.failed() == []


async def test_what_cannot_be_handled_is_kept_and_listed(timers: Timers, clock: LeapingClock, bell: Bell) -> None:
    bell.faults = [Conflict("The incident is closed."), LookupError("a fault")]
    for n, kind in enumerate(("bell", "bell", "unknown")):
        await timers.set(kind, str(n), clock.now() + timedelta(seconds=n))
    clock.leap(10)
    assert await timers.sweep() == 3
    clock.leap(1_000_000)
    assert await timers.sweep() == 0
    assert [(one.timer.key, one.failure) for one in await timers.failed()] == [
        ("0", "The incident is closed."),
        ("1", "Opsroom made a mistake (LookupError); its log says more."),
        ("2", "Nothing here handles timers of the kind 'unknown'."),
    ]
    await timers.set("bell", "0", clock.now())
    assert await timers.sweep() == 1
    assert bell.keys == ["0"]
    assert len(await timers.failed()) == 2


async def test_a_handler_that_hangs_is_ended(store: Store, clock: LeapingClock, bell: Bell) -> None:
    timers = Timers(store, clock, "a", lease=0.2)

    async def hang(_: Timer) -> None:
        await asyncio.Event().wait()

    timers.handle("hang", hang)
    timers.handle("bell", bell.ring)
    await timers.set("hang", "k", clock.now())
    await timers.set("bell", "k", clock.now())
    began = time.monotonic()
    assert await timers.sweep() == 2
    assert time.monotonic() - began < 5
    assert bell.keys == ["k"]


async def test_a_claimed_timer_is_left_alone_until_its_lease_ends(
    store: Store, timers: Timers, clock: LeapingClock, bell: Bell
) -> None:
    await timers.set("bell", "k", clock.now())
    async with store.begin() as connection:
        claim = await rows.claim(connection, "dead", clock.now(), clock.now() + timedelta(seconds=60), 10)
    assert [one.key for one in claim] == ["k"]
    clock.leap(59)
    assert await timers.sweep() == 0
    clock.leap(1)
    assert await timers.sweep() == 1
    async with store.begin() as connection:
        assert not await rows.finish(connection, claim[0], "dead")
    assert bell.keys == ["k"]


async def test_what_a_lost_replica_had_claimed_is_free_at_once(
    store: Store, timers: Timers, clock: LeapingClock, bell: Bell
) -> None:
    await timers.set("bell", "k", clock.now())
    async with store.begin() as connection:
        await rows.claim(connection, "dead", clock.now(), clock.now() + timedelta(hours=1), 10)
    assert await timers.adopt("alive") == 0
    assert await timers.adopt("dead") == 1
    assert await timers.sweep() == 1
    assert bell.keys == ["k"]


async def test_replicas_that_sweep_together_share_the_work(store: Store, clock: LeapingClock, bell: Bell) -> None:
    several = [Timers(store, clock, name) for name in "abc"]
    for timers in several:
        timers.handle("bell", bell.ring)
    for n in range(150):
        await several[0].set("bell", str(n), clock.now())
    counts = await asyncio.gather(*(timers.sweep() for timers in several))
    assert sum(counts) == 150
    assert sorted(bell.keys) == sorted({str(n) for n in range(150)})


async def test_a_sweep_over_ten_thousand_costs_next_to_nothing(
    store: Store, timers: Timers, clock: LeapingClock
) -> None:
    later = clock.now() + timedelta(days=1)
    many = [{"kind": "bell", "key": str(n), "due_at": later, "wake_at": later, "tries": 0} for n in range(10_000)]
    async with store.begin() as connection:
        await connection.execute(insert(rows.timers), many)
        await connection.execute(text("ANALYZE"))
    await timers.sweep()
    times = []
    for _ in range(20):
        began = time.perf_counter()
        assert await timers.sweep() == 0
        times.append(time.perf_counter() - began)
    assert sorted(times)[10] < 0.05

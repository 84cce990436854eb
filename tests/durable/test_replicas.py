"""Replicas: silence is noticed, work is taken over once, and nobody is taken over who lives."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.durable.replicas import OnLoss, Replicas
from bot.errors import StoreUnavailable
from bot.store import replicas as rows
from bot.store.database import Store, open_store
from tests.durable.houses import LeapingClock


class Party:
    """Replicas on one store, each with a clock of its own that is hours away from the others'."""

    def __init__(self, store: Store, *names: str) -> None:
        self.store, self.took, self.faults = store, list[tuple[str, str]](), 0
        self.clocks = {name: LeapingClock() for name in names}
        self.replicas: dict[str, Replicas] = {}
        for hours, (name, clock) in enumerate(self.clocks.items()):
            clock.leap(hours * 3600)
            self.replicas[name] = Replicas(store, clock, name, dead_after=15)
            self.replicas[name].on_loss(self.heir(name))

    def heir(self, taker: str) -> OnLoss:
        async def take(lost: str) -> None:
            if self.faults:
                self.faults -= 1
                raise StoreUnavailable("The store is away.")
            self.took.append((taker, lost))

        return take

    async def join(self) -> None:
        for replica in self.replicas.values():
            await replica.join()

    async def pass_time(self, seconds: int, *alive: str) -> None:
        """Let time pass; those who live beat and sweep every second."""
        for _ in range(seconds):
            for clock in self.clocks.values():
                clock.leap(1)
            await asyncio.gather(*(self.replicas[name].beat() for name in alive))
            await asyncio.gather(*(self.replicas[name].sweep() for name in alive))

    async def known(self) -> list[str]:
        async with self.store.read() as connection:
            return [one.id for one in await rows.everyone(connection)]


@pytest.fixture
async def several(postgres_address: str) -> AsyncIterator[Party]:
    """Return three replicas; several are for PostgreSQL."""
    async with open_store(postgres_address) as store:
        party = Party(store, "a", "b", "c")
        await party.join()
        yield party


async def test_nobody_who_beats_is_taken_over(several: Party) -> None:
    await several.pass_time(60, "a", "b", "c")
    assert several.took == []
    assert await several.known() == ["a", "b", "c"]


async def test_a_silent_replica_is_taken_over_once_and_not_too_early(several: Party) -> None:
    await several.pass_time(5, "a", "b", "c")
    await several.pass_time(14, "a", "b")
    assert several.took == []
    await several.pass_time(3, "a", "b")
    assert [lost for _, lost in several.took] == ["c"]
    assert await several.known() == ["a", "b"]
    await several.pass_time(30, "a", "b")
    assert len(several.took) == 1


async def test_when_the_store_was_away_for_everybody_nobody_is_taken_over(several: Party) -> None:
    await several.pass_time(5, "a", "b", "c")
    await several.pass_time(60)
    await several.pass_time(1, "a")
    await several.pass_time(20, "a", "b", "c")
    assert several.took == []
    assert await several.known() == ["a", "b", "c"]


async def test_one_that_leaves_is_taken_over_at_once(several: Party) -> None:
    await several.replicas["c"].leave()
    await several.pass_time(1, "a", "b")
    assert [lost for _, lost in several.took] == ["c"]


async def test_one_that_wakes_up_after_its_loss_must_end(several: Party) -> None:
    await several.pass_time(20, "a", "b")
    sleeper = several.replicas["c"]
    before = sleeper.displaced
    assert not await sleeper.beat()
    assert (before, sleeper.displaced) == (False, True)
    assert await sleeper.sweep() == []
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await sleeper.guard()


async def test_one_whose_beat_is_old_waits_before_it_acts(several: Party) -> None:
    late = several.replicas["a"]
    several.clocks["a"].leap(7)
    await late.guard()
    several.clocks["a"].leap(1)
    waiting = asyncio.create_task(late.guard())
    await asyncio.sleep(0.02)
    assert not waiting.done()
    await late.beat()
    await asyncio.wait_for(waiting, 5)


async def test_what_fails_while_taking_over_is_tried_again(several: Party) -> None:
    several.faults = 3
    await several.replicas["c"].leave()
    await several.pass_time(1, "a")
    assert several.took == []
    assert await several.known() == ["a", "b", "c"]
    await several.pass_time(4, "a", "b")
    assert several.took == [("a", "c")]
    assert await several.known() == ["a", "b"]


async def test_one_whose_taker_dies_is_taken_again(several: Party) -> None:
    several.faults = 1
    await several.replicas["c"].leave()
    await several.pass_time(1, "a")
    await several.pass_time(20, "b")
    assert sorted(several.took) == [("b", "a"), ("b", "c")]
    assert await several.known() == ["b"]


async def test_two_that_sweep_at_once_do_not_both_take(several: Party) -> None:
    for _ in range(5):
        several.took.clear()
        async with several.store.begin() as connection:
            await rows.note_orphan(connection, "lost", several.clocks["a"].now(), "nobody")
        await asyncio.gather(*(one.sweep() for one in several.replicas.values()))
        assert [lost for _, lost in several.took] == ["lost"]


async def test_work_of_a_replica_that_nobody_knows_is_found(several: Party) -> None:
    left = {"stranger", "b"}

    async def take(lost: str) -> None:
        left.discard(lost)

    async def census() -> set[str]:
        return set(left)

    for one in several.replicas.values():
        one.on_loss(take, census)
    await several.pass_time(3, "a", "b", "c")
    assert left == {"b"}
    assert await several.known() == ["a", "b", "c"]


async def test_one_that_took_work_on_before_it_noticed_its_loss_must_end_all_the_same(several: Party) -> None:
    await several.pass_time(20, "a", "b")
    left: set[str] = set()

    async def take(lost: str) -> None:
        left.discard(lost)

    async def census() -> set[str]:
        return set(left)

    several.replicas["a"].on_loss(take, census)
    left.add("c")
    assert await several.replicas["a"].sweep() == []
    assert not await several.replicas["c"].beat()
    await several.pass_time(1, "a")
    assert left == set()
    assert await several.known() == ["a", "b"]


async def test_in_an_embedded_store_all_earlier_ones_are_dead(sqlite_address: str) -> None:
    async with open_store(sqlite_address) as store:
        await Party(store, "before").join()
    async with open_store(sqlite_address) as store:
        party = Party(store, "after")
        await party.join()
        assert await party.replicas["after"].sweep() == ["before"]
        assert party.took == [("after", "before")]
        party.clocks["after"].leap(3600)
        await party.replicas["after"].guard()
        assert await party.replicas["after"].beat()

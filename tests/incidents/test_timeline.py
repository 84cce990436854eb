"""The timeline: one contract for the store's and for the one in memory."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.incidents.timeline import StoredTimeline, Timeline, TimelineInMemory
from bot.store import incidents
from bot.store.database import Store
from bot.store.timeline import Entry

NOON = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)


@pytest.fixture(params=["stored", "in memory"])
async def timeline(request: pytest.FixtureRequest, store: Store) -> Timeline:
    if request.param == "in memory":
        return TimelineInMemory()
    async with store.begin() as connection:
        for number in (1, 2):
            await incidents.add(
                connection,
                origin=f"test {number}",
                platform="zephyr",
                severity="Critical",
                rank=0,
                title="down",
                summary="down",
                declared_by="U1",
                declared_at=NOON,
                declared_in="C1",
            )
    return StoredTimeline(store)


def entry(key: str, minutes: int = 0) -> Entry:
    return Entry(key, NOON + timedelta(minutes=minutes), "note", f"what happened: {key} <&>", "U1")


async def test_entries_come_back_as_they_were_in_order_of_time(timeline: Timeline) -> None:
    for late_first in (entry("later", 5), entry("first"), entry("between", 2)):
        await timeline.record(1, late_first)
    assert await timeline.entries(1) == [entry("first"), entry("between", 2), entry("later", 5)]


async def test_the_same_happening_is_recorded_once(timeline: Timeline) -> None:
    await timeline.record(1, entry("declared"))
    await timeline.record(1, entry("declared", 9))
    assert await timeline.entries(1) == [entry("declared")]


async def test_incidents_have_timelines_of_their_own(timeline: Timeline) -> None:
    await timeline.record(1, entry("declared"))
    await timeline.record(2, entry("declared", 1))
    assert await timeline.entries(2) == [entry("declared", 1)]


async def test_a_limit_takes_the_latest(timeline: Timeline) -> None:
    for minute in range(5):
        await timeline.record(1, entry(f"minute {minute}", minute))
    assert [one.key for one in await timeline.entries(1, limit=2)] == ["minute 3", "minute 4"]


async def test_nothing_is_an_empty_timeline(timeline: Timeline) -> None:
    assert await timeline.entries(1) == []

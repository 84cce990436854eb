"""The incidents table: numbers, order, what happens once."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from bot.store import incidents
from bot.store.database import Store
from bot.store.incidents import Incident
from bot.store.turns import take_turns
from tests.store.rows import NOW, an_incident, later

OURS = ["zephyr", "linkist"]


async def still_open(store: Store, platforms: list[str], limit: int = 10) -> list[int]:
    async with store.read() as connection:
        return [one.number for one in await incidents.still_open(connection, platforms, limit)]


async def test_an_incident_comes_back_as_it_was_declared(store: Store) -> None:
    made = await an_incident(store, reply_to="https://example.com/answer")
    assert (made.number, made.ref, made.status, made.is_open) == (1, "INC-1", "declared", True)
    async with store.read() as connection:
        assert await incidents.by_number(connection, 1) == made
        assert await incidents.by_origin(connection, "command:1") == made
        assert await incidents.by_number(connection, 2) is None
        assert await incidents.by_origin(connection, "command:2") is None
        assert await incidents.by_channel(connection, "C9") is None


async def test_a_request_declares_once(store: Store) -> None:
    await an_incident(store)
    with pytest.raises(IntegrityError):
        await an_incident(store)


async def test_the_worst_comes_first_and_of_these_the_newest(store: Store) -> None:
    for number, (rank, at) in enumerate([(1, 0), (0, 0), (1, 60), (0, 60)], start=1):
        await an_incident(store, f"command:{number}", rank=rank, declared_at=later(at))
    assert await still_open(store, OURS) == [4, 2, 3, 1]
    assert await still_open(store, OURS, limit=2) == [4, 2]
    async with store.read() as connection:
        recent = [number for name in OURS for number, _ in await incidents.open_titles(connection, name, later(30))]
    assert sorted(recent) == [3, 4]


async def test_what_has_ended_and_what_is_elsewhere_is_not_listed(store: Store) -> None:
    for number, platform in enumerate(["zephyr", "linkist", "social-live"], start=1):
        await an_incident(store, f"command:{number}", platform=platform)
    async with store.begin() as connection:
        await incidents.change(connection, 2, status="resolved")
    assert await still_open(store, OURS) == [1]
    assert await still_open(store, []) == []
    async with store.read() as connection:
        assert await incidents.count_open(connection, [*OURS, "social-live"]) == 2
        assert await incidents.count_open(connection, []) == 0


async def test_of_many_who_acknowledge_one_is_first(store: Store) -> None:
    await an_incident(store)

    async def acknowledge(person: str) -> Incident | None:
        async with store.begin() as connection:
            return await incidents.acknowledge(connection, 1, person, NOW)

    (first,) = [one for one in await asyncio.gather(*map(acknowledge, ["U1", "U2", "U3"])) if one]
    assert (first.status, first.acknowledged_at) == ("acknowledged", NOW)
    async with store.read() as connection:
        assert await incidents.by_number(connection, 1) == first


async def test_a_name_belongs_to_one_and_a_refusal_spoils_no_transaction(store: Store) -> None:
    await an_incident(store)
    await an_incident(store, "command:2")
    async with store.begin() as connection:
        assert await incidents.reserve_name(connection, 1, "inc-1")
    async with store.begin() as connection:
        assert await incidents.reserve_name(connection, 1, "inc-1")
        assert not await incidents.reserve_name(connection, 2, "inc-1")
        changed = await incidents.change(connection, 2, channel_id="C2")
    assert (changed.channel_name, changed.channel_id) == (None, "C2")
    async with store.read() as connection:
        assert await incidents.by_channel(connection, "C2") == changed


async def test_transactions_of_one_kind_take_turns(store: Store) -> None:
    open_now: list[str] = []

    async def turn(name: str, kind: str) -> list[str]:
        async with store.begin() as connection:
            await take_turns(connection, kind)
            open_now.append(name)
            seen = [other for other in open_now if other != name]
            await asyncio.sleep(0)
            await incidents.by_number(connection, 1)
            open_now.remove(name)
            return seen

    seen = await asyncio.gather(*(turn(f"turn {number}", "declare zephyr") for number in range(4)))
    assert seen == [[], [], [], []]


async def test_titles_of_one_platform_since_a_moment_the_newest_first(store: Store) -> None:
    async with store.begin() as connection:
        for number, (platform, minute) in enumerate([("zephyr", 1), ("zephyr", 5), ("linkist", 5), ("zephyr", 9)]):
            moment = datetime(2026, 1, 1, 12, minute, tzinfo=UTC)
            await incidents.add(
                connection,
                origin=f"titles {number}",
                platform=platform,
                severity="Critical",
                rank=0,
                title=f"{platform} at {minute}",
                summary="down",
                declared_by="U1",
                declared_at=moment,
                declared_in="C1",
            )
        since = datetime(2026, 1, 1, 12, 5, tzinfo=UTC)
        found = await incidents.open_titles(connection, "zephyr", since)
    assert [title for _, title in found] == ["zephyr at 9", "zephyr at 5"]

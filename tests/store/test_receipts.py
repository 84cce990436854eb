"""The receipts table: what has been here before, what is left open, and whose it is."""

import asyncio
from typing import Any

from bot.store import receipts
from bot.store.database import Store
from bot.store.receipts import Receipt
from tests.store.rows import NOW, later

REQUEST: dict[str, Any] = {"command": "incident", "text": "declare “it” \u0000 🔥"}


async def take(store: Store, name: str, at: float = 0, replica: str = "one", gesture: str | None = None) -> bool:
    async with store.begin() as connection:
        return await receipts.take(connection, Receipt(name, later(at), REQUEST), replica, gesture)


async def left_open(store: Store, replica: str = "one", before: float = 60, limit: int = 10) -> list[str]:
    async with store.read() as connection:
        return [one.id for one in await receipts.still_open(connection, replica, later(before), limit)]


async def test_a_request_is_taken_once_whoever_takes_it(store: Store) -> None:
    taken = await asyncio.gather(*(take(store, "a", replica=replica) for replica in ("one", "two", "three")))
    assert sorted(taken) == [False, False, True]
    async with store.read() as connection:
        assert await receipts.by_id(connection, "a") == Receipt("a", NOW, REQUEST)
        assert await receipts.by_id(connection, "b") is None


async def test_a_second_click_of_the_same_gesture_counts_only_after_a_while(store: Store) -> None:
    assert await take(store, "a", at=0, gesture="button and person")
    assert not await take(store, "b", at=2.9, gesture="button and person")
    assert await take(store, "c", at=2.9, gesture="another button")
    assert await take(store, "d", at=3.1, gesture="button and person")
    assert not await take(store, "e", at=6.0, gesture="button and person")


async def test_of_two_clicks_at_once_one_counts(store: Store) -> None:
    clicks = await asyncio.gather(*(take(store, name, gesture="the same") for name in ("a", "b", "c")))
    assert sorted(clicks) == [False, False, True]


async def test_the_oldest_that_are_left_open_come_first(store: Store) -> None:
    for name, at in (("young", 50), ("old", 10), ("done", 5), ("too young", 60), ("failed", 6)):
        assert await take(store, name, at)
    async with store.begin() as connection:
        await receipts.finish(connection, "done")
        await receipts.finish(connection, "failed", "failed")
    assert await left_open(store) == ["old", "young"]
    assert await left_open(store, limit=1) == ["old"]


async def test_what_a_lost_replica_left_open_moves(store: Store) -> None:
    for name, replica in (("mine", "one"), ("its own", "two"), ("its done one", "two")):
        await take(store, name, replica=replica)
    async with store.begin() as connection:
        await receipts.finish(connection, "its done one")
        assert await receipts.adopt(connection, "two", "one") == 1
    assert sorted(await left_open(store)) == ["its own", "mine"]
    assert await left_open(store, "two") == []


async def test_what_is_finished_and_old_is_forgotten_and_nothing_else(store: Store) -> None:
    for name, at in (("old", 0), ("old and open", 0), ("young", 60)):
        await take(store, name, at, gesture=name)
    async with store.begin() as connection:
        for name in ("old", "young"):
            await receipts.finish(connection, name)
        assert await receipts.forget(connection, later(30)) == 1
        assert await receipts.by_id(connection, "old") is None
    assert await left_open(store) == ["old and open"]
    assert not await take(store, "young", 60)
    assert await take(store, "old", 1, gesture="old")

"""The outbox table: claims, order, wishes."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.store import outbox as rows
from bot.store.database import Store
from bot.store.outbox import REFUSED, SENDING, SENT, WAITING, Claim, Draft, Row

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
HELLO: dict[str, Any] = {"text": "hello", "blocks": [{"type": "divider"}]}


def claim(replica: str = "one", at: float = 0.0) -> Claim:
    now = NOW + timedelta(seconds=at)
    return Claim(replica, now, now + timedelta(seconds=60), now + timedelta(seconds=2))


def draft(key: str = "k", channel: str = "C1", *, queued: bool = True) -> Draft:
    return Draft(key, channel, None, HELLO, queued)


async def added(store: Store, *drafts: Draft) -> list[Row]:
    async with store.begin() as connection:
        for each in drafts:
            await rows.add(connection, each, NOW)
        return [row for each in drafts if (row := await rows.find(connection, each.key))]


async def found(store: Store, key: str = "k") -> Row:
    async with store.read() as connection:
        row = await rows.find(connection, key)
    assert row is not None
    return row


async def test_a_key_is_written_down_once(store: Store) -> None:
    async with store.begin() as connection:
        assert await rows.add(connection, draft(), NOW)
        assert not await rows.add(connection, replace(draft(), payload={"text": "other"}), NOW)
    row = await found(store)
    assert (row.payload, row.state, row.put_at, row.tries) == (HELLO, WAITING, NOW, 0)


async def test_an_unknown_key_is_not_found(store: Store) -> None:
    async with store.read() as connection:
        assert await rows.find(connection, "nobody") is None


async def test_a_claim_begins_an_attempt(store: Store) -> None:
    (row,) = await added(store, draft())
    async with store.begin() as connection:
        claimed = await rows.claim(connection, row, claim())
    assert claimed is not None
    assert (claimed.state, claimed.claimed_by, claimed.tries) == (SENDING, "one", 1)
    assert (claimed.first_try_at, claimed.last_try_at, claimed.again_at) == (NOW, NOW, NOW + timedelta(seconds=2))
    assert await found(store) == claimed


async def test_what_is_claimed_is_not_claimed_again_before_the_lease_ends(store: Store) -> None:
    (row,) = await added(store, draft())
    async with store.begin() as connection:
        claimed = await rows.claim(connection, row, claim())
        assert claimed is not None
        assert await rows.claim(connection, row, claim("two")) is None
        assert await rows.claim(connection, claimed, claim("two", at=59)) is None
        second = await rows.claim(connection, claimed, claim("two", at=60))
    assert second is not None
    assert (second.claimed_by, second.tries, second.first_try_at) == ("two", 2, NOW)


async def test_only_one_of_many_gets_the_claim(store: Store) -> None:
    (row,) = await added(store, draft())

    async def try_it(replica: str) -> bool:
        async with store.begin() as connection:
            return await rows.claim(connection, row, claim(replica)) is not None

    assert sum(await asyncio.gather(*(try_it(f"r{number}") for number in range(8)))) == 1


async def test_an_outcome_is_written_down_by_the_holder_alone(store: Store) -> None:
    (row,) = await added(store, draft())
    async with store.begin() as connection:
        first = await rows.claim(connection, row, claim())
        assert first is not None
        second = await rows.claim(connection, first, claim("two", at=61))
        assert second is not None
        assert not await rows.settle(connection, first, state=WAITING)
        assert not await rows.prolong(connection, first, claim())
        assert await rows.prolong(connection, second, claim("two", at=70))
        assert await rows.settle(connection, second, state=SENT, ts="1.2")
    row = await found(store)
    assert (row.state, row.ts, row.claimed_by, row.claimed_until) == (SENT, "1.2", None, None)
    assert row.last_try_at == NOW + timedelta(seconds=70)


async def test_a_queue_is_in_the_order_of_writing(store: Store) -> None:
    await added(store, draft("post", queued=False), draft("a"), draft("other", channel="C2"), draft("b"), draft("c"))
    order = []
    async with store.begin() as connection:
        while (row := await rows.first_in_line(connection, "C1")) is not None:
            claimed = await rows.claim(connection, row, claim())
            assert claimed is not None
            await rows.settle(connection, claimed, state=REFUSED if row.key == "b" else SENT)
            order.append(row.key)
        assert await rows.channels_in_line(connection) == ["C2"]
    assert order == ["a", "b", "c"]


async def test_what_is_being_sent_holds_its_line(store: Store) -> None:
    first, _ = await added(store, draft("a"), draft("b"))
    async with store.begin() as connection:
        await rows.claim(connection, first, claim())
        row = await rows.first_in_line(connection, "C1")
    assert row is not None
    assert row.key == "a"


async def test_refused_messages_are_listed_and_can_be_tried_again(store: Store) -> None:
    one, _ = await added(store, draft("a"), draft("b"))
    async with store.begin() as connection:
        claimed = await rows.claim(connection, one, claim())
        assert claimed is not None
        await rows.settle(connection, claimed, state=REFUSED, code="is_archived", reason="The channel is archived.")
        assert [(row.key, row.code) for row in await rows.refused(connection)] == [("a", "is_archived")]
        assert await rows.requeue(connection, "b") is None
        again = await rows.requeue(connection, "a")
        assert again is not None
        assert again.state == WAITING
        assert await rows.refused(connection) == []


async def test_what_a_dead_replica_held_is_free_at_once(store: Store) -> None:
    (row,) = await added(store, draft())
    async with store.begin() as connection:
        await rows.claim(connection, row, claim("dead"))
        assert await rows.adopt(connection, "alive") == 0
        assert await rows.adopt(connection, "dead") == 1
    row = await found(store)
    assert (row.state, row.claimed_by) == (SENDING, None)


async def test_the_newest_wish_stands(store: Store) -> None:
    async with store.begin() as connection:
        await rows.add_sent(connection, "k", "C1", "1.2", NOW)
        wished = await rows.ask_edit(connection, "k", {"text": "one"})
        seen = await rows.claim(connection, wished, claim("a"))
        assert seen is not None
        assert (seen.edit, seen.edits) == ({"text": "one"}, 1)
        assert (await rows.ask_edit(connection, "k", {"text": "two"})).edits == 2
        assert not await rows.edited(connection, seen, "digest of one")
    row = await found(store)
    assert (row.edit, row.shown, row.claimed_by) == ({"text": "two"}, "digest of one", None)
    async with store.begin() as connection:
        again = await rows.claim(connection, row, claim("a"))
        assert again is not None
        assert await rows.edited(connection, again, "digest of two")
    row = await found(store)
    assert (row.edit, row.shown, row.ts) == (None, "digest of two", "1.2")


async def test_who_lost_the_claim_says_nothing_of_what_is_shown(store: Store) -> None:
    async with store.begin() as connection:
        await rows.add_sent(connection, "k", "C1", "1.2", NOW)
        seen = await rows.claim(connection, await rows.ask_edit(connection, "k", {"text": "one"}), claim("a"))
        assert seen is not None
        await rows.adopt(connection, "a")
        assert await rows.claim(connection, seen, claim("b")) is not None
        assert not await rows.edited(connection, seen, "digest of one")
    row = await found(store)
    assert (row.edit, row.shown, row.claimed_by) == ({"text": "one"}, None, "b")


async def test_a_wish_for_what_is_shown_is_dropped(store: Store) -> None:
    async with store.begin() as connection:
        await rows.add_sent(connection, "k", "C1", "1.2", NOW)
        wished = await rows.ask_edit(connection, "k", {"text": "one"})
        newer = await rows.ask_edit(connection, "k", {"text": "two"})
        await rows.drop_edit(connection, wished)
    assert (await found(store)).edit == {"text": "two"}
    async with store.begin() as connection:
        await rows.drop_edit(connection, newer)
    assert (await found(store)).edit is None


async def test_old_sent_messages_are_forgotten(store: Store) -> None:
    async with store.begin() as connection:
        await rows.add_sent(connection, "sent", "C1", "1.2", NOW)
        await rows.add(connection, draft("waiting"), NOW)
        assert await rows.forget(connection, NOW) == 0
        assert await rows.forget(connection, NOW + timedelta(days=1)) == 1
        assert await rows.find(connection, "waiting") is not None

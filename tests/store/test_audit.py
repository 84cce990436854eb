"""The audit log's table: a chain that only grows, whoever writes and however many."""

import asyncio
import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Executable, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError, ProgrammingError

from bot.store import audit
from bot.store.audit import BEGINNING, Entry, Record, Wanted
from bot.store.database import Store, open_store
from tests.store.rows import NOW, later

GRANTED = Record(NOW, "U1", "role.granted", "U2", "zephyr", {"role": "operator", "was": None})


async def add(store: Store, *records: Record) -> list[Entry]:
    async with store.begin() as connection:
        return [await audit.append(connection, record) for record in records]


async def all_of(store: Store, wanted: Wanted | None = None, batch: int = 2) -> list[Entry]:
    return [entry async for entry in audit.walk(store, wanted or Wanted(), batch)]


def many(count: int) -> list[Record]:
    return [replace(GRANTED, at=later(n), details={"nth": n}) for n in range(1, count + 1)]


async def test_each_entry_is_sealed_with_the_hash_of_the_one_before(store: Store) -> None:
    first, second = await add(store, GRANTED, replace(GRANTED, action="role.revoked", platform=None))
    assert (first.number, first.previous) == (1, BEGINNING)
    assert (second.number, second.previous) == (2, first.hash)
    assert await all_of(store) == [first, second]
    assert all(entry.fits for entry in (first, second))
    assert first.moment == NOW
    async with store.read() as connection:
        assert await audit.ends(connection) == audit.Ends(2, second.hash, 2)


async def test_the_hash_can_be_computed_by_anybody(store: Store) -> None:
    (entry,) = await add(store, replace(GRANTED, details={"why": "größer “so” \u0000\ud83d", "n": [1, 2.5, True]}))
    (kept,) = await all_of(store)
    told = kept.as_json()
    assert told.pop("hash") == entry.hash
    assert told["details"]["n"] == [1, 2.5, True]
    line = json.dumps(told, sort_keys=True, separators=(",", ":"))
    assert line.startswith('{"action":"role.granted","actor":"U1","at":"2026-03-02T03:00:00.000000Z","details":{')
    assert hashlib.sha256(line.encode()).hexdigest() == entry.hash


async def test_any_other_field_is_another_hash(store: Store) -> None:
    (entry,) = await add(store, GRANTED)
    others: dict[str, Any] = {
        "number": 2,
        "at": "2026-03-02T03:00:00.000001Z",
        "actor": "U9",
        "action": "role.revoked",
        "platform": None,
        "subject": "",
        "details": "{}",
        "previous": "1" * 64,
        "hash": "1" * 64,
    }
    assert set(others) == set(Entry.__slots__)
    for name, value in others.items():
        assert not replace(entry, **{name: value}).fits, name
    spaced = json.dumps(json.loads(entry.details))
    for details in (spaced, "{", '{"a":NaN}', '{"role":"viewer",' + entry.details[1:], "[" * 100_000):
        assert not replace(entry, details=details).fits
    assert entry.fits


async def test_what_is_rolled_back_is_not_on_record(store: Store) -> None:
    async def fail_later() -> None:
        async with store.begin() as connection:
            await audit.append(connection, GRANTED)
            raise ZeroDivisionError

    (first,) = await add(store, GRANTED)
    with pytest.raises(ZeroDivisionError):
        await fail_later()
    (second,) = await add(store, GRANTED)
    assert (second.number, second.previous) == (2, first.hash)


async def test_replicas_that_write_at_once_do_not_fork_the_chain(store: Store, store_address: str) -> None:
    async with open_store(store_address, beside=True) as other:
        await asyncio.gather(*(add(each, *many(2)) for each in (store, other) * 10))
    entries = await all_of(store, batch=7)
    assert [entry.number for entry in entries] == list(range(1, 41))
    previous = [BEGINNING, *(entry.hash for entry in entries)]
    assert [entry.previous for entry in entries] == previous[:-1]
    assert all(entry.fits for entry in entries)


@pytest.mark.parametrize("kind", ["change", "removal", "emptying", "gap", "fork", "head", "head back", "no head"])
async def test_the_database_itself_refuses_all_but_adding(store: Store, kind: str) -> None:
    first, second = await add(store, GRANTED, GRANTED)
    row = {name: getattr(second, name) for name in Entry.__slots__}
    fork = {**row, "previous": first.previous}
    emptying = text("DELETE FROM audit" if store.embedded else "TRUNCATE audit")
    statements: dict[str, Executable] = {
        "change": update(audit.audit).where(audit.audit.c.number == 1).values(actor="U9"),
        "removal": delete(audit.audit).where(audit.audit.c.number == 2),
        "emptying": emptying,
        "gap": insert(audit.audit).values({**row, "number": 4, "previous": second.hash}),
        "fork": insert(audit.audit).values({**fork, "number": 3}),
        "head": update(audit.audit_head).values(length=3, hash="1" * 64),
        "head back": update(audit.audit_head).values(length=1, hash=first.hash),
        "no head": text(str(emptying).replace("audit", "audit_head")),
    }
    with pytest.raises(IntegrityError, match="The audit log is append-only"):
        async with store.begin() as connection:
            await connection.execute(statements[kind])
    assert await all_of(store) == [first, second]
    (third,) = await add(store, GRANTED)
    assert third.previous == second.hash


async def test_sqlite_replaces_nothing_either(sqlite_address: str) -> None:
    async with open_store(sqlite_address) as store:
        (first,) = await add(store, GRANTED)
        for table in ("audit", "audit_head"):
            with pytest.raises(IntegrityError, match="append-only"):
                async with store.begin() as connection:
                    await connection.execute(text(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"))
        assert await all_of(store) == [first]


async def test_a_postgres_user_needs_no_more_than_to_add(postgres_address: str) -> None:
    granted = (
        "CREATE ROLE writer",
        "GRANT SELECT, INSERT ON audit TO writer",
        "GRANT SELECT, UPDATE ON audit_head TO writer",
        "SET LOCAL ROLE writer",
    )

    async def act(then: str) -> None:
        async with store.begin() as connection:  # it always fails, so that the role is gone with it
            for statement in granted:
                await connection.execute(text(statement))
            assert (await audit.append(connection, GRANTED)).number == 2
            await connection.execute(text(then))

    async with open_store(postgres_address) as store:
        await add(store, GRANTED)
        for odd in ("ALTER TABLE audit DISABLE TRIGGER ALL", "DROP TRIGGER audit_update ON audit", "DELETE FROM audit"):
            with pytest.raises(ProgrammingError, match=r"must be owner|permission denied"):
                await act(odd)
        assert len(await all_of(store)) == 1


async def test_the_newest_come_first_and_pages_follow_each_other(store: Store) -> None:
    await add(store, *many(5))
    async with store.read() as connection:
        page = await audit.newest(connection, Wanted(), 2)
        assert [entry.number for entry in page] == [5, 4]
        page = await audit.newest(connection, Wanted(before=4), 9)
        assert [entry.number for entry in page] == [3, 2, 1]


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (Wanted(), [1, 2, 3, 4]),
        (Wanted(platforms=("zephyr",)), [1, 3]),
        (Wanted(platforms=("zephyr", "linkist")), [1, 3, 4]),
        (Wanted(platforms=()), []),
        (Wanted(subject="REQ-7"), [3]),
        (Wanted(actor="U3"), [2, 4]),
        (Wanted(person="U3"), [2, 4]),
        (Wanted(person="U2"), [1]),
        (Wanted(action="request.approved", actor="U3"), [4]),
        (Wanted(since=later(1)), [2, 3, 4]),
        (Wanted(since=later(1), until=later(3)), [2, 3]),
        (Wanted(upto=2), [1, 2]),
    ],
)
async def test_entries_are_found_by_what_is_asked_for(store: Store, wanted: Wanted, numbers: list[int]) -> None:
    await add(
        store,
        GRANTED,
        Record(later(1), "U3", "readonly.on"),
        Record(later(2), "U1", "request.created", "REQ-7", "zephyr"),
        Record(later(3), "U3", "request.approved", "REQ-8", "linkist"),
    )
    for batch in (1, 2, 500):
        assert [entry.number for entry in await all_of(store, wanted, batch)] == numbers


async def test_details_that_are_no_json_are_refused_and_leave_nothing(store: Store) -> None:
    for odd in ({"at": NOW}, {"n": float("nan")}):
        with pytest.raises((TypeError, ValueError)):
            await add(store, replace(GRANTED, details=odd))
    async with store.read() as connection:
        assert (await connection.execute(select(audit.audit_head.c.length))).scalar_one() == 0

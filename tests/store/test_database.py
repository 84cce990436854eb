"""Opening the store, transactions, and what happens when the database does not answer."""

import asyncio
import contextlib
import multiprocessing
import signal
import sqlite3
import time
from collections.abc import Iterator
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.errors import BadInput, StoreLocked, StoreUnavailable
from bot.store.database import Limits, Store, open_store
from bot.store.upsert import upsert
from tests.servers.postgres import Postgres, running


@pytest.fixture
async def counters(store: Store) -> None:
    async with store.begin() as connection:
        await connection.execute(text("CREATE TABLE counters (id INTEGER PRIMARY KEY, n INTEGER NOT NULL)"))
        await connection.execute(text("INSERT INTO counters VALUES (1, 0)"))


async def run(store: Store, *statements: str, within: float | None = None) -> None:
    async with store.begin(within) as connection:
        for statement in statements:
            await connection.execute(text(statement))


async def count(store: Store) -> int:
    async with store.read() as connection:
        return int((await connection.execute(text("SELECT n FROM counters"))).scalar_one())


@pytest.mark.usefixtures("counters")
async def test_a_transaction_is_kept_whole_or_not_at_all(store: Store) -> None:
    async with store.begin() as connection:
        await connection.execute(text("UPDATE counters SET n = 1"))
    with pytest.raises(IntegrityError):
        await run(store, "UPDATE counters SET n = 2", "INSERT INTO counters VALUES (1, 1)")
    assert await count(store) == 1


@pytest.mark.usefixtures("counters")
async def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises((StoreUnavailable, DBAPIError), match=r"(?i)read.?only"):
        async with store.read() as connection:
            await connection.execute(text("UPDATE counters SET n = 9"))
    assert await count(store) == 0


@pytest.mark.usefixtures("counters")
async def test_a_hundred_writers_at_once_all_get_through(store: Store) -> None:
    async def add() -> None:
        async with store.begin() as connection:
            seen = await connection.execute(text(f"SELECT n FROM counters{for_update}"))
            await connection.execute(text("UPDATE counters SET n = :n"), {"n": seen.scalar_one() + 1})

    for_update = "" if store.embedded else " FOR UPDATE"
    await asyncio.gather(*(add() for _ in range(100)))
    assert await count(store) == 100


@pytest.mark.usefixtures("counters")
async def test_readers_do_not_wait_for_a_writer(store: Store) -> None:
    async with store.begin() as connection:
        await connection.execute(text("UPDATE counters SET n = 5"))
        assert await count(store) == 0


@pytest.mark.usefixtures("counters")
async def test_our_own_mistakes_are_not_called_an_outage(store: Store) -> None:
    with pytest.raises(DBAPIError):
        async with store.read() as connection:
            await connection.execute(text("SELECT * FROM no_such_table"))
    with pytest.raises(IntegrityError):
        async with store.begin() as connection:
            await connection.execute(text("INSERT INTO counters VALUES (1, 1)"))


@pytest.mark.usefixtures("counters")
async def test_an_error_keeps_the_parameters_to_itself(store: Store) -> None:
    with pytest.raises(DBAPIError) as caught:
        async with store.read() as connection:
            await connection.execute(text("SELECT nothing FROM counters WHERE n = :n"), {"n": "s3cret"})
    assert "s3cret" not in str(caught.value)


@pytest.mark.usefixtures("counters")
async def test_a_transaction_that_outstays_its_time_is_ended(store: Store) -> None:
    slow = "SELECT pg_sleep(60)"
    if store.embedded:
        slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    began = time.monotonic()
    with pytest.raises(StoreUnavailable, match=store.name):
        await run(store, "UPDATE counters SET n = 7", slow, within=0.2)
    assert time.monotonic() - began < 2
    assert await count(store) == 0


@pytest.mark.usefixtures("counters")
async def test_an_insert_says_how_many_rows_it_wrote(store: Store) -> None:
    table = Table("counters", MetaData(), Column("id", Integer, primary_key=True), Column("n", Integer))
    row = upsert(table).values(id=2, n=0).on_conflict_do_nothing(index_elements=["id"])
    async with store.begin() as connection:
        written = [(await connection.execute(row)).rowcount for _ in range(2)]
    assert written == [1, 0]


async def test_waiting_for_a_connection_has_an_end(store_address: str) -> None:
    async with open_store(store_address, Limits(connections=1)) as store, store.begin():
        with pytest.raises(StoreUnavailable, match="no connection in time"):
            async with store.begin(within=0.05):
                pytest.fail("there is one connection, and it is taken")


async def test_an_embedded_store_opens_once(sqlite_address: str) -> None:
    async with open_store(sqlite_address) as store:
        with pytest.raises(StoreLocked, match=r"Process \d+ has the store .*PostgreSQL for several replicas"):
            async with open_store(sqlite_address):
                pytest.fail("the store is open already")
        async with store.read() as connection:
            await connection.execute(text("SELECT 1"))
    async with open_store(sqlite_address):
        pass


def _hold(address: str, opened: Event) -> None:
    async def hold() -> None:
        async with open_store(address):
            opened.set()
            await asyncio.Event().wait()

    asyncio.run(hold())


async def test_a_killed_process_leaves_no_lock_behind(sqlite_address: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    opened = spawn.Event()
    other = spawn.Process(target=_hold, args=(sqlite_address, opened))
    other.start()
    try:
        assert await asyncio.to_thread(opened.wait, 20)
        with pytest.raises(StoreLocked, match=f"Process {other.pid} has the store"):
            async with open_store(sqlite_address):
                pytest.fail("another process has it")
    finally:
        other.kill()
        await asyncio.to_thread(other.join, 20)
    async with open_store(sqlite_address):
        pass


async def test_an_embedded_store_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "opsroom.db"
    async with open_store(f"sqlite:///{path}") as store, store.begin() as connection:
        await connection.execute(text("CREATE TABLE t (i INTEGER)"))
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


async def test_an_embedded_store_has_the_settings_that_keep_it_safe(sqlite_address: str) -> None:
    async with open_store(sqlite_address) as store, store.begin() as connection:
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        found = [(await connection.execute(text(f"PRAGMA {name}"))).scalar_one() for name in pragmas]
    assert found == ["wal", 1, 1, 0]


async def test_a_lock_of_another_program_holds_nobody_else_up(sqlite_address: str) -> None:
    path = sqlite_address.removeprefix("sqlite:///")
    async with open_store(sqlite_address) as store:
        await run(store, "CREATE TABLE counters (n INTEGER)", "INSERT INTO counters VALUES (3)")
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreUnavailable, match="locked"):
                await run(store, "UPDATE counters SET n = 4", within=0.05)
            waiting = asyncio.create_task(run(store, "UPDATE counters SET n = 5"))
            assert await count(store) == 3
            assert not waiting.done()
            other.execute("ROLLBACK")
        await waiting
        assert await count(store) == 5


async def test_the_log_of_an_embedded_store_is_carried_into_its_file(tmp_path: Path) -> None:
    path = tmp_path / "opsroom.db"
    async with open_store(f"sqlite:///{path}") as store:
        await run(store, "CREATE TABLE counters (n INTEGER)")
        deadline = time.monotonic() + 10
        while path.stat().st_size == 0:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.01)


async def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "opsroom.db"
    path.write_bytes(b"this was never a database" * 100)
    with pytest.raises((StoreUnavailable, sqlite3.DatabaseError, DBAPIError), match="not a database"):
        async with open_store(f"sqlite:///{path}") as store, store.read() as connection:
            await connection.execute(text("SELECT 1"))


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("mysql://u:hunter2@host/db", "must begin with sqlite:/// or postgresql://, not mysql"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("hunter2", "cannot be read"),
        ("postgresql://u:hunter2@host:port/db", "cannot be read"),
    ],
)
async def test_an_address_that_cannot_be_read_is_explained(address: str, says: str) -> None:
    with pytest.raises(BadInput, match=says) as caught:
        async with open_store(address):
            pytest.fail("this is no address")
    assert "hunter2" not in str(caught.value)


async def test_a_server_that_is_not_there_is_named_without_its_password(tmp_path: Path) -> None:
    address = f"postgresql://opsroom:hunter2@/db?host={tmp_path}"
    with pytest.raises(StoreUnavailable, match=f"The store db on {tmp_path} does not answer") as caught:
        async with open_store(address) as store, store.read():
            pytest.fail("there is no server")
    error: BaseException | None = caught.value
    while error is not None:
        assert "hunter2" not in repr(error)
        error = error.__cause__
    assert caught.value.passing


@pytest.fixture
def own_server() -> Iterator[Postgres]:
    with running() as server:
        yield server


async def test_a_frozen_server_holds_nobody_up(own_server: Postgres) -> None:
    async with open_store(own_server.address("postgres"), Limits(connect=2)) as store:
        async with store.read() as connection:
            await connection.execute(text("SELECT 1"))
        own_server.signal(signal.SIGSTOP)
        try:
            for _ in range(3):
                began = time.monotonic()
                with pytest.raises(StoreUnavailable):
                    async with store.read(within=0.3) as connection:
                        await connection.execute(text("SELECT 1"))
                assert time.monotonic() - began < 1
        finally:
            own_server.signal(signal.SIGCONT)
        async with store.read() as connection:
            assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1


async def test_a_server_that_comes_back_is_used_again(own_server: Postgres) -> None:
    async with open_store(own_server.address("postgres")) as store:
        async with store.read() as connection:
            await connection.execute(text("SELECT 1"))
        own_server.stop(signal.SIGQUIT)
        with pytest.raises(StoreUnavailable):
            async with store.read() as connection:
                await connection.execute(text("SELECT 1"))
        own_server.start()
        async with store.read() as connection:
            assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1

"""What is particular to DBOS: its settings, its database, and what happens when that goes away."""

import asyncio
import logging
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot.durable.dbos import DbosEngine
from bot.durable.dbos_system import VERSION
from bot.durable.engine import Json, Steps
from bot.errors import StoreUnavailable
from bot.store import steps as steps_kept
from bot.store.database import Limits, open_store
from bot.store.embedded import EmbeddedWay
from bot.store.migrate import migrate
from bot.wallclock import SystemClock
from tests.durable.houses import DbosHouse, launched, until
from tests.servers.postgres import Postgres, running


@pytest.fixture
def own_server() -> Iterator[Postgres]:
    with running() as server:
        yield server


class Slow:
    """An outside world that takes its time and counts."""

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()

    async def do(self, key: str) -> str:
        await asyncio.sleep(0.05)
        self.done[key] += 1
        return key

    async def look(self, key: str) -> str | None:
        return key if self.done[key] else None


async def test_what_it_keeps_is_json_under_a_pinned_version(sqlite_address: str, tmp_path: Path) -> None:
    async def work(steps: Steps, argument: Json) -> Json:
        return [await steps.step("one", partial(asyncio.sleep, 0, "ü")), argument]

    async with open_store(sqlite_address) as store, launched(DbosHouse(store), "replica-1", work=work) as engine:
        await engine.start("work", "w", {"text": "x"})
        await engine.outcome("w", 10)
        async with store.read() as connection:
            assert await steps_kept.of(connection, "w") == {"one": {"value": "ü"}}
    path = tmp_path / "opsroom-workflows.db"
    assert path.stat().st_mode & 0o777 == 0o600
    kept = sqlite3.connect(path)
    try:
        status = "SELECT executor_id, application_version, serialization FROM workflow_status"
        assert kept.execute(status).fetchall() == [("replica-1", VERSION, "opsroom_json")]
        assert '{"value": ["\\u00fc", {"text": "x"}]}' in "".join(kept.iterdump())
        assert kept.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    finally:
        kept.close()


async def test_it_writes_to_our_log_alone(sqlite_address: str, capfd: pytest.CaptureFixture[str]) -> None:
    async def hang(_steps: Steps, _: Json) -> Json:
        return await asyncio.Event().wait()

    async with open_store(sqlite_address) as store, launched(DbosHouse(store), "r", hang=hang) as engine:
        await engine.start("hang", "h", None)
    assert capfd.readouterr() == ("", "")
    assert [type(handler) for handler in logging.getLogger("dbos").handlers] == [logging.NullHandler]


async def test_threads_are_there_for_others_after_the_end(sqlite_address: str) -> None:
    async with open_store(sqlite_address) as store, launched(DbosHouse(store), "r"):
        pass
    assert await asyncio.to_thread(lambda: 7) == 7


async def test_a_database_that_goes_away_and_comes_back_ends_no_workflow(own_server: Postgres) -> None:
    world = Slow()

    async def work(steps: Steps, _: Json) -> Json:
        keys = [f"{steps.workflow_id} {n}" for n in range(6)]
        for key in keys:
            await steps.effect(key, partial(world.do, key), partial(world.look, key))
            await steps.step(f"after {key}", partial(asyncio.sleep, 0.01, True))
        return len(keys)

    async with open_store(own_server.address("postgres"), Limits(transaction=1.0)) as store:
        await migrate(store)
        engine = DbosEngine(store, "r", SystemClock())
        engine.register("work", work)
        await engine.launch()
        try:
            for n in range(8):
                await engine.start("work", f"w{n}", None)
            await until(lambda: world.done.total() >= 8)
            own_server.stop(signal.SIGQUIT)
            began = time.monotonic()
            with pytest.raises(StoreUnavailable):
                await engine.start("work", "late", None)
            assert time.monotonic() - began < 2
            own_server.start()
            assert [await engine.outcome(f"w{n}", 30) for n in range(8)] == [6] * 8
            await engine.start("work", "late", None)
            assert await engine.outcome("late", 30) == 6
        finally:
            await engine.close()
    assert set(world.done.values()) == {1}
    assert world.done.total() == 54


async def test_a_full_disk_is_waited_for(sqlite_address: str) -> None:
    """The disk is full when a step is to be recorded, and again when the workflow is."""
    world, faults = Slow(), {"INTO steps": 1, "SUCCESS": 1}

    async def work(steps: Steps, _: Json) -> Json:
        return await steps.step("post", partial(world.do, "post"))

    def full(_c: object, _cursor: object, statement: str, given: Any, _context: object, _many: object) -> None:
        for what, left in faults.items():
            if left and statement.startswith(("INSERT", "UPDATE")) and what in f"{statement} {given}":
                faults[what] -= 1
                error = sqlite3.OperationalError("database or disk is full")
                error.sqlite_errorcode = sqlite3.SQLITE_FULL
                raise error

    async with open_store(sqlite_address) as store, launched(DbosHouse(store), "r", work=work) as engine:
        assert isinstance(engine, DbosEngine)
        assert isinstance(store._writer, EmbeddedWay)
        for database in (engine._dbos._sys_db.engine, store._writer._engine.sync_engine):
            event.listen(database, "before_cursor_execute", full)
        await engine.start("work", "w", None)
        assert await engine.outcome("w", 20) == "post"
    assert world.done == {"post": 1}
    assert faults == {"INTO steps": 0, "SUCCESS": 0}


async def test_a_server_that_is_not_there_is_told_at_the_launch(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_store(f"postgresql://opsroom:hunter2@/db?host={tmp_path}") as store:
        engine = DbosEngine(store, "r", SystemClock())
        try:
            with pytest.raises(StoreUnavailable) as caught:
                await engine.launch()
            assert "hunter2" not in str(caught.value) + caplog.text
        finally:
            await engine.close()


async def test_a_start_takes_a_few_milliseconds(sqlite_address: str) -> None:
    async def nothing(_steps: Steps, _: Json) -> Json:
        return None

    times = []
    async with open_store(sqlite_address) as store, launched(DbosHouse(store), "r", nothing=nothing) as engine:
        for n in range(100):
            began = time.perf_counter()
            await engine.start("nothing", f"n{n}", None)
            times.append(time.perf_counter() - began)
            await engine.outcome(f"n{n}", 10)
    assert sorted(times)[50] < 0.005

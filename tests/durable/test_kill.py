"""Processes are killed at every boundary of their work: nothing is lost, and nothing is done twice."""

import asyncio
import itertools
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, insert, select, text

from bot.store import timers as rows
from bot.store.database import Store, open_store
from tests.durable.houses import until
from tests.durable.outside import World, world_at
from tests.durable.worker import DEEDS, DISPLACED, main

pytestmark = pytest.mark.kill

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.durable.worker", "dbos"])
_numbers = itertools.count(1)


class Processes:
    """Starts workers and ends those that are left."""

    def __init__(self, address: str, socket: Path, dead_after: float) -> None:
        self._arguments = (address, str(socket), dead_after)
        self.running: list[ForkServerProcess] = []

    def start(self) -> ForkServerProcess:
        address, socket, dead_after = self._arguments
        process = _forks.Process(target=main, args=(address, socket, f"replica-{next(_numbers)}", dead_after))
        process.start()
        self.running.append(process)
        return process

    def keep(self, number: int) -> None:
        """Replace those that are gone."""
        for process in [one for one in self.running if one.exitcode is not None]:
            process.join()
            self.running.remove(process)
        while len(self.running) < number:
            self.start()

    def end(self) -> None:
        for process in self.running:
            process.kill()
            process.join()
        self.running.clear()


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with world_at(tmp_path / "world") as made:
        yield made


@pytest.fixture
def embedded(sqlite_address: str, tmp_path: Path) -> Iterator[Processes]:
    processes = Processes(sqlite_address, tmp_path / "world", 1.0)
    yield processes
    processes.end()


@pytest.fixture
def replicated(postgres_address: str, tmp_path: Path) -> Iterator[Processes]:
    processes = Processes(postgres_address, tmp_path / "world", 1.0)
    yield processes
    processes.end()


def endings(address: str, table: str) -> dict[str, int]:
    """Return how many workflows are in which state, as DBOS has it."""
    engine = create_engine(address)
    try:
        with engine.connect() as connection:
            found = connection.execute(text(f"SELECT status, count(*) FROM {table} GROUP BY status"))
            return {row[0]: row[1] for row in found}
    finally:
        engine.dispose()


async def ended(address: str, table: str, number: int, seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while (now := await asyncio.to_thread(endings, address, table)) != {"SUCCESS": number}:
            assert set(now) <= {"SUCCESS", "PENDING", "ENQUEUED"}
            await asyncio.sleep(0.05)


POINTS = (
    "before intent {id} create",
    "after intent {id} create",
    "do {id} create",
    "did {id} create",
    "before record {id} create",
    "after record {id} create",
    "did {id} invite",
    "after record {id} header",
    "in step {id}",
    "before note {id} middle",
    "after note {id} middle",
    "between {id}",
    "do {id} pin",
    "did {id} pin",
    "end {id}",
)


async def test_one_process_killed_at_every_boundary(
    world: World, embedded: Processes, sqlite_address: str, tmp_path: Path
) -> None:
    for number, point in enumerate(POINTS):
        workflow = f"room:{number}"
        world.cues[point.format(id=workflow)] = signal.SIGKILL
        world.todo.append(workflow)
        process = embedded.start()
        await asyncio.to_thread(process.join, 20)
        assert process.exitcode == -signal.SIGKILL, point
        assert not world.cues
    embedded.start()
    await ended(f"sqlite:///{tmp_path}/opsroom-workflows.db", "workflow_status", len(POINTS), 20)
    assert world.done == {f"room:{n} {deed}": 1 for n in range(len(POINTS)) for deed in DEEDS}
    assert world.kills == len(POINTS)


async def finished(store: Store, address: str, workflows: int) -> bool:
    async with store.read() as connection:
        left = (await connection.execute(select(func.count()).select_from(rows.timers))).scalar_one()
    now = await asyncio.to_thread(endings, address, "dbos.workflow_status")
    assert set(now) <= {"SUCCESS", "PENDING", "ENQUEUED"}
    return left == 0 and now == {"SUCCESS": workflows}


async def test_three_replicas_killed_at_random(world: World, replicated: Processes, postgres_address: str) -> None:
    workflows, bells = 60, 300
    world.todo = [f"room:{n}" for n in range(workflows)]
    now = datetime.now(UTC)
    due = [{"kind": "bell", "key": str(n), "due_at": now, "wake_at": now, "tries": 0} for n in range(bells)]
    world.delay, world.chance = 0.02, 0.008
    async with open_store(postgres_address) as store, asyncio.timeout(60):
        async with store.begin() as connection:
            await connection.execute(insert(rows.timers), due)
        replicated.keep(3)
        await until(lambda: bool(world.started))
        while not await finished(store, driver(postgres_address), workflows):
            replicated.keep(3)
            if world.kills >= 25:
                world.chance = 0.0
            await asyncio.sleep(0.05)
    deeds = {f"room:{n} {deed}": 1 for n in range(workflows) for deed in DEEDS}
    assert world.done == deeds | {f"bell {n}": 1 for n in range(bells)}
    assert world.kills >= 10


def driver(address: str) -> str:
    return address.replace("postgresql://", "postgresql+psycopg://")


async def test_one_that_was_frozen_does_nothing_when_it_wakes(
    world: World, replicated: Processes, postgres_address: str
) -> None:
    world.cues["after intent room:0 create"] = signal.SIGSTOP
    world.todo.append("room:0")
    sleeper = replicated.start()
    await until(lambda: bool(world.frozen))
    replicated.start()
    await ended(driver(postgres_address), "dbos.workflow_status", 1, 20)
    assert sleeper.pid is not None
    os.kill(sleeper.pid, signal.SIGCONT)
    await asyncio.to_thread(sleeper.join, 10)
    assert sleeper.exitcode == DISPLACED
    assert world.done == {f"room:0 {deed}": 1 for deed in DEEDS}

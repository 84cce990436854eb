"""Three replicas on PostgreSQL: one dies or leaves, and the others finish what it had taken."""

import asyncio
import itertools
import random
import signal
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from sandbox.slack.faults import Fault
from tests.kill.evidence import join_announcements
from tests.kill.lane import Lane
from tests.kill.process import Process, processes, until
from tests.kill.tripwire import Moment, Tripwire
from tests.servers.postgres import Postgres
from tests.world import world

pytestmark = pytest.mark.kill

DEAD_AFTER = 1.5
_databases = itertools.count(1)
_starts = itertools.count(1)


@dataclass
class Fleet(Lane):
    """A lane with three bots."""

    others: list[Process] = field(default_factory=list)

    @property
    def bots(self) -> list[Process]:
        """The bots."""
        return [self.bot, *self.others]

    @property
    def dead(self) -> list[Process]:
        """The bots that have ended."""
        return [bot for bot in self.bots if not bot.alive]

    async def replace(self) -> None:
        """Start a new process for each that has ended."""
        for bot in self.dead:
            await bot.start(replica=f"{bot.log.stem}-{next(_starts)}")

    def ask(self, question: str) -> Any:
        """Return what the store answers to a question with one answer."""
        with psycopg.connect(self.address) as connection:
            row = connection.execute(question.encode()).fetchone()
        assert row is not None
        return row[0]

    def unfinished(self) -> int:
        """Return how many workflows have begun and not come to their end."""
        return int(self.ask("SELECT count(*) FROM dbos.workflow_status WHERE status != 'SUCCESS'"))

    def begun(self, workflow: str) -> bool:
        """Return whether the workflow of that id has begun."""
        asked = f"SELECT count(*) FROM dbos.workflow_status WHERE workflow_uuid = '{workflow}'"
        return bool(self.ask(asked))

    def runner(self, workflow: str) -> Process:
        """Return the bot that runs that workflow."""
        return self._named(self.ask(f"SELECT executor_id FROM dbos.workflow_status WHERE workflow_uuid = '{workflow}'"))

    def taker(self) -> Process:
        """Return the bot that took the latest request."""
        return self._named(self.ask("SELECT replica FROM receipts ORDER BY arrived_at DESC LIMIT 1"))

    def _named(self, replica: object) -> Process:
        name, _, _ = str(replica).rpartition("-")
        return next(bot for bot in self.bots if bot.log.stem == name)


@asynccontextmanager
async def fleet(
    folder: Path,
    postgres: Postgres,
    dead_after: float,
    size: int = 3,
    variables: Mapping[str, str] | None = None,
    **changes: Any,
) -> AsyncIterator[Fleet]:
    """Yield running bots on a new database, with variables and settings of their own if given."""
    database = f"kill-{next(_databases)}"
    postgres.create(database)
    address, beat = postgres.address(database), min(dead_after / 8, 3.0)
    try:
        timing: dict[str, Any] = {"heartbeat": beat, "dead_after": dead_after}
        async with world(folder, start=False, database_url=address, **timing, **changes) as local:
            join_announcements(local)
            logs = [folder / f"replica{number}.log" for number in range(size)]
            bots = [Process(local.workspace, local.settings, log, variables or {}) for log in logs]
            made = Fleet(local, bots[0], Tripwire(local.workspace), others=bots[1:])
            async with processes(*bots):
                await made.replace()
                yield made
    finally:
        postgres.drop(database)


async def test_a_dead_replica_needs_no_restart(tmp_path: Path, postgres: Postgres) -> None:
    async with fleet(tmp_path, postgres, DEAD_AFTER) as three:
        for moment in (
            Moment("conversations.create", 1, "asked"),
            Moment("conversations.create", 1, "done"),
            Moment("chat.postMessage header", 1, "done"),
            Moment("pins.add", 1, "asked"),
        ):
            three.tripwire.set(moment, lambda: three.taker().kill())
            evidence = await three.declare(moment)
            await until(lambda: three.dead, f"{moment} comes")
            await evidence.complete()
            evidence.check(most_answers=2)
            await three.replace()
        await three.check()


async def test_twenty_declares_while_replicas_die(tmp_path: Path, postgres: Postgres) -> None:
    chance = random.Random(20)
    async with fleet(tmp_path, postgres, DEAD_AFTER) as three:
        three.tripwire.set(None, lambda: None)
        declared = []
        for number in range(20):
            declared.append(await three.declare(number))
            if number % 4 == 1:
                await asyncio.sleep(chance.uniform(0.0, 0.1))
                chance.choice(three.bots).kill()
                await until(lambda: three.dead, "it is dead")
                await three.replace()
        for evidence in declared:
            await evidence.complete()
            evidence.check(most_answers=2)
        await three.check()


async def test_a_replica_that_is_told_to_stop_hands_over_at_once(tmp_path: Path, postgres: Postgres) -> None:
    async with fleet(tmp_path, postgres, dead_after=60.0) as three:
        told: list[Process] = []

        def terminate() -> None:
            told.append(three.taker())
            told[0].signal(signal.SIGTERM)

        three.tripwire.set(Moment("conversations.invite", 1, "asked"), terminate)
        three.world.workspace.faults.add(Fault(method="conversations.invite", kind="slow", seconds=1.0, times=1))
        evidence = await three.declare("handed over")
        await until(lambda: told, "the bot is told to stop")
        began = time.monotonic()
        assert await told[0].gone() == 0
        await evidence.complete()
        assert time.monotonic() - began < 15.0, "it was waited for as if it had died"
        evidence.check(most_answers=2)
        await three.replace()
        await three.check()

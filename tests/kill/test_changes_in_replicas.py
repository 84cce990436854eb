"""A change in two replicas on PostgreSQL: one dies or leaves, the other finishes what it began, and nothing twice."""

import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.store import grants
from bot.store.database import open_store
from bot.store.grants import EVERYWHERE, Grant
from sandbox.slack.faults import Fault
from tests.kill.cluster import machines
from tests.kill.cuts import DEED, DRY, TOLD, Cut, cut_off_at_each
from tests.kill.kitchen import Kitchen
from tests.kill.process import Process, until
from tests.kill.test_replicas import DEAD_AFTER, fleet
from tests.kill.tripwire import Moment
from tests.servers.postgres import Postgres

pytestmark = pytest.mark.kill

CUTS = (
    Cut("restart", held="decisions"),
    Cut("restart", held="dbos.workflow_status"),
    Cut("restart", DRY, held="steps"),
    Cut("restart", DRY, held="effects"),
    Cut("scale", DEED, "asked"),
    Cut("restart", DEED, "done"),
    Cut("renew", DEED, held="effects"),
    Cut("renew", DEED, number=2, held="effects"),
    Cut("restart", DEED, held="steps"),
    Cut("restart", DEED, held="target_locks", behind=True),
    Cut("restart", DEED, held="audit", behind=True),
    Cut("restart", TOLD, "asked", behind=True),
    Cut("restart", TOLD, held="steps"),
)
PATIENT = 60.0
"""Seconds of silence after which a replica would be taken for dead: longer than a test takes."""


@asynccontextmanager
async def kitchen(
    folder: Path, postgres: Postgres, dead_after: float, ready_after: float = 0.0
) -> AsyncIterator[Kitchen]:
    """Yield a kitchen with two bots."""
    async with (
        machines(folder, ready_after) as made,
        fleet(folder, postgres, dead_after, 2, made.variables, runbooks=made.runbooks) as two,
    ):
        yield await Kitchen.furnished(two, made)


async def test_the_other_replica_finishes_what_a_dead_one_began(tmp_path: Path, postgres: Postgres) -> None:
    async with kitchen(tmp_path, postgres, DEAD_AFTER) as two:
        await cut_off_at_each(two, CUTS)


async def test_two_approvers_who_press_twice_in_the_same_moment_begin_it_once(
    tmp_path: Path, postgres: Postgres
) -> None:
    async with kitchen(tmp_path, postgres, PATIENT) as two:
        await _make_approver(two, "omar")
        for action in ("restart", "renew", "scale"):
            number = await two.asked(action)
            await two.approve(number, "ada", "omar", "omar", "ada")
            await two.ended(number)
            assert two.lane.ask(f"SELECT count(*) FROM decisions WHERE request = {number}") == 1
        await two.check()


async def test_while_slack_is_away_the_run_goes_on_and_the_report_comes_later(
    tmp_path: Path, postgres: Postgres
) -> None:
    async with kitchen(tmp_path, postgres, PATIENT) as two:
        number, faults = await two.asked("restart"), two.lane.world.workspace.faults
        away = Fault(method="*", kind="http_500", times=None)
        two.lane.tripwire.set(Moment(DEED, 1, "asked"), lambda: faults.add(away))
        await two.approve(number)
        await until(lambda: two.state(number) == "done", "it is carried out")
        assert two.lane.tripwire.is_sprung
        assert two.results(number) == []
        assert "Done in" not in two.said(number)
        faults.clear()
        await two.ended(number)
        await two.check()


async def test_a_replica_that_is_told_to_stop_hands_the_run_over_at_once(tmp_path: Path, postgres: Postgres) -> None:
    async with kitchen(tmp_path, postgres, PATIENT, ready_after=1.0) as two:
        number = await two.asked("restart")
        told: list[Process] = []

        def terminate() -> None:
            told.append(two.lane.runner(f"run:{number}"))
            told[0].signal(signal.SIGTERM)

        two.lane.tripwire.set(Moment(DEED, 1, "done"), terminate)
        await two.approve(number)
        await until(lambda: told, "the bot is told to stop")
        began = time.monotonic()
        assert await told[0].gone() == 0
        await two.ended(number)
        assert time.monotonic() - began < PATIENT / 3, "it was waited for as if it had died"
        await two.lane.replace()
        await two.check()


async def _make_approver(kitchen: Kitchen, name: str) -> None:
    async with open_store(kitchen.lane.address) as store, store.begin() as connection:
        person = kitchen.lane.world.person(name)
        await grants.give(connection, Grant(person, EVERYWHERE, "approver", "the tests", datetime.now(UTC)))

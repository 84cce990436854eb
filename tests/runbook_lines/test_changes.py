"""Every line of an action that changes something is carried out on a real server of its kind, and proven there."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
import pytest_asyncio

from bot.operations.job.backend import JobBackend
from bot.operations.job.nouns import Job
from bot.operations.line import Line
from bot.operations.operation import TargetKind
from bot.runbooks.targets import Target
from tests.runbook_lines.carrying import DONE, Carried, carried_out, expected_look
from tests.runbook_lines.cases import Case, cases
from tests.runbook_lines.proofs import cache, cluster, database, programs, web
from tests.runbook_lines.scenery import CODE
from tests.runbook_lines.world import World

pytestmark = [
    pytest.mark.asyncio(loop_scope="package"),
    # The connection to the cluster says it once, in the test that opens it; pytest forgets that after each test.
    pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning"),
]

CHANGES = [case for case in cases() if not case.reads]
PROGRAMS = [case for case in CHANGES if programs.runs_program(case.line)]
OTHERS = [case for case in CHANGES if case not in PROGRAMS]
_AT_ONCE = 8

Proof = Callable[[World, Case], AbstractAsyncContextManager[tuple[Line, Target]]]
PROOFS: Mapping[TargetKind, Proof] = {
    TargetKind.KUBERNETES: cluster.proven,
    TargetKind.POSTGRES: database.proven,
    TargetKind.REDIS: cache.proven,
    TargetKind.HTTP: web.proven,
}


class Runs:
    """All programs are run together, as soon as one of them is wanted."""

    def __init__(self, world: World, wanted: list[Case]) -> None:
        self._world, self._wanted, self._gate = world, wanted, asyncio.Semaphore(_AT_ONCE)
        self._begun: dict[str, asyncio.Task[Carried]] = {}

    async def of(self, case: Case) -> Carried:
        """Return what came of a program. Raises TargetError."""
        if not self._begun:
            self._begun = {each.name: asyncio.create_task(self._run(each)) for each in self._wanted}
        return await self._begun[case.name]

    async def _run(self, case: Case) -> Carried:
        async with self._gate:
            return await carried_out(self._world, case.platform, *self._world.line(case))

    async def close(self) -> None:
        """Leave what nobody waits for."""
        for task in self._begun.values():
            task.cancel()
        await asyncio.gather(*self._begun.values(), return_exceptions=True)


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def runs(request: pytest.FixtureRequest, world: World) -> AsyncIterator[Runs]:
    """Return the runs of the programs that this run has tests for."""
    here = [item.name for item in request.session.items if item.path == Path(__file__)]
    made = Runs(world, [case for case in PROGRAMS if any(f"_started[{case.name}]" in name for name in here)])
    yield made
    await made.close()


@pytest_asyncio.fixture(loop_scope="package")
async def fresh(world: World) -> AsyncIterator[World]:
    """Return the same world over connections of its own, which see the settings of a server as they are now."""
    made = world.again()
    yield made
    await made.close()


def _first(listed: Iterable[Case]) -> list[Case]:
    """Return one case for each way that a program is started: platform, target and kind."""
    return list({(case.platform.name, case.deed.target, type(case.line.operation)): case for case in listed}.values())


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("case", OTHERS, ids=[case.name for case in OTHERS])
async def test_a_change_is_made_and_is_there(case: Case, fresh: World) -> None:
    async with PROOFS[case.kind](fresh, case) as (line, target):
        carried = await carried_out(fresh, case.platform, line, target)
        assert carried.before is None
        assert carried.output.code == 0, carried.output.text
        assert carried.after == expected_look(carried.foresight.operation)


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("case", PROGRAMS, ids=[case.name for case in PROGRAMS])
async def test_a_program_is_started(case: Case, runs: Runs, world: World) -> None:
    carried = await runs.of(case)
    (record,) = programs.records(world, case)
    assert record.environment == await programs.environment_of(world, case)
    assert record.log
    assert carried.output.text.strip() == record.log
    assert carried.output.code == 0
    assert carried.before is None
    assert carried.after == expected_look(carried.foresight.operation)
    if isinstance(case.line.operation, Job):
        assert record.pod.startswith(f"{carried.notebook.noted['job']}-")
        await _job_is_there(world, case, carried, succeeded=1)


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("case", _first(PROGRAMS), ids=[case.name for case in _first(PROGRAMS)])
async def test_a_program_that_fails_says_with_which_code(case: Case, world: World) -> None:
    line, target = world.line(case)
    before = len(programs.records(world, case))
    with programs.failing(world, case):
        carried = await carried_out(world, case.platform, line, target)
    assert len(programs.records(world, case)) == before + 1
    said = f"no luck with {' '.join(programs.words_of(world, case)[1:])}"
    assert (carried.output.code, carried.output.text.strip()) == (CODE, said)
    assert carried.after == expected_look(carried.foresight.operation)
    if isinstance(case.line.operation, Job):
        assert carried.after == DONE
        await _job_is_there(world, case, carried, succeeded=0)


async def _job_is_there(world: World, case: Case, carried: Carried, *, succeeded: int) -> None:
    """See what the cluster says of a job, and that it goes when it is removed."""
    line, target = world.line(case)
    assert isinstance(line.operation, Job)
    async with cluster.opened(world, programs.namespace_of(world, case)) as hands:
        found = await hands.get("jobs", carried.notebook.noted["job"])
        assert found["status"].get("succeeded", 0) == succeeded
        assert found["status"].get("failed", 0) == 1 - succeeded
        backend = world.backend_of(case.platform, target)
        assert isinstance(backend, JobBackend)
        await backend.remove(line.operation, carried.notebook.identity)


async def test_there_is_a_proof_for_every_kind_of_target() -> None:
    assert {case.kind for case in OTHERS} == set(PROOFS)
    assert len(CHANGES) == len(OTHERS) + len(PROGRAMS) > 80

"""Every line that reads brings an answer back from a real server, and its probe can read the value in it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.diagnosis.finding import Level
from bot.diagnosis.judging import judge, reading_of
from bot.operations.line import Line
from bot.operations.output import Output
from tests.runbook_lines.cases import Case, cases
from tests.runbook_lines.world import World

pytestmark = [
    pytest.mark.asyncio(loop_scope="package"),
    # The connection to the cluster says it once, in the test that opens it; pytest forgets that after each test.
    pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning"),
]

READS = [case for case in cases() if case.reads]
STATEMENTS = "pg_stat_statements"
"""How long statements took on a machine that runs tests is as it is; everything else is well in this world."""


class Answers:
    """The answers to all lines of a kind are asked for together, as soon as one of them is wanted."""

    def __init__(self, world: World, wanted: list[Case]) -> None:
        self._world, self._wanted = world, wanted
        self._asked: dict[str, asyncio.Task[tuple[Line, Output]]] = {}

    async def to(self, case: Case) -> tuple[Line, Output]:
        """Return the answer to one line. Raises TargetError."""
        if case.name not in self._asked:
            same = [each for each in self._wanted if each.kind is case.kind]
            self._asked |= {each.name: asyncio.create_task(self._world.read(each)) for each in same}
        return await self._asked[case.name]

    async def close(self) -> None:
        """Leave what nobody waits for."""
        for task in self._asked.values():
            task.cancel()
        await asyncio.gather(*self._asked.values(), return_exceptions=True)


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def answers(request: pytest.FixtureRequest, world: World) -> AsyncIterator[Answers]:
    """Return the answers to the lines that this run has tests for."""
    here = [item.name for item in request.session.items if item.path == Path(__file__)]
    made = Answers(world, [case for case in READS if any(f"[{case.name}]" in name for name in here)])
    yield made
    await made.close()


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("case", READS, ids=[case.name for case in READS])
async def test_a_line_is_answered_and_its_value_is_read(case: Case, answers: Answers) -> None:
    line, output = await answers.to(case)
    if case.probe is None:
        assert output.text
        return
    probe = case.probe
    assert reading_of(probe).read(output, probe.unit or "") is not None  # raises when there is none
    finding = judge(probe, output, line)
    assert finding.level is not Level.UNKNOWN, finding.sentence
    assert finding.level is not Level.CRITICAL or STATEMENTS in line.text, finding.sentence

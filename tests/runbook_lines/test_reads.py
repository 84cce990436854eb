"""Every line that reads brings an answer back from a real server, and its probe can read the value in it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.diagnosis.finding import Level
from bot.diagnosis.judging import judge
from bot.operations.line import Line
from bot.operations.operation import TargetKind
from bot.operations.output import Output
from tests.runbook_lines.cases import Case, cases
from tests.runbook_lines.world import World

pytestmark = [
    pytest.mark.asyncio(loop_scope="package"),
    # The connection to the cluster says it once, in the test that opens it; pytest forgets that after each test.
    pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning"),
]

READS = [case for case in cases() if case.reads]
Answer = "asyncio.Task[tuple[Line, Output]]"


class Answers:
    """The answers to all lines of a kind are asked for together, as soon as one of them is wanted."""

    def __init__(self, world: World, wanted: list[Case]) -> None:
        self._world, self._wanted = world, wanted
        self._asked: dict[str, asyncio.Task[tuple[Line, Output]]] = {}

    async def to(self, case: Case) -> tuple[Line, Output]:
        """Return the answer to one line. Raises TargetError."""
        if case.name not in self._asked:
            kind = case.line.operation.kind
            same = [each for each in self._wanted if each.line.operation.kind is kind]
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
    chosen = [item for item in request.session.items if isinstance(item, pytest.Function) and item.path == __file__]
    made = Answers(world, [item.callspec.params["case"] for item in chosen if hasattr(item, "callspec")] or READS)
    yield made
    await made.close()


@pytest.fixture
def server(request: pytest.FixtureRequest, case: Case) -> None:
    """Start what the line is carried out on, if it does not run yet."""
    request.getfixturevalue(SERVERS[case.line.operation.kind])


SERVERS = {
    TargetKind.KUBERNETES: "cluster",
    TargetKind.JOB: "cluster",
    TargetKind.POSTGRES: "databases",
    TargetKind.REDIS: "cache",
    TargetKind.PROMETHEUS: "metrics",
    TargetKind.HTTP: "sites",
}


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("case", READS, ids=[case.name for case in READS])
async def test_a_line_is_answered_and_its_value_is_read(case: Case, answers: Answers) -> None:
    line, output = await answers.to(case)
    if case.probe is None:
        assert output.text
        return
    finding = judge(case.probe, output, line)
    print(finding.level.word, finding.sentence, output.code, repr(output.text[:100]))
    assert finding.level is not Level.UNKNOWN, finding.sentence

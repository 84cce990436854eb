"""Every line that changes something is planned on a real server, as far as servers of its kind can."""

import pytest

from bot.operations.http.nouns import HttpRequest
from bot.runbooks.targets import HttpTarget
from tests.runbook_lines.cases import Case, cases
from tests.runbook_lines.plans import planned, request_of
from tests.runbook_lines.world import SECRET, World

pytestmark = [
    pytest.mark.asyncio(loop_scope="package"),
    # The connection to the cluster says it once, in the test that opens it; pytest forgets that after each test.
    pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning"),
]

WRITES = [case for case in cases() if not case.reads]
REQUESTS = [case for case in WRITES if isinstance(case.line.operation, HttpRequest)]
OTHERS = [case for case in WRITES if case not in REQUESTS]


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("case", OTHERS, ids=[case.name for case in OTHERS])
async def test_a_change_is_planned(case: Case, world: World) -> None:
    line, target = world.line(case)
    assert line.holes == ()
    assert await planned(world.backend_of(case.platform, target), line.operation)


@pytest.mark.parametrize("case", REQUESTS, ids=[case.name for case in REQUESTS])
async def test_a_request_that_changes_something_is_complete(case: Case, world: World) -> None:
    line, target = world.line(case)
    assert isinstance(line.operation, HttpRequest)
    assert isinstance(target, HttpTarget)
    secrets = dict.fromkeys(target.secrets_from, SECRET)
    sent = request_of(line.operation, target.hosts, secrets)
    assert sent.startswith(line.operation.method)
    assert sent.count(SECRET) == len(line.operation.secrets)

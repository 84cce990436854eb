"""The contract of targets: the connected ones and those of tests keep it alike."""

import asyncio
import re
from collections.abc import Callable, Mapping

import pytest

from bot.diagnosis.backends import Backends
from bot.diagnosis.connected import AT_ONCE, ConnectedTargets
from bot.diagnosis.memory import Answer, TargetsInMemory
from bot.diagnosis.ports import Targets
from bot.errors import AnswerUnreadable, TargetError, TargetRefused, TargetUnreachable
from bot.operations.backend import Backend, Limits
from bot.operations.line import read_line
from bot.operations.operation import Operation, TargetKind
from bot.operations.output import Output, Series, Table
from bot.runbooks.faults import NoTarget
from bot.runbooks.platform import Platform
from bot.runbooks.targets import Target
from tests.diagnosis.shop import TARGETS, shop
from tests.servers.web import answer, running

PING, SIZE = read_line("redis-cli PING"), read_line("redis-cli DBSIZE")
SOON = Limits(seconds=0.2)
SHOP = shop()


def nothing_set(name: str) -> str | None:
    return None


class Scripted:
    """A backend whose answers were written down."""

    def __init__(self, answers: Mapping[Operation, Answer]) -> None:
        self._answers = answers
        self.seconds: list[float] = []
        self.closed = 0

    async def run(self, operation: Operation, limits: Limits) -> Output:
        self.seconds.append(limits.seconds)
        answer = self._answers.get(operation, TargetRefused("Nothing is written down."))
        if answer is None:
            await asyncio.sleep(limits.seconds)
            raise TargetUnreachable(f"There was no answer within {limits.seconds:g} s.")
        if isinstance(answer, TargetError):
            raise type(answer)(*answer.args)
        return answer

    async def close(self) -> None:
        self.closed += 1


def without_words(text: str) -> str:
    return re.sub(r"hunter\d|(?<=secret=)\w+", "•••", text)


def connected(answers: Mapping[str, Answer]) -> ConnectedTargets:
    backend = Scripted({read_line(text).operation: answer for text, answer in answers.items()})
    return ConnectedTargets(nothing_set, without_words, lambda platform, target: backend)


def in_memory(answers: Mapping[str, Answer]) -> TargetsInMemory:
    return TargetsInMemory(answers, without_words)


@pytest.fixture(params=[connected, in_memory])
def targets(request: pytest.FixtureRequest) -> Callable[[Mapping[str, Answer]], Targets]:
    made: Callable[[Mapping[str, Answer]], Targets] = request.param
    return made


Make = Callable[[Mapping[str, Answer]], Targets]


async def test_a_line_is_answered(targets: Make) -> None:
    assert await targets({"redis-cli PING": Output("PONG")}).run(SHOP, PING, None, SOON) == Output("PONG")


async def test_filters_see_what_was_really_there_and_nothing_secret_leaves(targets: Make) -> None:
    answer = Output(
        "hunter1\nhunter2\nother\n",
        Table(("a",), (("hunter3",),)),
        (Series("hunter4", ()),),
        facts={"b": "hunter5", "c": 5},
    )
    some = targets({"kubectl logs web-1": answer})
    plain = await some.run(SHOP, read_line("kubectl logs web-1"), None, SOON)
    assert plain == Output(
        "•••\n•••\nother\n", Table(("a",), (("•••",),)), (Series("•••", ()),), facts={"b": "•••", "c": 5}
    )
    counted = await some.run(SHOP, read_line("kubectl logs web-1 | grep hunter | wc -l"), None, SOON)
    assert (counted.text.strip(), counted.table) == ("2", None)


async def test_columns_of_secrets_are_hidden_in_table_and_text(targets: Make) -> None:
    rows = (("ann", "s3cr"), ("bob", "xyzzy"), ("cyd", ""))
    answer = Output("name | word\nann | s3cr\nbob | xyzzy\n", Table(("name", "secret"), rows))
    found = await targets({"kubectl logs web-1": answer}).run(SHOP, read_line("kubectl logs web-1"), None, SOON)
    assert found.table == Table(("name", "secret"), (("ann", "•••"), ("bob", "•••"), ("cyd", "")))
    assert found.text == "name | word\nann | •••\nbob | •••\n"


async def test_a_value_whose_name_stands_in_the_next_column_is_hidden(targets: Make) -> None:
    rows = (("secret", "xyzzy"), ("port", "5432"), ("secret", ""))
    answer = Output("secret | xyzzy\nport | 5432\n", Table(("Name", "setting"), rows))
    found = await targets({"kubectl logs web-1": answer}).run(SHOP, read_line("kubectl logs web-1"), None, SOON)
    assert found.table == Table(("Name", "setting"), (("secret", "•••"), ("port", "5432"), ("secret", "")))
    assert found.text == "secret | •••\nport | 5432\n"


@pytest.mark.parametrize(
    ("text", "filters", "left"),
    [
        ("user secret=xyzzy1 ok\nuser plain ok\n", "awk '{print $2}'", "secret=•••\nplain\n"),
        ("user secret=xyzzy1 ok\n", "awk -F= '{print $2}'", "••• ok\n"),
        ('{"auth": "secret=xyzzy1", "port": 5432}', "jq -r .auth", "secret=•••\n"),
        ("user secret=xyzzy1 ok\n", "awk -F= '{print $2}' | wc -l", "1\n"),
    ],
)
async def test_what_a_filter_picks_is_no_less_secret(targets: Make, text: str, filters: str, left: str) -> None:
    line = f"kubectl logs web-1 | {filters}"
    some = targets({"kubectl logs web-1": Output(text)})
    assert (await some.run(SHOP, read_line(line), None, SOON)).text == left


async def test_cells_of_several_lines_stay_in_their_row(targets: Make) -> None:
    answer = Output("", Table(("a", "b"), (("1\n2", "hunter2"), ("3", "x"))))
    found = await targets({"kubectl logs web-1": answer}).run(SHOP, read_line("kubectl logs web-1"), None, SOON)
    assert found.table == Table(("a", "b"), (("1\n2", "•••"), ("3", "x")))


async def test_a_long_text_is_treated_the_same(targets: Make) -> None:
    some = targets({"kubectl logs web-1": Output("hunter1 x\n" * 10_000)})
    found = await some.run(SHOP, read_line("kubectl logs web-1 | tail -2"), None, SOON)
    assert found.text == "••• x\n••• x\n"


@pytest.mark.parametrize("kind", [TargetRefused, TargetUnreachable, AnswerUnreadable])
async def test_errors_come_through_without_secrets(targets: Make, kind: type[TargetError]) -> None:
    with pytest.raises(kind, match=r"^the password ••• is wrong$"):
        await targets({"redis-cli PING": kind("the password hunter2 is wrong")}).run(SHOP, PING, None, SOON)


async def test_a_target_that_is_not_there_is_told(targets: Make) -> None:
    with pytest.raises(NoTarget, match=r"Shop has no redis target database\."):
        await targets({}).run(SHOP, PING, "database", SOON)


async def test_silence_is_told(targets: Make) -> None:
    with pytest.raises(TargetUnreachable, match="no answer"):
        await targets({"redis-cli PING": None}).run(SHOP, PING, None, SOON)


async def test_closing_twice_is_no_harm(targets: Make) -> None:
    some = targets({})
    await some.close()
    await some.close()


class Gate(Scripted):
    """A backend that lets operations end when it is told, and counts those within."""

    def __init__(self) -> None:
        super().__init__({})
        self.within = self.most = 0
        self.open, self.full = asyncio.Event(), asyncio.Event()

    async def run(self, operation: Operation, limits: Limits) -> Output:
        self.seconds.append(limits.seconds)
        self.within += 1
        self.most = max(self.most, self.within)
        if self.within == AT_ONCE[TargetKind.REDIS]:
            self.full.set()
        try:
            await self.open.wait()
        finally:
            self.within -= 1
        return Output("done")


def over(backend: Backend) -> ConnectedTargets:
    return ConnectedTargets(nothing_set, str, lambda platform, target: backend)


async def test_a_target_carries_out_so_many_at_once_and_the_rest_waits() -> None:
    gate, most = Gate(), AT_ONCE[TargetKind.REDIS]
    targets = over(gate)
    running = [asyncio.ensure_future(targets.run(SHOP, PING, None, Limits(5))) for _ in range(most + 3)]
    await gate.full.wait()
    gate.open.set()
    assert [output.text for output in await asyncio.gather(*running)] == ["done"] * (most + 3)
    assert gate.most == most
    assert all(0 < seconds <= 5 for seconds in gate.seconds)


async def test_waiting_for_a_turn_counts() -> None:
    gate, most = Gate(), AT_ONCE[TargetKind.REDIS]
    targets = over(gate)
    busy = [asyncio.ensure_future(targets.run(SHOP, PING, None, Limits(5))) for _ in range(most)]
    await gate.full.wait()
    with pytest.raises(
        TargetUnreachable, match=f"The target cache is busy: {most} operations before this one took 0.2 s"
    ):
        await targets.run(SHOP, SIZE, None, SOON)
    gate.open.set()
    await asyncio.gather(*busy)


async def test_a_target_is_connected_once_and_anew_when_its_runbook_changes() -> None:
    made: list[Scripted] = []

    def make(platform: Platform, target: Target) -> Backend:
        made.append(Scripted({PING.operation: Output(f"{len(made)}")}))
        return made[-1]

    targets = ConnectedTargets(nothing_set, str, make)
    assert [(await targets.run(SHOP, PING, None, SOON)).text for _ in range(2)] == ["0", "0"]
    changed = shop(targets={**TARGETS, "cache": {"kind": "redis", "url-from": "OTHER_URL"}})
    assert (await targets.run(changed, PING, None, SOON)).text == "1"
    await targets.close()
    assert [backend.closed for backend in made] == [1, 1]
    assert (await targets.run(SHOP, PING, None, SOON)).text == "2"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("redis-cli PING", "The target cache is not set up yet: set SHOP_REDIS_URL."),
        ("psql -c 'SELECT 1'", "The target database is not set up yet: set SHOP_DATABASE_URL."),
    ],
)
async def test_a_variable_that_is_not_set_is_named(line: str, sentence: str) -> None:
    with pytest.raises(TargetRefused) as raised:
        await ConnectedTargets(nothing_set, str).run(SHOP, read_line(line), None, SOON)
    assert str(raised.value) == sentence


async def test_prometheus_is_asked_with_its_token() -> None:
    found = '{"status": "success", "data": {"resultType": "vector", "result": []}}'
    async with running({"/api/v1/query": answer(found, content_type="application/json")}) as web:
        url = f"http://127.0.0.1:{web.port}"
        platform = shop(targets={"metrics": {"kind": "prometheus", "url": url, "token-from": "SHOP_TOKEN"}})
        with pytest.raises(TargetRefused, match=r"^The target metrics is not set up yet: set SHOP_TOKEN\.$"):
            await ConnectedTargets(nothing_set, str).run(platform, read_line("promql up"), None, SOON)
        targets = ConnectedTargets({"SHOP_TOKEN": "hunter2"}.get, str)
        await targets.run(platform, read_line("promql up"), None, Limits(5))
        await targets.close()
        assert [asked.headers.get("authorization") for asked in web.asked] == ["Bearer hunter2"]


async def test_an_address_that_cannot_be_read_is_told_without_repeating_it() -> None:
    targets = ConnectedTargets(lambda name: "mysql://u:hunter2@h/d", str)
    for line in ("psql -c 'SELECT 1'", "redis-cli PING"):
        with pytest.raises(TargetRefused) as raised:
            await targets.run(SHOP, read_line(line), None, SOON)
        assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(
    ("line", "backend"),
    [
        ("kubectl get pods", "KubernetesBackend"),
        ("psql -c 'SELECT 1'", "PostgresBackend"),
        ("redis-cli PING", "RedisBackend"),
        ("curl https://shop.example.com", "HttpBackend"),
        ("promql up", "PrometheusBackend"),
        ("npm run health", "JobBackend"),
    ],
)
async def test_each_kind_of_target_has_its_backend(line: str, backend: str) -> None:
    values = {"SHOP_REDIS_URL": "redis://127.0.0.1:1/0", "SHOP_DATABASE_URL": "postgresql://127.0.0.1:1/shop"}
    backends = Backends(values.get)
    made = backends.of(SHOP, SHOP.target_for(read_line(line).operation))
    assert type(made).__name__ == backend
    await made.close()
    await backends.close()

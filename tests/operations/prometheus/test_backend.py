"""A Prometheus target, on a real server and on one that says what a test says."""

import asyncio
import json
import socket

import pytest

from bot.errors import AnswerUnreadable, TargetError, TargetRefused, TargetUnreachable
from bot.operations.backend import Limits
from bot.operations.output import Output
from bot.operations.prometheus.backend import PrometheusBackend
from bot.operations.prometheus.grammar import read_promql
from bot.operations.prometheus.nouns import PromQuery
from bot.operations.redis.nouns import Command
from bot.operations.words import split
from tests.operations.prometheus.conftest import END, START
from tests.servers.web import answer, raw, running


async def run(backend: PrometheusBackend, line: str, limits: Limits | None = None) -> Output:
    return await backend.run(read_promql(line, split(line)[0]), limits or Limits())


async def failure(url: str, query: str = "up", limits: Limits | None = None) -> TargetError:
    backend = PrometheusBackend(url)
    try:
        with pytest.raises(TargetError) as caught:
            await backend.run(PromQuery(query), limits or Limits())
    finally:
        await backend.close()
    assert caught.value.__cause__ is None
    assert "hunter2" not in str(caught.value)
    return caught.value


async def test_a_query_of_now_is_a_table(backend: PrometheusBackend) -> None:
    output = await run(backend, "promql up")
    assert output.table is not None
    assert output.table.columns == ("__name__", "job", "pod", "value")
    assert sorted(output.table.rows) == [("up", "api", "api-1", "1"), ("up", "web", "web-1", "0")]
    assert sorted(output.text.splitlines()) == ['up{job="api", pod="api-1"} 1', 'up{job="web", pod="web-1"} 0']
    assert output.facts["count"] == 2
    assert "value" not in output.facts


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("sum(up)", 1.0),
        ("rate(http_errors_total[5m])", 2.0),
        ('up{job="web"}', 0.0),
        ("scalar(sum(up)) + 41", 42.0),
        ("vector(1) / 0", float("inf")),
    ],
)
async def test_a_single_value_is_a_fact(backend: PrometheusBackend, expression: str, value: float) -> None:
    output = await run(backend, f"promql '{expression}'")
    assert output.facts["value"] == pytest.approx(value)


async def test_a_moment_can_be_named(backend: PrometheusBackend) -> None:
    assert (await run(backend, f"promql http_errors_total --at {START + 600}")).facts["value"] == 1200
    assert (await run(backend, f"promql up --at {START - 3600}")).text == ""


async def test_a_range_is_series_and_figures(backend: PrometheusBackend) -> None:
    output = await run(backend, f"promql http_errors_total --range 1h --step 1m --at {END}")
    assert len(output.series) == 1
    assert output.series[0].name == 'http_errors_total{code="500"}'
    points = output.series[0].points
    assert len(points) == 61
    assert list(points[-1]) == [END, 28800]
    assert output.facts["value"] == 28800
    assert output.facts["min"] == 21600
    assert "last 28800 min 21600 max 28800 mean 25200" in output.text
    assert not output.cut
    chosen = await run(backend, "promql http_errors_total --range 1h")
    assert 200 < len(chosen.series[0].points) <= 251


async def test_a_step_that_is_too_fine_is_raised_and_said(backend: PrometheusBackend) -> None:
    output = await run(backend, f"promql http_errors_total --range 2h --step 1s --at {END}")
    assert len(output.series[0].points) <= 1000
    assert "a point every 7.21 s instead of 1 s" in output.cut


async def test_a_selector_of_a_range_is_series_too(backend: PrometheusBackend) -> None:
    output = await run(backend, f"promql 'http_errors_total[1m]' --at {END}")
    assert [value for _, value in output.series[0].points] == [28680, 28710, 28740, 28770, 28800]


async def test_rows_and_series_are_capped(backend: PrometheusBackend) -> None:
    rows = await run(backend, "promql many", Limits(rows=100))
    assert rows.table is not None
    assert (len(rows.table.rows), rows.cut, rows.facts["count"]) == (100, "20 more series", 120)
    lines = await run(backend, "promql many --range 5m")
    assert (len(lines.series), lines.cut) == (50, "70 more series")
    with pytest.raises(TargetRefused, match=r"more than 1,000 bytes: narrow the query"):
        await run(backend, "promql many", Limits(size=1000))


async def test_a_faulty_query_is_explained_by_prometheus_itself(backend: PrometheusBackend) -> None:
    with pytest.raises(TargetRefused, match=r"cannot read the query: .*unknown function"):
        await run(backend, "promql 'nonsense(up)'")
    with pytest.raises(TargetRefused, match=r"cannot carry the query out: .*many-to-many"):
        await run(backend, "promql 'up + on() up'")


async def test_nobody_is_there() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        error = await failure(f"http://ops:hunter2@127.0.0.1:{closed.getsockname()[1]}")
    assert isinstance(error, TargetUnreachable)
    assert str(error) == "Prometheus does not answer: connection refused."
    assert "has no address" in str(await failure("http://nowhere.invalid"))
    assert "http://" in str(await failure("redis://:hunter2@cache"))


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        ("401 Unauthorized", "", TargetRefused, "refuses the credentials"),
        ("403 Forbidden", "no", TargetRefused, "do not reach that far"),
        (
            "422 Unprocessable Entity",
            '{"status":"error","error":"too many samples"}',
            TargetRefused,
            "too many samples",
        ),
        ("503 Service Unavailable", '{"status":"error","error":"query timed out"}', TargetUnreachable, "timed out"),
        ("502 Bad Gateway", "<html>", TargetUnreachable, "HTTP 502"),
        ("302 Found", "", TargetRefused, "login page"),
        ("404 Not Found", "nothing", AnswerUnreadable, "HTTP 404"),
        ("200 OK", "<html>welcome</html>", AnswerUnreadable, "is not Prometheus"),
        ("200 OK", '{"status":"success"}', AnswerUnreadable, "no result"),
        ("200 OK", '{"status":"success","data":{"resultType":"vector","result":[1]}}', AnswerUnreadable, "no result"),
        ("200 OK", "[" * 100_000, AnswerUnreadable, "is not Prometheus"),
    ],
)
async def test_what_else_it_may_say(status: str, body: str, kind: type[TargetError], words: str) -> None:
    async with running({"/api/v1/query": answer(body, status)}) as web:
        error = await failure(f"http://127.0.0.1:{web.port}")
    assert type(error) is kind
    assert words in str(error)


async def test_credentials_paths_and_warnings() -> None:
    body = '{"status":"success","data":{"resultType":"scalar","result":[1,"7"]},"warnings":["one store is away"]}'
    async with running({"/prometheus/api/v1/query": answer(body)}) as web:
        for backend in (
            PrometheusBackend(f"http://ops:hunter2@127.0.0.1:{web.port}/prometheus/"),
            PrometheusBackend(f"http://127.0.0.1:{web.port}/prometheus", token="hunter2"),
        ):
            output = await backend.run(PromQuery("7"), Limits())
            assert (output.text, output.facts["value"], output.cut) == ("7", 7.0, "one store is away")
            await backend.close()
    assert [asked.headers["authorization"].split()[0] for asked in web.asked] == ["Basic", "Bearer"]


async def test_a_server_that_hangs_is_given_up() -> None:
    async with running({"/api/v1/query": raw(hang=True)}) as web:
        error = await failure(f"http://127.0.0.1:{web.port}", limits=Limits(seconds=0.1))
    assert isinstance(error, TargetUnreachable)
    assert "did not finish its answer within 0.1 seconds" in str(error)


async def test_many_at_once(backend: PrometheusBackend) -> None:
    outputs = await asyncio.gather(*(backend.run(PromQuery("sum(up)"), Limits()) for _ in range(40)))
    assert {output.facts["value"] for output in outputs} == {1.0}


async def test_an_operation_of_another_kind_or_with_holes_is_refused(backend: PrometheusBackend) -> None:
    with pytest.raises(TargetRefused, match="not a promql line"):
        await backend.run(Command("PING"), Limits())
    with pytest.raises(TargetRefused, match="No value for the range"):
        await run(backend, "promql up --range <span>")
    with pytest.raises(TargetRefused, match="No value for the moment"):
        await run(backend, "promql up --at <moment>")


@pytest.mark.parametrize("warnings", [None, 5, {"a": 1}, "text"])
async def test_warnings_that_are_no_list_are_passed_over(warnings: object) -> None:
    body = {"status": "success", "warnings": warnings, "data": {"resultType": "vector", "result": []}}
    assert (await said(json.dumps(body))).cut == ""


async def test_numbers_at_the_edge_of_what_there_is() -> None:
    values = '[[1, "1.7e308"], [2, "1.7e308"]]'
    output = await said(matrix(values))
    assert output.facts["mean"] == pytest.approx(1.7e308)
    with pytest.raises(AnswerUnreadable):
        await said(matrix(f'[[1{"0" * 400}, "1"]]'))


async def test_labels_are_text_whatever_comes() -> None:
    body = {"resultType": "vector", "result": [{"metric": {"a": 1, "b": None}, "value": [1, "1"]}]}
    output = await said(json.dumps({"status": "success", "data": body}))
    assert output.table is not None
    assert output.table.rows == (("1", "None", "1"),)


def matrix(values: str) -> str:
    result = f'{{"resultType": "matrix", "result": [{{"metric": {{}}, "values": {values}}}]}}'
    return f'{{"status": "success", "data": {result}}}'


async def said(body: str) -> Output:
    async with running({"/api/v1/query": answer(body, content_type="application/json")}) as web:
        backend = PrometheusBackend(f"http://127.0.0.1:{web.port}")
        try:
            return await backend.run(PromQuery("up"), Limits())
        finally:
            await backend.close()

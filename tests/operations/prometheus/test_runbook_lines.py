"""The queries of the inventory: as `curl` lines they stay requests, and say the same as a `promql` line does."""

import csv
import json
from pathlib import Path

import pytest

from bot.operations.backend import Limits
from bot.operations.effect import Effect
from bot.operations.http.backend import HttpBackend
from bot.operations.line import read_line
from bot.operations.prometheus.backend import PrometheusBackend
from bot.operations.prometheus.nouns import PromQuery
from tests.servers.prometheus import Prometheus

_FILE = Path(__file__).parents[2] / "data" / "procedures.csv"
with _FILE.open(encoding="utf-8", newline="") as _rows:
    DETAILS = {row["id"]: row["detail"] for row in csv.DictReader(_rows)}

# The metrics that rows of the inventory name, and what a probe asks about them.
QUERIES = [
    ("zephyr-019", "http_errors_total", "100 * sum(rate(http_errors_total[2m])) / sum(rate(http_requests_total[2m]))"),
    ("zephyr-038", "websocket_messages_total", "sum by (direction) (rate(websocket_messages_total[5m]))"),
    (
        "zephyr-077",
        "db_query_duration_seconds",
        "histogram_quantile(0.95, sum by (le) (rate(db_query_duration_seconds_bucket[5m])))",
    ),
    ("zephyr-081", "rate_limit_exceeded_total", "sum(increase(rate_limit_exceeded_total[1m]))"),
    (
        "zephyr-105",
        "http_request_duration_seconds",
        '{__name__=~"http_request_duration_seconds(_sum|_count)?"}',
    ),
    ("zephyr-106", "rate(http_errors_total[5m])", "rate(http_errors_total[5m])"),
]


@pytest.mark.parametrize(("row", "named", "expression"), QUERIES)
async def test_a_query_of_the_inventory_is_read_and_runs(
    backend: PrometheusBackend, row: str, named: str, expression: str
) -> None:
    assert named in DETAILS[row]
    read = read_line(f"promql '{expression}' --range 1h --step 1m")
    assert read.operation == PromQuery(expression, 3600, 60)
    assert read.effect is Effect.READ
    assert (await backend.run(read.operation, Limits())).code == 0


async def test_a_curl_line_to_prometheus_says_the_same(prometheus: Prometheus, backend: PrometheusBackend) -> None:
    expression = "rate(http_errors_total[5m])"
    line = f'curl "http://prometheus.example.com/api/v1/query?query={expression}"'
    assert line in DETAILS["zephyr-106"]
    read = read_line(line.replace("http://prometheus.example.com", prometheus.address))
    web = HttpBackend(["127.0.0.1"], private=True)
    answer = json.loads((await web.run(read.operation, Limits())).text)
    await web.close()
    value = float(answer["data"]["result"][0]["value"][1])
    assert value == pytest.approx((await backend.run(PromQuery(expression), Limits())).facts["value"], rel=0.01)

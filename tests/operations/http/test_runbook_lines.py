"""Every `curl` and `telnet` line of the inventory: what it is read as, what it can do."""

import csv
import re
from pathlib import Path

import pytest

from bot.operations.effect import Effect
from bot.operations.http.nouns import HttpRequest, Secret, Show, TcpConnect
from bot.operations.line import read_line
from bot.operations.operation import Operation

_FILE = Path(__file__).parents[2] / "data" / "procedures.csv"
with _FILE.open(encoding="utf-8", newline="") as _rows:
    DETAILS = {row["id"]: row["detail"] for row in csv.DictReader(_rows)}

READ, WRITE = Effect.READ, Effect.WRITE
_TILE = "https://api.mapbox.com/styles/v1/mapbox/streets-v11/tiles/1/0/0?access_token=$MAPBOX_TOKEN"
_ALERT = "https://grafana.yourdomain.com/api/alerts/1/acknowledge"
_BEARER = (("authorization", "Bearer $GRAFANA_TOKEN"),)
_POLL = '{"question":"Test?","options":["A","B"]}'
_SOCIAL = "https://api.yourdomain.com"
_ZEPHYR = "https://api.zephyr.example.com"
_QUERY = "http://prometheus.example.com/api/v1/query?query="


def _get(url: str, *, fail: bool = False) -> HttpRequest:
    return HttpRequest("GET", url, fail=fail)


LINES = [
    (
        "zzik-028",
        f'curl -I "{_TILE}"',
        HttpRequest("HEAD", _TILE, show=Show.BOTH, secrets=(Secret("url", "mapbox-token"),)),
        READ,
    ),
    ("zzik-033", "curl http://localhost:3000/api/qr/health", _get("http://localhost:3000/api/qr/health"), READ),
    ("zzik-060", "curl http://app.zzik.live/api/health", _get("http://app.zzik.live/api/health"), READ),
    ("zzik-064", "curl http://app.zzik.live/api/health", _get("http://app.zzik.live/api/health"), READ),
    (
        "social-011",
        "curl -f https://api.yourdomain.com/health",
        _get("https://api.yourdomain.com/health", fail=True),
        READ,
    ),
    ("social-012", "curl -f https://app.yourdomain.com/", _get("https://app.yourdomain.com/", fail=True), READ),
    (
        "social-055",
        f'curl -X POST "{_ALERT}" -H "Authorization: Bearer $GRAFANA_TOKEN"',
        HttpRequest("POST", _ALERT, _BEARER, secrets=(Secret("header authorization", "grafana-token"),)),
        WRITE,
    ),
    (
        "social-059",
        "curl -f https://api.external-service.com/health",
        _get("https://api.external-service.com/health", fail=True),
        READ,
    ),
    (
        "social-106",
        "curl -f https://api.yourdomain.com/health",
        _get("https://api.yourdomain.com/health", fail=True),
        READ,
    ),
    ("linkist-013", "curl -f https://linkist.ai/api/health", _get("https://linkist.ai/api/health", fail=True), READ),
    ("linkist-014", "curl -f https://linkist.ai/api/health", _get("https://linkist.ai/api/health", fail=True), READ),
    ("linkist-025", "telnet [db-host] 5432", TcpConnect("[db-host]", 5432), READ),
    (
        "linkist-034",
        "curl -X POST https://linkist.ai/api/webhooks/payments",
        HttpRequest("POST", "https://linkist.ai/api/webhooks/payments"),
        WRITE,
    ),
    ("zephyr-015", f"curl {_ZEPHYR}/api/health", _get(f"{_ZEPHYR}/api/health"), READ),
    ("zephyr-016", f"curl {_ZEPHYR}/api/health/ready", _get(f"{_ZEPHYR}/api/health/ready"), READ),
    ("zephyr-017", f"curl {_ZEPHYR}/api/health/live", _get(f"{_ZEPHYR}/api/health/live"), READ),
    ("zephyr-018", f"curl {_ZEPHYR}/metrics | head -20", _get(f"{_ZEPHYR}/metrics"), READ),
    ("zephyr-056", f'curl {_ZEPHYR}/metrics | grep "zephyr"', _get(f"{_ZEPHYR}/metrics"), READ),
    (
        "zephyr-057",
        f"curl -X POST {_ZEPHYR}/api/polls -H \"Content-Type: application/json\" -d '{_POLL}'",
        HttpRequest("POST", f"{_ZEPHYR}/api/polls", (("content-type", "application/json"),), _POLL),
        WRITE,
    ),
    (
        "zephyr-105",
        f'curl "{_QUERY}http_request_duration_seconds"',
        _get(f"{_QUERY}http_request_duration_seconds"),
        READ,
    ),
    (
        "zephyr-106",
        f'curl "{_QUERY}rate(http_errors_total[5m])"',
        _get(f"{_QUERY}rate(http_errors_total%5B5m%5D)"),
        READ,
    ),
]


@pytest.mark.parametrize(("row", "line", "operation", "effect"), LINES)
def test_a_line_of_the_inventory_is_read(row: str, line: str, operation: Operation, effect: Effect) -> None:
    assert line in DETAILS[row]
    read = read_line(line)
    assert read.operation == operation
    assert read.effect is effect


def test_no_line_of_the_inventory_is_forgotten() -> None:
    with_lines = {row for row, detail in DETAILS.items() if re.search(r"\b(?:curl|telnet|wget|nc) [-\"\[hw]", detail)}
    assert with_lines == {row for row, *_ in LINES}

"""From an output to a finding."""

from typing import Any

import pytest

from bot.diagnosis.finding import Finding, Level, worst, worst_first
from bot.diagnosis.judging import capped, judge
from bot.operations.line import read_line
from bot.operations.output import Output, Table
from tests.diagnosis.shop import probe

COUNT = "kubectl logs -l app=web --tail=100 | grep ERROR | wc -l"
GREP = "kubectl logs -l app=web --tail=100 | grep ERROR"
HEALTH = "curl https://shop.example.com/health"


@pytest.mark.parametrize(
    ("run", "said", "output", "level", "sentence"),
    [
        (
            COUNT, {"unit": "lines", "warning": "> 10", "critical": "> 50"}, Output("73\n"),
            Level.CRITICAL, "73 lines, which is critical (> 50).",
        ),
        (
            COUNT, {"unit": "lines", "warning": "> 10", "critical": "> 50"}, Output("11\n"),
            Level.WARNING, "11 lines, which is a warning (> 10).",
        ),
        (
            COUNT, {"unit": "lines", "warning": "> 10", "critical": "> 50"}, Output("10\n"),
            Level.OK, "10 lines, within the limits (warning > 10, critical > 50).",
        ),
        (COUNT, {}, Output("10\n"), Level.OK, "10."),
        (GREP, {}, Output("", code=1), Level.OK, "The answer is empty."),
        (
            GREP, {"critical": "fails"}, Output("", code=1),
            Level.CRITICAL, "It failed with exit code 1, which is critical.",
        ),
        (
            "redis-cli PING", {"critical": "is not PONG"}, Output("PONG"),
            Level.OK, "PONG, as it should be.",
        ),
        (
            HEALTH, {}, Output("no", facts={"status": 503}),
            Level.CRITICAL, "It failed with HTTP status 503, which is critical.",
        ),
        (
            HEALTH, {"warning": "fails"}, Output("no", code=22),
            Level.WARNING, "It failed with exit code 22, which is a warning.",
        ),
        (
            HEALTH, {"value": "status", "critical": ">= 500"}, Output("", facts={"status": 404}),
            Level.OK, "404, within the limits (critical >= 500).",
        ),
        (
            HEALTH, {"value": "seconds", "warning": "> 1s"}, Output("", facts={"status": 500, "seconds": 2.0}),
            Level.CRITICAL, "It failed with HTTP status 500, which is critical.",
        ),
        (
            HEALTH, {"value": "json .db", "critical": "is not ok"}, Output("<h1>", facts={"status": 200}),
            Level.UNKNOWN, "There is no JSON in the answer “<h1>”.",
        ),
        (
            HEALTH, {"value": "json .db", "critical": "is not ok"}, Output("<h1>", facts={"status": 502}),
            Level.CRITICAL, "It failed with HTTP status 502, which is critical.",
        ),
        (
            COUNT, {"critical": "> 70%"}, Output("73"),
            Level.UNKNOWN,
            "73 (a plain number) and 70% (a share) cannot be compared; if the value is in %, say so with unit:.",
        ),
        (
            COUNT, {"unit": "%", "critical": "> 70"}, Output("73"),
            Level.CRITICAL, "73%, which is critical (> 70).",
        ),
        (
            COUNT, {"critical": "> 70"}, Output("none"),
            Level.UNKNOWN, "There is no number in the answer “none”.",
        ),
    ],
)  # fmt: skip
def test_a_finding_says_how_bad_it_is(
    run: str, said: dict[str, Any], output: Output, level: Level, sentence: str
) -> None:
    asked = probe(run, **said)
    found = judge(asked, output)
    assert (found.level, found.sentence) == (level, sentence)
    assert (found.probe, found.title, found.output) == ("looked-at", "Looked-at", output)


def test_a_finding_has_value_and_threshold() -> None:
    found = judge(probe(COUNT, unit="lines", critical="> 50"), Output("73"))
    assert (found.value, found.threshold) == ("73 lines", "> 50")
    assert judge(probe(COUNT, unit="lines in doubt", critical="> 0"), Output("1")).value == "1 line in doubt"
    assert judge(probe(COUNT, unit="ms", critical="> 50"), Output("12")).value == "12ms"


def test_of_a_table_that_is_only_read_the_rows_are_counted() -> None:
    seen = Output("NAME  AGE\nweb  5m", Table(("NAME", "AGE"), (("web", "5m"),)))
    asked = probe("kubectl get services", value="text")
    assert judge(asked, seen).sentence == "1 row."
    assert judge(asked, Output("NAME", Table(("NAME", "AGE")))).sentence == "NAME."
    limited = probe("kubectl get services", value="text", critical="is empty")
    assert judge(limited, seen).sentence.startswith("1 row, as")


def test_of_a_long_text_the_lines_are_counted() -> None:
    asked = probe("kubectl logs web", value="text")
    assert judge(asked, Output("one\n\ntwo\nthree\nfour\n")).sentence == "4 lines."
    assert judge(asked, Output("one\ntwo\nthree\n")).sentence == "one two three."


def test_of_several_lines_each_is_judged_by_its_own_filters() -> None:
    both = probe(["kubectl get pods", GREP])
    assert judge(both, Output("", code=1), read_line(GREP)).level is Level.OK
    assert judge(both, Output("", code=1)).level is Level.CRITICAL


def test_a_long_answer_is_cut_and_says_so() -> None:
    long = Output("x" * 250_000, Table(("a",), tuple(("1",) for _ in range(700))), cut="2 pods")
    kept = capped(long)
    assert (len(kept.text), len(kept.table.rows if kept.table else ())) == (200_000, 500)
    assert kept.cut == "2 pods, 50,000 more characters, 200 more rows"
    assert len(judge(probe(HEALTH), Output("word " * 100)).value) <= 161


def test_the_worst_comes_first() -> None:
    levels = [Level.OK, Level.CRITICAL, Level.UNKNOWN, Level.WARNING]
    findings = [Finding(str(at), "", level, "") for at, level in enumerate(levels)]
    assert [found.level.word for found in worst_first(findings)] == ["critical", "warning", "unknown", "ok"]
    assert worst(tuple(findings)) is Level.CRITICAL
    assert worst(()) is Level.OK

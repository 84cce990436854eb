"""Readings: what a probe takes from an output."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from bot.errors import AnswerUnreadable
from bot.operations.output import Output, Series, Table
from bot.runbooks.conditions import Value, parse_condition
from bot.runbooks.quantities import Quantity, UnitsDiffer
from bot.runbooks.readings import Reading, ReadingText, default_reading, failed, parse_reading

PODS = Output(
    "as printed",
    Table(
        ("NAME", "READY", "STATUS", "RESTARTS", "CPU(cores)"),
        (
            ("web-1", "1/1", "Running", "0", "250m"),
            ("web-2", "1/2", "Running", "5 (3m ago)", "1500m"),
            ("job-1", "0/1", "Completed", "0", "0m"),
            ("web-3", "0/1", "CrashLoopBackOff", "17", "10m"),
        ),
    ),
)
HEALTH = Output(
    '{"status": "ok", "checks": [{"name": "db", "ms": 12.5}], "up": true, "the end": null}',
    code=0,
    facts={"status": 503, "seconds": 0.25, "used_memory_human": "1.50M"},
)
EMPTY = Output("", Table(("pid", "duration")))
RANGE = Output("", series=(Series("a", ((1, 5), (2, 7))), Series("b", ((1, 1), (2, 3))), Series("c", ())))
INSTANT = Output("", Table(("code", "value"), (("500", "0.25"),)))


@pytest.mark.parametrize(
    ("reading", "output", "text"),
    [
        ("number", Output(" 42\n"), "42"),
        ("number", Output("p95: 480ms"), "480ms"),
        ("number", INSTANT, "0.25"),
        ("number", Output("", Table(("size",), (("12 GB",),))), "12GB"),
        ("text", Output(" PONG\n"), "PONG"),
        ("lines", Output("a\n\n b\n"), "2"),
        ("rows", PODS, "4"),
        ("rows", EMPTY, "0"),
        ("status", HEALTH, "503"),
        ("seconds", HEALTH, "0.25s"),
        ("code", Output("", code=2), "2"),
        ("fact used_memory_human", HEALTH, "1.50M"),
        ("json .status", HEALTH, "ok"),
        ("json .checks[0].ms", HEALTH, "12.5"),
        ("json .checks[-1]", HEALTH, '{"name": "db", "ms": 12.5}'),
        ("json .up", HEALTH, "true"),
        ('json ."the end"', HEALTH, "null"),
        ("count", PODS, "4"),
        ("count where STATUS is not Running, Completed", PODS, "1"),
        ("count where READY < 100% and status is running", PODS, "1"),
        ("count where RESTARTS > 4", PODS, "2"),
        ("count where NAME contains web", PODS, "3"),
        ("max RESTARTS", PODS, "17"),
        ("max CPU(cores)", PODS, "1,500m"),
        ("min READY where STATUS is Running", PODS, "50%"),
        ("sum CPU(cores)", PODS, "1,760m"),
        ("first NAME", PODS, "web-1"),
        ("last STATUS where NAME contains web", PODS, "CrashLoopBackOff"),
        ("max duration or 0s", EMPTY, "0s"),
        ("sum duration", EMPTY, "0"),
        ("count", RANGE, "2"),
        ("max value", RANGE, "7"),
        ("first value where series is b", RANGE, "3"),
    ],
)
def test_an_output_is_read(reading: str, output: Output, text: str) -> None:
    parsed = parse_reading(reading)
    assert parsed.read(output).text == text
    assert parse_reading(str(parsed)) == parsed


@pytest.mark.parametrize(
    ("reading", "output", "sentence"),
    [
        ("number", Output("all is well"), "There is no number in the answer “all is well”."),
        ("number", Output(""), "The answer is empty."),
        ("number", PODS, "The answer has 4 rows; say which number, like max CPU(cores), or rows."),
        ("number", EMPTY, "The answer has no rows; say which number"),
        ("rows", Output("x"), "The answer is not a table"),
        ("max RESTART", PODS, "The answer has no column RESTART; did you mean RESTARTS?"),
        ("max STATUS", PODS, "“Running” in the column STATUS is not a number."),
        ("max duration", EMPTY, "There are no rows to take the max duration of."),
        ("first NAME where STATUS is Pending", PODS, "There are no rows that count to take the first NAME of."),
        ("count where NAME > 5", PODS, "“web-1” is not a number, and > 5 needs one."),
        ("json .status", Output("<html>"), "There is no JSON in the answer “<html>”."),
        ("json .checks[3].ms", HEALTH, "The answer has no .checks[3].ms: .checks is a list of 1."),
        ("json .state", HEALTH, "The answer has no .state: it has status"),
        ("json .status.db", HEALTH, "The answer has no .status.db: .status is ok."),
        ("fact used_memory", HEALTH, "The answer has no used_memory; it has used_memory_human."),
        ("status", Output("x"), "The answer has no status."),
    ],
)
def test_what_cannot_be_read_is_told(reading: str, output: Output, sentence: str) -> None:
    with pytest.raises(AnswerUnreadable) as raised:
        parse_reading(reading).read(output)
    assert sentence in str(raised.value)


def test_units_that_differ_cannot_be_added() -> None:
    mixed = Output("", Table(("size",), (("5ms",), ("1Mi",))))
    with pytest.raises(UnitsDiffer, match="cannot be compared"):
        parse_reading("sum size").read(mixed)
    sizes = Output("", Table(("size",), (("1kB",), ("1Mi",))))
    assert parse_reading("sum size").read(sizes).quantity == Quantity(1024 + 1024**2, "bytes")


def test_the_stated_unit_is_that_of_a_bare_number() -> None:
    read = parse_reading("number").read(Output("85"), unit="%")
    assert read == Value("85", Quantity(85, "%"))
    assert parse_condition("> 80%").holds(read)
    assert parse_reading("number").read(Output("85"), unit="lines").quantity == Quantity(85)


def test_how_it_ended_is_read_too() -> None:
    assert parse_reading("json .status").read(HEALTH).failed
    assert failed(Output("", code=1))
    assert not failed(Output("", facts={"status": 301}))
    assert not failed(Output("", facts={"status": "ready"}))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("numbr", '"numbr" is not something to read; did you mean number?'),
        ("", "is not something to read"),
        (5, "is not something to read"),
        ("max", "does not say of what; write it like max COLUMN"),
        ("max where A is b", "does not say of what; write it like max COLUMN"),
        ("json", "write it like json .dependencies.database.status"),
        ("json status", '"status" is not a path; write it like .checks.database.status'),
        ("lines of text", 'lines stands alone; take out "of text"'),
        ("lines where A is b", "where and or belong behind max"),
        ("count or 5", "where and or belong behind max"),
        ("count where STATUS", '"where STATUS" names no column and condition'),
        ("count where STATUS > high", 'compares with "high", which is not a number'),
    ],
)
def test_other_texts_are_refused(text: object, sentence: str) -> None:
    with pytest.raises(ValueError, match=r".") as raised:
        parse_reading(text)
    assert sentence in str(raised.value)


@given(st.text(max_size=80) | st.builds("{} {}".format, st.sampled_from(["max", "count where", "json"]), st.text()))
def test_any_text_is_a_reading_or_refused(text: str) -> None:
    try:
        parsed = parse_reading(text)
    except ValueError:
        return
    assert parse_reading(str(parsed)) == parsed


@given(
    st.sampled_from(["number", "lines", "json .a", "max a", "count where a > 5", "fact a", "status"]),
    st.builds(
        Output, st.text(max_size=80), st.none() | st.builds(Table, st.just(("a",)), st.lists(st.tuples(st.text())))
    ),
)
def test_any_output_is_read_or_told(reading: str, output: Output) -> None:
    try:
        said = parse_reading(reading).read(output).text
    except (AnswerUnreadable, UnitsDiffer) as told:
        said = str(told)
    assert said


def test_a_number_is_read_when_a_threshold_is_one() -> None:
    assert default_reading(parse_condition("> 5"), None) == Reading("number")
    assert default_reading(None, parse_condition("is ok")) == Reading("text")
    assert default_reading() == Reading("text")


class Probe(BaseModel):
    value: ReadingText | None = None


def test_it_is_a_field_of_a_model() -> None:
    assert Probe(value="max CPU%").value == Reading("max", "CPU%")  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="is not something to read"):
        Probe(value="5")  # type: ignore[arg-type]

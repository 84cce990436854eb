"""Conditions: when a value is bad."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from bot.errors import AnswerUnreadable
from bot.runbooks.conditions import Condition, ConditionText, Value, parse_condition
from bot.runbooks.quantities import UnitsDiffer, parse_quantity


def value(text: str, *, failed: bool = False) -> Value:
    return Value(text, parse_quantity(text), failed)


@pytest.mark.parametrize(
    ("condition", "so", "not_so"),
    [
        ("> 50", "51", "50"),
        (">= 5", "5", "4.9"),
        ("< 95%", "94.9%", "95%"),
        ("<= 500ms", "0.5s", "501ms"),
        ("> 1Gi", "1025Mi", "1Gi"),
        ("> 5 min", "00:05:01", "00:04:59"),
        ("= PONG", "pong", "LOADING"),
        ("= 2", "2.0", "3"),
        ("= 2", "2", "two"),
        ("!= 0", "1", "0"),
        ("!= 0", "none", "0"),
        ("is ok, degraded", "Degraded", "down"),
        ("is not Running, Completed", "Pending", "running"),
        ("contains error, fatal", "a FATAL mistake", "all is well"),
        ("lacks ready", "waiting", "Ready"),
        ("is empty", " \n", "x"),
        ("is not empty", "x", ""),
        ("> 70", "71%", "70%"),
    ],
)
def test_a_condition_holds_or_not(condition: str, so: str, not_so: str) -> None:
    parsed = parse_condition(condition)
    assert parsed.holds(value(so))
    assert not parsed.holds(value(not_so))
    assert parse_condition(str(parsed)) == parsed


def test_failing_is_about_how_it_ended() -> None:
    fails = parse_condition("fails")
    assert fails.is_about_failing
    assert fails.holds(value("ok", failed=True))
    assert not fails.holds(value("failed"))


def test_the_stated_unit_is_that_of_a_bare_threshold() -> None:
    assert parse_condition("> 500").holds(value("0.6s"), unit="ms")
    with pytest.raises(UnitsDiffer, match="write the threshold with its unit"):
        parse_condition("> 500").holds(value("0.6s"))


def test_a_text_cannot_be_larger_than_a_number() -> None:
    with pytest.raises(AnswerUnreadable, match="“down” is not a number, and > 5 needs one"):
        parse_condition("> 5").holds(value("down"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("50", '"50" is not a condition; write it like > 50'),
        (50, '"50" is not a condition; write it like > 50'),
        (None, "is not a condition"),
        ("", "is not a condition"),
        (">", "does not say what to compare with"),
        ("is", "does not say what to compare with"),
        ("> many", 'compares with "many", which is not a number'),
        ("> 10 lines", 'compares with "10 lines", which is not a number with a unit'),
        ("is a,,b", "nothing before or behind a comma"),
        ("island", "is not a condition"),
        ("fails often", "is not a condition"),
    ],
)
def test_other_texts_are_refused(text: object, sentence: str) -> None:
    with pytest.raises(ValueError, match=r".") as raised:
        parse_condition(text)
    assert sentence in str(raised.value)


@given(st.text(max_size=100) | st.builds("{} {}".format, st.sampled_from(["<", ">=", "is", "=", "lacks"]), st.text()))
def test_any_text_is_a_condition_or_refused(text: str) -> None:
    try:
        parsed = parse_condition(text)
    except ValueError:
        return
    assert parse_condition(str(parsed)) == parsed


class Thresholds(BaseModel):
    warning: ConditionText | None = None


def test_it_is_a_field_of_a_model() -> None:
    assert Thresholds(warning="> 5").warning == Condition(">", ("5",), parse_quantity("5"))  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="is not a condition; write it like"):
        Thresholds(warning="5")  # type: ignore[arg-type]
    assert Thresholds.model_json_schema()["properties"]["warning"]["anyOf"][0] == {"type": "string", "minLength": 1}

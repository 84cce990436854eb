"""Durations, and the nearest of known words."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nearest import hint, nearest, one_of
from bot.runbooks.words import parse_duration


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("90s", timedelta(seconds=90)),
        ("15m", timedelta(minutes=15)),
        ("1h30m", timedelta(minutes=90)),
        ("1d", timedelta(days=1)),
        ("0m", timedelta()),
        ("best effort", None),
    ],
)
def test_durations_are_read(text: str, duration: timedelta | None) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize("text", ["", "15", "m", "15 m", "-5m", "1.5h", "99999d", "15M", "\u0661m", 15, True, ["1m"]])
def test_other_durations_are_refused(text: object) -> None:
    with pytest.raises(ValueError, match="is not a duration; write"):
        parse_duration(text)


VERBS = ["declare", "ack", "list", "show", "help", "status", "timeline", "resolve"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("declair", "declare"),
        ("sohw", "show"),
        ("ehlp", "help"),
        ("STAT", "status"),
        ("time", "timeline"),
        ("lst", "list"),
    ],
)
def test_the_nearest_word_comes_first(typed: str, meant: str) -> None:
    assert nearest(typed, VERBS)[0] == meant


@pytest.mark.parametrize("typed", ["", "💥", "kubernetes", "P1"])
def test_nothing_is_near(typed: str) -> None:
    assert nearest(typed, VERBS) == ()


@given(st.text(max_size=4000))
def test_any_text_can_be_asked_about(typed: str) -> None:
    assert set(nearest(typed, VERBS, limit=2)) <= set(VERBS)
    assert len(nearest(typed, VERBS, limit=2)) <= 2
    assert hint(typed, VERBS)


def test_names_are_listed_as_people_list_them() -> None:
    assert [one_of(VERBS[:count]) for count in range(4)] == [
        "",
        "declare",
        "declare or ack",
        "declare, ack or list",
    ]
    assert hint("xyz", []) == "there are none"
    assert hint("xyz", ["ack"]) == "there is ack"

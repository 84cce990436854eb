"""Values as people type them and as forms give them."""

from typing import Any

import pytest

from bot.errors import BadInput
from bot.verbs.readers.given import GivenReader, gathered
from bot.verbs.words import Words

NOWHERE: Any = None


def read(typed: str) -> dict[str, str]:
    return GivenReader().read(typed, NOWHERE, {})


def test_typed_values_are_words() -> None:
    assert read("pod-name=web-1 PID=4 url=a=b") == {"pod-name": "web-1", "pid": "4", "url": "a=b"}
    with pytest.raises(BadInput, match="“web-2” gives no value"):
        read("pod-name=web-1 web-2")


@pytest.mark.parametrize("query", ["SELECT 1", "SELECT 1\nFROM a WHERE b=2", "=x", "a=1 b=2"])
def test_a_form_gives_any_text_for_one_value_or_several(query: str) -> None:
    said = " ".join(query.split())
    assert read(gathered({"given.query": query})["given"]) == {"query": said}
    assert read(gathered({"given.query": query, "given.pod": "web-1"})["given"]) == {"query": said, "pod": "web-1"}


def test_what_is_no_value_stays_as_it_is() -> None:
    assert gathered({"platform": "shop", "given": "=pod=web-1"}) == {"platform": "shop", "given": "=pod=web-1"}


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ('title="two words" b=3', {"title": "two words", "b": "3"}),
        ("title=“two words”", {"title": "two words"}),
        ('title="one"', {"title": "one"}),
        ("query=count(a=b)", {"query": "count(a=b)"}),
    ],
)
def test_a_value_in_quotes_may_hold_spaces(typed: str, values: dict[str, str]) -> None:
    words, reader = Words(typed), GivenReader()
    taken = reader.take(words, 0, NOWHERE)
    assert taken == len(words)
    assert reader.read(reader.said(words, 0, taken), NOWHERE, {}) == values

"""Whatever JSON comes, the answer is a list of problems and never an exception."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.slack.blockkit import Problem, validate_message, validate_view
from tests.sandbox.blockkit import samples

_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
_NAMES = st.sampled_from(
    [
        "type",
        "text",
        "elements",
        "blocks",
        "fields",
        "accessory",
        "options",
        "initial_option",
        "rows",
        "style",
        "url",
    ]
)
_ANY = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES | st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
_GOOD: list[samples.Json] = [
    *(block for block, _ in samples.BLOCKS.values()),
    *(samples.ask(element) for element in samples.ELEMENTS.values()),
    *(samples.actions(element) for element in samples.ELEMENTS.values()),
]


def places(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value, as the steps that lead there."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(place for step, inside in steps for place in places(inside, (*here, step)))]


def replaced(value: Any, place: tuple[Any, ...], new: Any) -> Any:
    """The same JSON value with something else at one place."""
    if not place:
        return new
    step, *rest = place
    inside = replaced(value[step], tuple(rest), new)
    if isinstance(value, dict):
        return {**value, step: inside}
    return [*value[:step], inside, *value[step + 1 :]]


def all_problems(payload: Any) -> list[Problem]:
    return [*validate_message(payload), *validate_view(payload)]


@given(_ANY)
@settings(deadline=None, max_examples=300)
def test_any_json_gets_an_answer(payload: Any) -> None:
    for problem in all_problems(payload):
        assert str(problem).endswith(".")


@given(st.data())
@settings(deadline=None, max_examples=600)
def test_a_good_block_with_anything_anywhere_gets_an_answer(data: st.DataObject) -> None:
    block = data.draw(st.sampled_from(_GOOD))
    place = data.draw(st.sampled_from(places(block)))
    spoiled = replaced(block, place, data.draw(_ANY))
    for payload in (samples.message(spoiled), samples.modal(spoiled), samples.home(spoiled)):
        for problem in all_problems(payload):
            assert problem.rule
            assert str(problem).endswith(".")


@given(st.text(min_size=1, max_size=3500))
@settings(deadline=None, max_examples=100)
def test_a_section_takes_exactly_the_texts_that_fit(text: str) -> None:
    taken = validate_message({"text": "x", "blocks": [samples.section(text=samples.mrkdwn(text))]}) == []
    assert taken == (len(text) <= 3000)

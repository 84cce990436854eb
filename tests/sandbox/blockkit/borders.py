"""How a limit is tested: a payload made for a number, taken at the limit and refused one beyond it."""

from collections.abc import Callable
from typing import Any, TypeAlias

from sandbox.slack.blockkit import Problem, validate_message, validate_view
from tests.sandbox.blockkit.samples import PIXEL, Json, actions, ask, element, message, modal

Make: TypeAlias = Callable[[int], Any]

Border: TypeAlias = tuple[Make, int, str, str]
"""The payload for n, the last n that is taken, where the next one is refused, and by which rule."""

ELEMENT = "blocks[0].elements[0]"
INPUT = "blocks[0].element"


def chars(count: int) -> str:
    return "x" * count


def link(count: int) -> str:
    return f"{PIXEL}?".ljust(count, "x")


def in_message(make: Make) -> Make:
    return lambda n: message(make(n))


def in_actions(make: Make) -> Make:
    return lambda n: message(actions(make(n)))


def in_input(make: Make) -> Make:
    return lambda n: modal(ask(make(n)))


def text_input(**fields: Any) -> Json:
    return element("plain_text_input", **fields)


def check(payload: Json) -> list[Problem]:
    return validate_view(payload) if payload.get("type") in {"modal", "home"} else validate_message(payload)


def named(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.path, problem.rule) for problem in problems]


def refuses_beyond(border: Border, step: int) -> None:
    """Check that the border is where it should be; `step` is 1 for an upper and -1 for a lower limit."""
    make, last, path, rule = border
    assert named(check(make(last))) == []
    assert named(check(make(last + step))) == [(path, rule)]

"""When a value is bad: the conditions of `warning` and `critical`, and of `where` in a reading.

`> 50`, `>= 5`, `< 95%`, `<= 500ms`, `= PONG`, `!= 0`, `is ok, degraded`, `is not Running, Completed`, `contains x`,
`lacks x`, `is empty`, `is not empty`, `fails`. Texts are compared without regard to case.
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator, InstanceOf, WithJsonSchema

from bot.errors import AnswerUnreadable
from bot.runbooks.quantities import Quantity, compared, parse_quantity

_ORDERS: Mapping[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "!=": operator.ne,
}
_FORM = re.compile(
    r"(?P<verb>>=|<=|!=|[<>=]|is not(?=\s|$)|is(?=\s|$)|contains(?=\s|$)|lacks(?=\s|$)|fails$)\s*(?P<rest>.*)",
    re.DOTALL,
)
_WRITE = "write it like > 50, < 95%, = PONG, is not ok, contains error, lacks ready, is empty or fails"


@dataclass(frozen=True, slots=True)
class Value:
    """What was read from an output.

    `text` is shown to people, `quantity` is there when it is a number, `failed` says that the operation itself did not
    succeed: a non-zero exit code, or an HTTP status from 400 on.
    """

    text: str
    quantity: Quantity | None = None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition: its verb, the texts it compares with, and the number when it is one that compares with a number."""

    verb: str
    words: tuple[str, ...] = ()
    quantity: Quantity | None = None

    def __str__(self) -> str:
        return " ".join([self.verb, *([", ".join(self.words)] if self.words else [])])

    @property
    def is_numeric(self) -> bool:
        """Whether it needs a number."""
        return self.quantity is not None

    @property
    def is_limit(self) -> bool:
        """Whether it is a number that a value may come near to."""
        return self.quantity is not None and self.verb in ("<", "<=", ">", ">=")

    @property
    def is_about_failing(self) -> bool:
        """Whether it asks how the operation ended, and not what it brought back."""
        return self.verb == "fails"

    def holds(self, value: Value, unit: str = "") -> bool:
        """Tell whether the value is so; `unit` is that of a threshold written without one.

        Raises UnitsDiffer when the units do not belong together, and AnswerUnreadable when the value is no number but
        has to be one.
        """
        if self.verb == "fails":
            return value.failed
        if self.quantity is None:
            return self._says(value.text.strip().casefold())
        if value.quantity is None:
            if self.verb in ("=", "!="):
                return self.verb == "!="
            raise AnswerUnreadable(f"“{value.text[:60]}” is not a number, and {self} needs one.")
        return _ORDERS[self.verb](*compared(value.quantity, self.quantity.or_in(unit)))

    def _says(self, text: str) -> bool:
        words = [word.casefold() for word in self.words]
        match self.verb:
            case "is" | "=":
                return text in words
            case "is not" | "!=":
                return text not in words
            case "contains":
                return any(word in text for word in words)
            case "lacks":
                return not any(word in text for word in words)
            case "is empty":
                return not text
        return bool(text)


def parse_condition(text: object) -> Condition:
    """Read a condition. Raises ValueError with a sentence that says what would be right."""
    if isinstance(text, Condition):
        return text
    found = _FORM.fullmatch(text.strip()) if isinstance(text, str) else None
    if not found:
        raise ValueError(f'"{text}" is not a condition; {_WRITE}')
    verb, rest = found["verb"], " ".join(found["rest"].split())
    if verb == "fails":
        return Condition("fails")
    if verb in ("is", "is not") and rest == "empty":
        return Condition(f"{verb} empty")
    if not rest:
        raise ValueError(f'"{text}" does not say what to compare with; {_WRITE}')
    return _ordering(str(text), verb, rest) if verb in _ORDERS else Condition(verb, _listed(str(text), rest))


def _ordering(text: str, verb: str, rest: str) -> Condition:
    quantity = parse_quantity(rest)
    if quantity is None and verb not in ("=", "!="):
        raise ValueError(
            f'"{text}" compares with "{rest}", which is not a number with a unit like 50, 70%, 500ms or 2Gi'
        )
    return Condition(verb, (rest,), quantity)


def _listed(text: str, rest: str) -> tuple[str, ...]:
    words = tuple(word.strip() for word in rest.split(","))
    if not all(words):
        raise ValueError(f'"{text}" has nothing before or behind a comma')
    return words


ConditionText = Annotated[
    InstanceOf[Condition],
    BeforeValidator(parse_condition),
    WithJsonSchema({"type": "string", "minLength": 1}),
]
"""A condition as a field of a runbook."""

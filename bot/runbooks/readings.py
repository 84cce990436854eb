"""What a probe reads from an output: the language of `value`.

`number` (the first one of the text), `text`, `lines` (those that are not empty), `rows`, `status`, `seconds`, `code`,
`fact NAME`, `json PATH` (`.checks[0].status`), and of a table's column `max|min|sum|first|last COLUMN`; `count` is
the number of rows. Those of a column and `count` may end with `where COLUMN CONDITION [and COLUMN CONDITION]`, and
those of a column with `or VALUE`, which is taken when there are no such rows. Each line of a range query counts as a
row with the columns `series` and `value`, its latest value.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator, InstanceOf, WithJsonSchema

from bot.errors import AnswerUnreadable
from bot.nearest import hint, nearest
from bot.operations.output import Output
from bot.runbooks.columns import Criterion, count, fold, number_of_table, parse_criteria, rows_of
from bot.runbooks.conditions import Condition, Value
from bot.runbooks.json_path import parse_path, value_at
from bot.runbooks.quantities import Quantity, find_quantity, parse_quantity

_FOLDS = ("max", "min", "sum", "first", "last")
_FORM = re.compile(
    r"(?P<verb>\w+)(?:\s+(?P<argument>(?!(?:where|or)\s).+?))?(?:\s+where\s+(?P<where>.+?))?(?:\s+or\s+(?P<otherwise>\S+))?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What to read: the verb, the column, fact or path it is about, which rows count, and what stands for none."""

    verb: str
    argument: str = ""
    where: tuple[Criterion, ...] = ()
    otherwise: str = ""

    def __str__(self) -> str:
        where = f"where {' and '.join(map(str, self.where))}" if self.where else ""
        otherwise = f"or {self.otherwise}" if self.otherwise else ""
        return " ".join(filter(None, (self.verb, self.argument, where, otherwise)))

    def read(self, output: Output, unit: str = "") -> Value:
        """Return what the output says; `unit` is that of a number which is printed without one.

        Raises AnswerUnreadable with a sentence when the output has no such thing, and UnitsDiffer when numbers of
        different kinds would have to be added or compared.
        """
        found = self._find(output)
        quantity = found if isinstance(found, Quantity) else parse_quantity(found)
        return Value(str(found).strip(), quantity and quantity.or_in(unit), failed(output))

    def _find(self, output: Output) -> Quantity | str:
        match self.verb:
            case "fact":
                return _fact(output, self.argument)
            case "json":
                return _json(output, self.argument)
            case "count":
                return count(rows_of(output), self.where)
            case verb if verb in _FOLDS:
                return fold(rows_of(output), verb, self.argument, self.where, self.otherwise)
        return _ALONE[self.verb](output)


def failed(output: Output) -> bool:
    """Tell whether the operation did not succeed: a non-zero exit code, or an HTTP status from 400 on."""
    status = output.facts.get("status")
    return output.code != 0 or (isinstance(status, (int, float)) and status >= 400)


def parse_reading(text: object) -> Reading:
    """Read a `value`. Raises ValueError with a sentence that says what would be right."""
    if isinstance(text, Reading):
        return text
    found = _FORM.fullmatch(text.strip()) if isinstance(text, str) else None
    if not found or found["verb"] not in _VERBS:
        raise ValueError(f'"{text}" is not something to read; {hint(str(text).split(" ")[0], _VERBS)}')
    verb, argument = found["verb"], " ".join((found["argument"] or "").split())
    _check_argument(str(text), verb, argument)
    if verb not in _FOLDS and (found["otherwise"] or (found["where"] and verb != "count")):
        raise ValueError(f'"{text}": where and or belong behind max, min, sum, first, last or count')
    where = parse_criteria(found["where"]) if found["where"] else ()
    return Reading(verb, argument, where, found["otherwise"] or "")


def default_reading(*conditions: Condition | None) -> Reading:
    """Return what is read when nothing is said: a number when a threshold is one, else the text."""
    return Reading("number" if any(each and each.is_numeric for each in conditions) else "text")


def _check_argument(text: str, verb: str, argument: str) -> None:
    if verb in (*_ALONE, "count") and argument:
        raise ValueError(f'"{text}": {verb} stands alone; take out "{argument}"')
    if verb not in (*_ALONE, "count") and not argument:
        wanted = {"json": "json .dependencies.database.status", "fact": "fact used_memory_human"}
        raise ValueError(f'"{text}" does not say of what; write it like {wanted.get(verb, f"{verb} COLUMN")}')
    if verb == "json":
        parse_path(argument)


def _number(output: Output) -> Quantity:
    if output.table or output.series:
        return number_of_table(rows_of(output))
    if quantity := find_quantity(output.text):
        return quantity
    raise _without("number", output.text)


def _lines(output: Output) -> Quantity:
    return Quantity(sum(1 for line in output.text.splitlines() if line.strip()))


def _fact(output: Output, name: str) -> Quantity | str:
    if (fact := output.facts.get(name)) is None:
        known = ", ".join(nearest(name, output.facts) or tuple(output.facts)[:5])
        raise AnswerUnreadable(f"The answer has no {name}{f'; it has {known}' if known else ''}.")
    if isinstance(fact, str):
        return fact
    return Quantity(float(fact), "s" if name == "seconds" else "")


def _json(output: Output, path: str) -> str:
    try:
        document = json.loads(output.text)
    except (ValueError, RecursionError):
        raise _without("JSON", output.text) from None
    found = value_at(document, path)
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)


def _without(wanted: str, text: str) -> AnswerUnreadable:
    shown = " ".join(text[:200].split())[:60]
    return AnswerUnreadable(f"There is no {wanted} in the answer “{shown}”." if shown else "The answer is empty.")


_ALONE: Mapping[str, Callable[[Output], Quantity | str]] = {
    "number": _number,
    "text": lambda output: output.text,
    "lines": _lines,
    "rows": lambda output: Quantity(len(rows_of(output).rows)),
    "status": lambda output: _fact(output, "status"),
    "seconds": lambda output: _fact(output, "seconds"),
    "code": lambda output: Quantity(output.code),
}
_VERBS = (*_ALONE, "fact", "json", "count", *_FOLDS)

ReadingText = Annotated[
    InstanceOf[Reading],
    BeforeValidator(parse_reading),
    WithJsonSchema({"type": "string", "minLength": 1}),
]
"""A reading as a field of a runbook."""

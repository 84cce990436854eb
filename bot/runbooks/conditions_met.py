"""When a step is offered: `error-log-lines is critical`."""

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from bot.nearest import hint
from bot.runbooks.words import KEY

LEVELS = ("ok", "warning", "critical", "unknown")
_FORM = re.compile(rf"({KEY}) is (\S+)")


@dataclass(frozen=True, slots=True)
class Met:
    """A probe, and the level of its finding."""

    probe: str
    level: str

    def __str__(self) -> str:
        return f"{self.probe} is {self.level}"


def _met(value: Any) -> Met:
    if isinstance(value, Met):
        return value
    found = _FORM.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f'"{value}" is not a condition; write it like error-log-lines is critical')
    if found[2] not in LEVELS:
        raise ValueError(f'"{found[2]}" is not a level; {hint(found[2], LEVELS)}')
    return Met(found[1], found[2])


OfferWhen = Annotated[
    Met,
    PlainValidator(_met),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": f"^{KEY} is ({'|'.join(LEVELS)})$"}),
]
"""A condition on the finding of one probe."""

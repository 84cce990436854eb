"""Operations as JSON: what was decided before a crash is what is carried out after it."""

import sys
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.errors import BadInput
from bot.operations import heads  # noqa: F401 it brings every kind of operation, so that all can be read again
from bot.operations.operation import Operation


def as_json(operation: Operation) -> dict[str, Any]:
    """Return an operation as JSON keeps it: the name of its kind, and its fields."""
    kind = type(operation)
    return {"operation": _name(kind), "fields": TypeAdapter(kind).dump_python(operation, mode="json")}


def from_json(kept: Mapping[str, Any]) -> Operation:
    """Return the operation that `as_json` wrote. Raises BadInput when an older or newer program wrote it otherwise."""
    kind = next((each for each in _kinds(Operation) if _name(each) == kept.get("operation")), None)
    if kind is None:
        raise BadInput(f"This was written by another version of Opsroom: it knows no {kept.get('operation')}.")
    try:
        return TypeAdapter(kind).validate_python(kept.get("fields"))
    except ValidationError:
        raise BadInput(f"This was written by another version of Opsroom: its {_name(kind)} cannot be read.") from None


def _kinds(root: type[Operation]) -> Iterator[type[Operation]]:
    for kind in root.__subclasses__():
        # A dataclass with slots is a copy of the class that was written, and only the copy can be found by its name.
        if getattr(sys.modules[kind.__module__], kind.__qualname__, None) is kind:
            yield kind
        yield from _kinds(kind)


def _name(kind: type[Operation]) -> str:
    """Return the name under which a kind is kept: `kubernetes.Undo`."""
    return f"{kind.__module__.split('.')[2]}.{kind.__qualname__}"

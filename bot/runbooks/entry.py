"""What every mapping in a runbook file is: keys with hyphens, nothing unknown, and where it comes from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PrivateAttr

from bot.runbooks.document import Location
from bot.runbooks.words import Key, Row, Text


def kebab(name: str) -> str:
    """Return the key of a field as files write it."""
    return name.replace("_", "-")


class Entry(BaseModel):
    """A mapping in a runbook file: keys are written with hyphens, and unknown ones are refused."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=kebab,
        str_strip_whitespace=True,
        arbitrary_types_allowed=True,
    )

    _name: str = PrivateAttr(default="")

    @property
    def name_in_file(self) -> str:
        """The name under which the file has this entry; empty for one that has none."""
        return self._name


class Sourced(Entry):
    """An entry that says where it comes from."""

    source: tuple[Row, ...] = Field(
        default=(), max_length=3, description="Inventory rows that this entry implements, three at most."
    )
    note: Text | None = Field(default=None, description="What the source leaves open, contradicts or gets wrong.")


class WidelySourced(Sourced):
    """An entry that may stand for any number of rows: a procedure, a checklist."""

    source: tuple[Row, ...] = Field(default=(), description="Inventory rows that this entry implements.")


E = TypeVar("E", bound=Entry)


def _named(entries: dict[str, E]) -> dict[str, E]:
    """Tell each entry under which name it stands."""
    for name, entry in entries.items():
        entry._name = name  # the name is known only here, where all entries are
    return entries


Named = Annotated[dict[Key, E], AfterValidator(_named)]
"""Entries by their names; each knows its own as `name_in_file`."""


@dataclass(frozen=True, slots=True)
class Ref:
    """Marks a field that holds names of other entries, of one of these kinds (`probe`, `action`, `contact` …)."""

    kinds: tuple[str, ...]

    def __init__(self, *kinds: str) -> None:
        object.__setattr__(self, "kinds", kinds)


def walk(value: Any, location: Location = ()) -> Iterator[tuple[Location, Entry]]:
    """Yield every entry inside a value with its place in the file, the outer ones first."""
    match value:
        case Entry():
            yield location, value
            for name, info in type(value).model_fields.items():
                yield from walk(getattr(value, name), (*location, info.alias or kebab(name)))
        case Mapping():
            for key, inner in value.items():
                yield from walk(inner, (*location, key))
        case tuple() | list():
            for at, inner in enumerate(value):
                yield from walk(inner, (*location, at))

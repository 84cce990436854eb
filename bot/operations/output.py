"""What an operation brought back."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Table:
    """Columns with their heads, and rows of text."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a range query: its name, and points of (Unix time in seconds, value)."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Output:
    """The answer of a target.

    `text` is what the command line would have printed. `code` is an exit code: 0 is success. `facts` are numbers and
    words that a probe may read by name (`status`, `seconds`, `expires`). `cut` says in a clause what was left out, or
    is empty.
    """

    text: str
    table: Table | None = None
    series: tuple[Series, ...] = ()
    code: int = 0
    facts: Mapping[str, float | str] = field(default_factory=dict)
    cut: str = ""

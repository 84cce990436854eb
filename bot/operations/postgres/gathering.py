"""Rows within limits: how many, how long a value, how much in all."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.operations.backend import Limits

LONGEST_CELL = 10_000
"""Characters of one value; more than this is no table any more."""


@dataclass(slots=True)
class Gathered:
    """What came so far.

    `seen` counts all rows that came; `full` says that nothing more is wanted; `cut` what is left out, as clauses.
    """

    limits: Limits
    rows: list[tuple[str, ...]] = field(default_factory=list)
    seen: int = 0
    size: int = 0
    full: bool = False
    cut: list[str] = field(default_factory=list)

    @property
    def room(self) -> int:
        """How many more rows are worth fetching: one beyond the limit tells that there are more.

        A few at first, then as many as keep a batch small, for rows may be long.
        """
        average = self.size // len(self.rows) if self.rows else 10_000
        batch = max(1, min(1_000, 500_000 // max(average, 1)))
        return min(batch, self.limits.rows + 1 - len(self.rows))

    def add(self, row: Sequence[str | None]) -> None:
        """Take a row, or note that there is no room for it."""
        self.seen += 1
        if self.full:
            return
        if len(self.rows) >= self.limits.rows:
            self._stop(f"only the first {self.limits.rows} rows are here")
            return
        cells = tuple(self._cell(value) for value in row)
        self.size += sum(len(cell.encode()) for cell in cells)
        if self.size > self.limits.size:
            self._stop(f"only the first {len(self.rows)} rows are here: more than {self.limits.size} bytes")
            return
        self.rows.append(cells)

    def _cell(self, value: str | None) -> str:
        if value is None:
            return ""
        if len(value) <= LONGEST_CELL:
            return value
        clause = f"long values are cut at {LONGEST_CELL} characters"
        if clause not in self.cut:
            self.cut.append(clause)
        return value[:LONGEST_CELL]

    def _stop(self, clause: str) -> None:
        self.full = True
        self.cut.append(clause)

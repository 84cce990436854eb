"""The table that the benchmarks print."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure in its own unit, and its budget if it has one; more than the budget is too much."""

    what: str
    measured: float
    unit: str
    budget: float | None = None

    @property
    def within(self) -> bool:
        """Whether the figure keeps its budget."""
        return self.budget is None or self.measured <= self.budget

    def cells(self) -> tuple[str, str, str, str]:
        """Return what the table's line says."""
        verdict = "" if self.budget is None else "ok" if self.within else "OVER"
        return self.what, self._shown(self.measured), "" if self.budget is None else self._shown(self.budget), verdict

    def _shown(self, value: float) -> str:
        """Seconds under one are told in milliseconds, memory in MB."""
        if self.unit == "s" and abs(value) < 1:
            return f"{value * 1000:.1f} ms"
        if self.unit == "B":
            return f"{value / 1e6:.0f} MB"
        return f"{value:.2f} s" if self.unit == "s" else f"{value:,.0f} {self.unit}".rstrip()


_HEADINGS = ("what", "measured", "budget", "")


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as a Markdown table."""
    lines = [_HEADINGS, *(figure.cells() for figure in figures)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(_HEADINGS))]
    shown = [f"| {line[0]:<{widths[0]}} | {line[1]:>{widths[1]}} | {line[2]:>{widths[2]}} | {line[3]:<{widths[3]}} |"
             for line in lines]  # fmt: skip
    rule = f"|{'-' * (widths[0] + 2)}|{'-' * (widths[1] + 1)}:|{'-' * (widths[2] + 1)}:|{'-' * (widths[3] + 2)}|"
    return "\n".join([shown[0], rule, *shown[1:]])

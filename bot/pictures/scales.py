"""Scales of a chart: where the marks are, and what they say."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800)
"""Seconds between marks of time that people count in; beyond a week it is whole weeks."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What is between the ends of an axis, and the marks on it with their words."""

    low: float
    high: float
    marks: tuple[tuple[float, str], ...]

    def share(self, value: float) -> float:
        """Return where on the axis a value is, from 0 to 1; what is beyond the ends stays at them."""
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))


def value_scale(values: Sequence[float], unit: str, marks: int = 6) -> Scale:
    """Return a scale that holds the values, from zero where none is below it, with about that many round marks."""
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    if low == high:
        high = 1.0
    step = _round_step((high - low) / (marks - 1), 2 if unit in ("bytes", "B") else 10)
    low, high = math.floor(low / step) * step, math.ceil(high / step) * step
    count = round((high - low) / step)
    return Scale(low, high, tuple((low + at * step, shown(low + at * step, unit)) for at in range(count + 1)))


def time_scale(first: float, last: float, marks: int = 8) -> Scale:
    """Return a scale of Unix times with at most about that many marks, in UTC."""
    if last <= first:
        first, last = first - 30, last + 30
    wanted = (last - first) / marks
    step = next((step for step in _STEPS if step >= wanted), math.ceil(wanted / 604800) * 604800)
    start = math.ceil(first / step) * step
    times = (start + at * step for at in range(int((last - start) // step) + 1))
    return Scale(first, last, tuple((time, clock(time, step)) for time in times))


def clock(time: float, step: float) -> str:
    """Return how a mark says its time: with seconds, without, or as a day, as the distance of marks asks for."""
    moment = datetime.fromtimestamp(time, UTC)
    return f"{moment:%H:%M:%S}" if step < 60 else f"{moment:%H:%M}" if step < 86400 else day(moment)


def day(moment: datetime) -> str:
    """Return a day as people write it: `5 Nov`."""
    return f"{moment.day} {moment:%b}"


def shown(value: float, unit: str = "") -> str:
    """Return a value with its unit, short enough for the margin of a chart: `1.2k`, `512Mi`, `250ms`, `73%`."""
    if not math.isfinite(value):
        return "no number" if math.isnan(value) else "infinite"
    if unit in ("bytes", "B"):
        return _scaled(value, 1024, ("", "Ki", "Mi", "Gi", "Ti", "Pi")) or "0"
    if unit == "s" and 0 < abs(value) < 1:
        return f"{value * 1000:.4g}ms" if abs(value) >= 0.001 else f"{value * 1e6:.4g}µs"
    if unit in ("s", "ms", "%"):
        return f"{value:.4g}{unit}" if abs(value) < 10_000 else f"{value:,.0f}{unit}"
    return _scaled(value, 1000, ("", "k", "M", "G", "T", "P"))


def _scaled(value: float, base: int, prefixes: Sequence[str]) -> str:
    power = 0
    while abs(value) >= base and power < len(prefixes) - 1:
        value, power = value / base, power + 1
    return f"{value:.4g}{prefixes[power]}"


def _round_step(rough: float, base: int) -> float:
    """Return the next larger round number: 1, 2 or 5 times a power of ten, or a power of two."""
    if base == 2:
        return 2.0 ** math.ceil(math.log2(max(rough, 1e-300)))
    power = 10.0 ** math.floor(math.log10(max(rough, 1e-300)))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999999)

"""A chart in a sentence: its alternative text."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.operations.output import Series
from bot.pictures.lines import drawn
from bot.pictures.scales import day, shown

_TOLD = 4
"""Lines that are told one by one; more would not be listened to."""


def describe(series: Sequence[Series], unit: str = "") -> str:
    """Return a sentence that says what a chart of these series shows, with times in UTC."""
    lines = drawn(series)
    if not lines:
        return "A line chart without any points."
    times = [time for each in lines for time, _ in each.points]
    told = "; ".join(_told(each, unit) for each in lines[:_TOLD])
    more = sum(bool(each.points) for each in series) - min(len(lines), _TOLD)
    count = f"{len(lines)} lines" if len(lines) > 1 else "one line"
    rest = f"; and {more} more" if more > 0 else ""
    return f"A chart of {count} {span(min(times), max(times))}: {told}{rest}."


def span(first: float, last: float) -> str:
    """Return the time between two Unix times in words: `from 12:00 to 13:00 UTC on 5 Nov 2026`."""
    begin, end = datetime.fromtimestamp(first, UTC), datetime.fromtimestamp(last, UTC)
    if last - first < 600:
        return f"from {begin:%H:%M:%S} to {end:%H:%M:%S} UTC on {day(end)} {end.year}"
    if begin.date() == end.date():
        return f"from {begin:%H:%M} to {end:%H:%M} UTC on {day(end)} {end.year}"
    return f"from {day(begin)}, {begin:%H:%M}, to {day(end)} {end.year}, {end:%H:%M} UTC"


def _told(series: Series, unit: str) -> str:
    values = [value for _, value in series.points]
    name = " ".join(series.name.split())[:80] or "it"
    if len(values) == 1:
        return f"{name} is {shown(values[0], unit)}"
    low, high = shown(min(values), unit), shown(max(values), unit)
    return f"{name} goes from {shown(values[0], unit)} to {shown(values[-1], unit)}, lowest {low}, highest {high}"

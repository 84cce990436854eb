"""What is drawn of series: which ones, and their points without those that are no numbers."""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from bot.operations.output import Series

MOST = 8
"""More lines than this cannot be told apart."""

_FAR = 1e15
"""Values beyond this are drawn at it, as no scale could show them."""
_LAST = 2.5e11
"""Unix times beyond this are later than any calendar of ours (the year 9999)."""

Points = tuple[tuple[float, float], ...]


def finite(points: Iterable[tuple[float, float]]) -> Points:
    """Return the points that are numbers, by time."""
    known = (point for point in points if 0 <= point[0] <= _LAST and math.isfinite(point[1]))
    return tuple(sorted((time, min(_FAR, max(-_FAR, value))) for time, value in known))


def drawn(series: Sequence[Series]) -> tuple[Series, ...]:
    """Return the series that are drawn: those with points, in their order; of too many, those that reach highest."""
    clean = [Series(each.name, points) for each in series if (points := finite(each.points))]
    highest = sorted(clean, key=lambda each: -max(value for _, value in each.points))[:MOST]
    return tuple(each for each in clean if any(each is one for one in highest))


def strokes(points: Points) -> list[Points]:
    """Return the points in the pieces that are drawn as one line: where points are missing there is a gap."""
    if len(points) < 3:
        return [points]
    steps = sorted(after - before for (before, _), (after, _) in pairwise(points))
    gap = 2.5 * steps[len(steps) // 2]
    pieces: list[list[tuple[float, float]]] = [[points[0]]]
    for before, point in pairwise(points):
        if point[0] - before[0] > gap:
            pieces.append([])
        pieces[-1].append(point)
    return [tuple(piece) for piece in pieces]

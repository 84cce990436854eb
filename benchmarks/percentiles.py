"""Percentiles of measured values."""

import math
from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that `share` (0 to 100) percent of the values do not exceed: the nearest rank.

    Never an average of two: it was really measured. Raises ValueError when there are no values.
    """
    if not values:
        raise ValueError("There are no values to take a percentile of.")
    rank = max(1, math.ceil(len(values) * share / 100))
    return sorted(values)[rank - 1]


def median(values: Sequence[float]) -> float:
    """Return the value in the middle, the lower one of two."""
    return percentile(values, 50)

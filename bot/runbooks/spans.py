"""Spans of time as people say them."""

from datetime import timedelta

_UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


def spoken(span: timedelta) -> str:
    """Return `5 minutes`, `1 hour 30 minutes`, `2 days`; what is less than a second is left out."""
    left, words = int(span.total_seconds()), []
    for size, unit in _UNITS:
        count, left = divmod(left, size)
        if count:
            words.append(f"{count} {unit}{'s' * (count > 1)}")
    return " ".join(words) or "0 seconds"

"""Moments as Kubernetes writes them."""

from datetime import UTC, datetime


def stamp(moment: float) -> str:
    """Return a Unix time in seconds as an object's time: whole seconds, UTC."""
    return datetime.fromtimestamp(int(moment), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def precise(moment: float) -> str:
    """Return a Unix time as a log line's or an event's: to the microsecond, UTC."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(text: str) -> float:
    """Return the Unix time of an object's or a query's time."""
    return datetime.fromisoformat(text).timestamp()

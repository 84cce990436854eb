"""Amounts as Kubernetes writes them: CPU and memory quantities, durations, ages.

Quantities: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/. Durations are Go's, as
kubectl takes them: hours, minutes, seconds and less, no days. Ages are printed as kubectl prints them.
"""

import re
from datetime import UTC, datetime

_SCALES = {
    "": 1.0,
    "n": 1e-9,
    "u": 1e-6,
    "m": 1e-3,
    "k": 1e3,
    "M": 1e6,
    "G": 1e9,
    "T": 1e12,
    "P": 1e15,
    "E": 1e18,
    "Ki": 2.0**10,
    "Mi": 2.0**20,
    "Gi": 2.0**30,
    "Ti": 2.0**40,
    "Pi": 2.0**50,
    "Ei": 2.0**60,
}
_QUANTITY = re.compile(
    r"([+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30}))(?:([eE][+-]?\d{1,2})|([numkMGTPE]|[KMGTPE]i)?)", re.ASCII
)
_PART = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(h|ms|m|s)", re.ASCII)
_DURATION = re.compile(rf"(?:{_PART.pattern})+", re.ASCII)
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


def amount(text: str) -> float | None:
    """Return a quantity as a number: `250m` is 0.25, `512Mi` is 536870912; None when it is none."""
    found = _QUANTITY.fullmatch(text)
    if not found:
        return None
    number, exponent, suffix = found.groups()
    return float(number + exponent) if exponent else float(number) * _SCALES[suffix or ""]


def seconds(text: str) -> float | None:
    """Return a duration in seconds: `1h30m` is 5400, a bare `0` is 0; None when it is none."""
    if text == "0":
        return 0.0
    if not _DURATION.fullmatch(text):
        return None
    return sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(text))


def moment(text: object) -> datetime | None:
    """Return a time of the server, `2026-11-02T09:30:00Z`, aware; None when it is none."""
    if not isinstance(text, str):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def age(since: datetime | None, now: datetime) -> str:
    """Return how long ago a moment was, in two units at most, as kubectl does: `45s`, `3m12s`, `5h`, `12d`."""
    if since is None:
        return "<unknown>"
    whole = max(int((now - since).total_seconds()), 0)
    minutes, hours, days = whole // 60, whole // 3600, whole // 86400
    steps = (
        (whole < 120, f"{whole}s"),
        (minutes < 10, _two(minutes, "m", whole % 60, "s")),
        (hours < 3, f"{minutes}m"),
        (hours < 8, _two(hours, "h", minutes % 60, "m")),
        (hours < 48, f"{hours}h"),
        (days < 8, _two(days, "d", hours % 24, "h")),
        (days < 730, f"{days}d"),
        (days < 2920, _two(days // 365, "y", days % 365, "d")),
    )
    return next((text for fits, text in steps if fits), f"{days // 365}y")


def _two(large: int, large_unit: str, small: int, small_unit: str) -> str:
    return f"{large}{large_unit}{small}{small_unit}" if small else f"{large}{large_unit}"


def cpu(cores: float) -> str:
    """Return CPU as `kubectl top` prints it, in thousandths of a core."""
    return f"{round(cores * 1000)}m"


def memory(size: float) -> str:
    """Return bytes of memory as `kubectl top` prints them."""
    return f"{int(size // 2**20)}Mi"

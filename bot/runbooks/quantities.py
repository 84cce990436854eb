"""Numbers with units, as targets print them and as thresholds are written: `73%`, `250m`, `512Mi`, `2.3 GB`, `5ms`.

Some units mean different things in different places: `m` is a thousandth of a CPU core in Kubernetes and a minute in
an age, `M` a million of things or 1,048,576 bytes. Such a unit keeps all its meanings until it is compared with
another, which tells. Sizes are powers of 1024, as PostgreSQL (`pg_size_pretty`), Redis (`INFO memory`), `df -h` and
Kubernetes (`Mi`) print them.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import OpsroomError


class UnitsDiffer(OpsroomError):
    """Two numbers whose units do not belong together."""


class Dimension(StrEnum):
    """What a number measures; the value is the base unit's symbol. The order is the preference between meanings."""

    NUMBER = ""
    CORES = "cores"
    SIZE = "bytes"
    TIME = "s"
    SHARE = "%"


_N, _C, _B, _T, _S = Dimension.NUMBER, Dimension.CORES, Dimension.SIZE, Dimension.TIME, Dimension.SHARE
_DAY = 86_400.0

UNITS: Mapping[str, Mapping[Dimension, float]] = {
    "": {_N: 1},
    "%": {_S: 1}, "percent": {_S: 1}, "ratio": {_S: 100},
    "m": {_C: 1e-3, _T: 60}, "n": {_C: 1e-9}, "cores": {_C: 1}, "CPU": {_C: 1}, "millicores": {_C: 1e-3},
    "k": {_N: 1e3, _B: 2**10}, "K": {_N: 1e3, _B: 2**10}, "M": {_N: 1e6, _B: 2**20}, "G": {_N: 1e9, _B: 2**30},
    "T": {_N: 1e12, _B: 2**40}, "P": {_N: 1e15, _B: 2**50},
    "B": {_B: 1}, "byte": {_B: 1}, "bytes": {_B: 1},
    "Ki": {_B: 2**10}, "Mi": {_B: 2**20}, "Gi": {_B: 2**30}, "Ti": {_B: 2**40}, "Pi": {_B: 2**50},
    "KiB": {_B: 2**10}, "MiB": {_B: 2**20}, "GiB": {_B: 2**30}, "TiB": {_B: 2**40}, "PiB": {_B: 2**50},
    "kB": {_B: 2**10}, "KB": {_B: 2**10}, "MB": {_B: 2**20}, "GB": {_B: 2**30}, "TB": {_B: 2**40}, "PB": {_B: 2**50},
    "ns": {_T: 1e-9}, "us": {_T: 1e-6}, "µs": {_T: 1e-6}, "μs": {_T: 1e-6}, "ms": {_T: 1e-3}, "s": {_T: 1},
    "sec": {_T: 1}, "secs": {_T: 1}, "second": {_T: 1}, "seconds": {_T: 1}, "milliseconds": {_T: 1e-3},
    "min": {_T: 60}, "mins": {_T: 60}, "minute": {_T: 60}, "minutes": {_T: 60},
    "h": {_T: 3600}, "hour": {_T: 3600}, "hours": {_T: 3600}, "d": {_T: _DAY}, "day": {_T: _DAY}, "days": {_T: _DAY},
    "w": {_T: 7 * _DAY}, "week": {_T: 7 * _DAY}, "weeks": {_T: 7 * _DAY},
    "mon": {_T: 30 * _DAY}, "mons": {_T: 30 * _DAY}, "y": {_T: 365.25 * _DAY},
    "year": {_T: 365.25 * _DAY}, "years": {_T: 365.25 * _DAY},
}  # fmt: skip
"""Every unit, and how many of the base unit it is in each of its meanings. A month of an interval has 30 days, a year
365.25 (PostgreSQL: EXTRACT(EPOCH FROM interval))."""

_SPACED = r"%|[A-Za-zµμ]{2,12}"
"""Behind a space a unit has two letters: in `5 m` and `3 d` the letter may begin anything."""
_DIGITS = r"[-+]?(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?"
_WHOLE = re.compile(rf"({_DIGITS})(?:(%|[A-Za-zµμ]{{1,12}})|\s+({_SPACED}))?", re.ASCII)
_FREE = re.compile(rf"(?<![\w.:/-])({_DIGITS})(?:(%|[A-Za-zµμ]{{1,12}})|\s({_SPACED})\b)?(?!\w|[.:/,-]\d)", re.ASCII)
_SPAN = re.compile(r"([-+]?\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*", re.ASCII)
_CLOCK = re.compile(r"([-+]?)(\d+):([0-5]\d):([0-5]\d(?:\.\d+)?)", re.ASCII)
_OF = re.compile(r"(\d{1,9})/(\d{1,9})", re.ASCII)
_ENDLESS = {"inf": math.inf, "+inf": math.inf, "-inf": -math.inf}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in its unit, one of UNITS."""

    number: float
    unit: str = ""

    def __str__(self) -> str:
        space = " " if len(self.unit) > 3 else ""
        return f"{_plain(self.number)}{space}{self.unit}"

    @property
    def meanings(self) -> Mapping[Dimension, float]:
        """What it measures, and how many base units its unit is."""
        return UNITS[self.unit]

    def measured_in(self, dimension: Dimension) -> float:
        """Return the number in the base unit of one of its meanings."""
        return self.number * self.meanings[dimension]

    def or_in(self, unit: str) -> "Quantity":
        """Return a number without a unit in `unit`, if that is one, and any other as it is."""
        return Quantity(self.number, unit) if not self.unit and unit in UNITS else self


def parse_quantity(text: str) -> Quantity | None:
    """Read a text that is one quantity and nothing else; None when it is not.

    Besides a number and its unit this is a span of time (`1h30m`, `1 day 02:03:04`, `00:05:12`) in seconds, and
    `1/2` as a share of so many (`READY`; `0/0` is all of none).
    """
    text = text.strip()
    if (endless := _ENDLESS.get(text.lower())) is not None:
        return Quantity(endless)
    if found := _WHOLE.fullmatch(text):
        return _found(found)
    if found := _OF.fullmatch(text):
        ready, wanted = float(found[1]), float(found[2])
        return Quantity(100 * ready / wanted if wanted else 100.0, "%")
    return _parse_span(text)


def find_quantity(text: str) -> Quantity | None:
    """Return the first quantity that stands on its own in a text: not in a name, a date, an address or a clock time."""
    if whole := parse_quantity(text):
        return whole
    for found in _FREE.finditer(text):
        if quantity := _found(found):
            return quantity
        if found[3]:  # the word behind the space is no unit: the number stands alone
            return Quantity(_float(found[1]))
    return None


def together(quantities: Iterable[Quantity]) -> Dimension:
    """Return what all of these measure. Raises UnitsDiffer when there is no such thing."""
    listed = list(quantities)
    for dimension in Dimension:
        if all(dimension in each.meanings for each in listed):
            return dimension
    shown = list(dict.fromkeys(listed))[:2]
    odd = [f"{each} {_kind(each)}" for each in shown]
    raise UnitsDiffer(f"{odd[0]} and {odd[-1]} cannot be compared.")


def compared(value: Quantity, threshold: Quantity) -> tuple[float, float]:
    """Return both in the same base unit.

    Zero fits every unit, and a threshold without a unit fits a share: `> 70` is `> 70%`. Raises UnitsDiffer with what
    to write instead when the units do not belong together.
    """
    if not value.unit and value.number == 0:
        return 0.0, threshold.number
    if not threshold.unit and (threshold.number == 0 or Dimension.SHARE in value.meanings):
        return value.number * value.meanings.get(Dimension.SHARE, 1.0), threshold.number
    try:
        dimension = together((value, threshold))
    except UnitsDiffer as differ:
        raise UnitsDiffer(f"{str(differ).removesuffix('.')}; {_advice(value, threshold)}.") from None
    return value.measured_in(dimension), threshold.measured_in(dimension)


def _advice(value: Quantity, threshold: Quantity) -> str:
    if not value.unit:
        return f"if the value is in {threshold.unit}, say so with unit:"
    if not threshold.unit:
        return f"write the threshold with its unit, like {Quantity(threshold.number, value.unit)}"
    return "check which number is read, and the threshold's unit"


def _kind(quantity: Quantity) -> str:
    names = {_N: "a plain number", _C: "CPU", _B: "a size", _T: "a time", _S: "a share"}
    return f"({' or '.join(names[each] for each in quantity.meanings)})"


def _found(found: "re.Match[str]") -> Quantity | None:
    unit = found[2] or found[3] or ""
    return Quantity(_float(found[1]), unit) if unit in UNITS else None


def _parse_span(text: str) -> Quantity | None:
    seconds, at, parts = 0.0, 0, 0
    while found := _SPAN.match(text, at):
        meanings = UNITS.get(found[2], {})
        if Dimension.TIME not in meanings:
            return None
        seconds, at, parts = seconds + float(found[1]) * meanings[Dimension.TIME], found.end(), parts + 1
    if clock := _CLOCK.match(text, at):
        length = int(clock[2]) * 3600 + int(clock[3]) * 60 + float(clock[4])
        seconds, at, parts = seconds + (-length if clock[1] == "-" else length), clock.end(), parts + 1
    return Quantity(seconds, "s") if parts and at == len(text) else None


def _float(digits: str) -> float:
    return float(digits.replace(",", ""))


def _plain(number: float) -> str:
    if not math.isfinite(number):
        return "infinite" if number > 0 else "-infinite"
    if number == int(number) and abs(number) < 1e15:
        return f"{int(number):,}"
    return f"{number:,.2f}".rstrip("0").rstrip(".") if abs(number) >= 1 else f"{number:.3g}"

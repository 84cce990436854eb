"""What Prometheus answers, as tables, lines of text, series and facts."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.errors import AnswerUnreadable
from bot.operations.output import Output, Series, Table

_MOST_SERIES = 50  # more lines than this nobody can tell apart in a picture
MOST_POINTS = 1000


@dataclass(frozen=True, slots=True)
class _Sample:
    labels: Mapping[str, str]
    value: str


def output_of(data: Any, rows: int) -> Output:
    """Return the output of the `data` of an answer. Raises AnswerUnreadable when it is none.

    The shapes are those of https://prometheus.io/docs/prometheus/latest/querying/api/#expression-query-result-formats
    """
    try:
        kind, result = data["resultType"], data["result"]
        if kind == "vector":
            return _vector([_Sample(_labels(entry), _value(entry)) for entry in result], rows)
        if kind == "matrix":
            return _matrix([(_labels(entry), _points(entry)) for entry in result])
        return _vector([_Sample({}, str(result[1]))], rows)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError):
        raise AnswerUnreadable("Prometheus answered with something that is no result of a query.") from None


def _labels(entry: Mapping[str, Any]) -> Mapping[str, str]:
    return {str(name): str(value) for name, value in entry["metric"].items()}


def _value(entry: Mapping[str, Any]) -> str:
    """Return a sample's value; of a native histogram its count and sum."""
    if "value" in entry:
        return str(entry["value"][1])
    histogram = entry["histogram"][1]
    return f"count {histogram['count']}, sum {histogram['sum']}"


def _points(entry: Mapping[str, Any]) -> tuple[tuple[float, float], ...]:
    pairs = entry.get("values") or [(at, histogram["count"]) for at, histogram in entry.get("histograms", ())]
    return tuple((float(at), float(value)) for at, value in pairs)[-MOST_POINTS:]


def _vector(samples: Sequence[_Sample], rows: int) -> Output:
    kept = samples[:rows]
    names = _names([sample.labels for sample in kept])
    table = Table(
        (*names, "value"), tuple((*(sample.labels.get(name, "") for name in names), sample.value) for sample in kept)
    )
    text = "\n".join(f"{written(sample.labels)} {sample.value}".strip() for sample in kept)
    facts: dict[str, float | str] = {"count": float(len(samples))}
    if len(samples) == 1:
        facts["value"] = _number(samples[0].value)
    return Output(text, table=table, facts=facts, cut=_cut(len(samples), rows))


def _matrix(found: Sequence[tuple[Mapping[str, str], tuple[tuple[float, float], ...]]]) -> Output:
    kept = [(labels, points) for labels, points in found[:_MOST_SERIES] if points]
    names = _names([labels for labels, _ in kept])
    rows = [(*(labels.get(name, "") for name in names), *_figures(points)) for labels, points in kept]
    table = Table((*names, "last", "min", "max", "mean"), tuple(rows))
    lines = [" ".join((written(labels), _described(points))).strip() for labels, points in kept]
    series = tuple(Series(written(labels) or "value", points) for labels, points in kept)
    facts: dict[str, float | str] = {"count": float(len(found))}
    if len(kept) == 1:
        last, low, high, mean = _figures(kept[0][1])
        facts |= {"value": float(last), "min": float(low), "max": float(high), "mean": float(mean)}
    return Output("\n".join(lines), table=table, series=series, facts=facts, cut=_cut(len(found), _MOST_SERIES))


def written(labels: Mapping[str, str]) -> str:
    """Return labels as PromQL writes them: `up{job="api"}`; nothing for none."""
    rest = ", ".join(f'{name}="{value}"' for name, value in sorted(labels.items()) if name != "__name__")
    return f"{labels.get('__name__', '')}{{{rest}}}" if rest else labels.get("__name__", "")


def _figures(points: Sequence[tuple[float, float]]) -> tuple[str, str, str, str]:
    """Return the last, the least, the largest value and the mean of those that are numbers."""
    values = [value for _, value in points if math.isfinite(value)]
    if not values:
        return ("NaN",) * 4
    mean = math.fsum(value / len(values) for value in values)  # their sum may be larger than any number
    return f"{points[-1][1]:.6g}", f"{min(values):.6g}", f"{max(values):.6g}", f"{mean:.6g}"


def _described(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(
        f"{name} {figure}" for name, figure in zip(("last", "min", "max", "mean"), _figures(points), strict=True)
    )


def _names(labels: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """Return the names of labels that at least one has, in order, the metric's own first."""
    return tuple(sorted({name for each in labels for name in each}, key=lambda name: (name != "__name__", name)))


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _cut(found: int, most: int) -> str:
    return f"{found - most} more series" if found > most else ""

"""The evidence behind findings: tables for reading, files for what is long, pictures of what changed over time."""

from collections.abc import Iterable
from contextlib import suppress

from bot.diagnosis.board import Attachment
from bot.diagnosis.finding import Finding
from bot.diagnosis.report import Evidence, Excerpt
from bot.operations.output import Output, Table
from bot.pictures.chart import Limit, chart
from bot.pictures.describing import describe
from bot.runbooks.probes import Probe
from bot.runbooks.quantities import UNITS, Quantity, UnitsDiffer, compared

_ROWS, _COLUMNS, _CELL = 30, 10, 120
"""What a table in a thread shows; Slack's own takes 100 rows of 20 cells and 10,000 characters in all."""
_TEXT = 9000
_LINES = 3
"""Shorter texts are said in the finding's sentence already."""


def tables(findings: Iterable[Finding]) -> list[Evidence]:
    """Return the tables that findings brought back, those with anything to read in them."""
    return [_evidence(f.title, f.output.table) for f in findings if f.output and _is_table(f.output)]


def files(key: str, probes: Iterable[Probe], findings: Iterable[Finding]) -> list[Attachment]:
    """Return long texts and pictures; names begin with `key`, so that those of two reports stay apart.

    Drawing takes tens of milliseconds a picture: not on the event loop.
    """
    by_name = {probe.name: probe for probe in probes}
    made: list[Attachment] = []
    for finding in findings:
        output = finding.output
        if output is None:
            continue
        if output.series:
            made.append(_picture(key, finding, output, by_name.get(finding.probe)))
        elif _is_long(output):
            made.append(_text(key, finding, output))
    return made


def excerpts(findings: Iterable[Finding]) -> list[Excerpt]:
    """Return the beginnings of long texts, for those who are told by a message because a file would be for all."""
    texts = [(f.title, f.output) for f in findings if f.output and not _is_table(f.output) and _is_long(f.output)]
    return [_excerpt(title, output) for title, output in texts]


def _excerpt(title: str, output: Output) -> Excerpt:
    kept, lines = output.text[:_TEXT], output.text.count("\n")
    more = lines - kept.count("\n")
    left = [f"{more:,} more lines"] if more else []
    return Excerpt(title, kept, " and ".join([*left, *([output.cut] if output.cut else [])]))


def _is_table(output: Output) -> bool:
    return output.table is not None and not output.series and len(output.table.columns) > 1 and bool(output.table.rows)


def _is_long(output: Output) -> bool:
    if _is_table(output):
        return output.table is not None and len(output.table.rows) > _ROWS
    return output.text.count("\n") >= _LINES or len(output.text) > _CELL * _LINES


def _evidence(title: str, table: Table | None) -> Evidence:
    assert table is not None, "only outputs with a table get here"
    columns = tuple(column[:_CELL] for column in table.columns[:_COLUMNS])
    rows: list[tuple[str, ...]] = []
    size = 0
    for row in table.rows[:_ROWS]:
        cells = tuple(cell[:_CELL] for cell in row[:_COLUMNS])
        size += sum(map(len, cells))
        if size > _TEXT:
            break
        rows.append(cells)
    more = len(table.rows) - len(rows)
    left = [f"{more:,} more rows"] if more else []
    left += [f"{len(table.columns) - _COLUMNS} more columns"] if len(table.columns) > _COLUMNS else []
    return Evidence(title, Table(columns, tuple(rows)), " and ".join(left))


def _text(key: str, finding: Finding, output: Output) -> Attachment:
    said = f"\n… {output.cut}\n" if output.cut else ""
    return Attachment(f"{key}-{finding.probe}.txt", finding.title, f"{output.text}{said}".encode())


def _picture(key: str, finding: Finding, output: Output, probe: Probe | None) -> Attachment:
    unit = probe.unit or "" if probe else ""
    picture = chart(output.series, finding.title, _limits(probe) if probe else (), unit)
    return Attachment(f"{key}-{finding.probe}.png", finding.title, picture, describe(output.series, unit))


def _limits(probe: Probe) -> list[Limit]:
    """Return the thresholds that can be drawn as lines: numbers, in the unit of the probe's values."""
    both = ((probe.warning, False), (probe.critical, True))
    unit = Quantity(1.0, probe.unit or "" if (probe.unit or "") in UNITS else "")
    limits = []
    for condition, worst in both:
        if condition and condition.quantity:
            with suppress(UnitsDiffer):
                one, threshold = compared(unit, condition.quantity.or_in(unit.unit))
                limits.append(Limit(threshold / one, critical=worst))
    return limits

"""From an output to a finding: the value is read, and compared with the thresholds."""

from dataclasses import replace

from bot.diagnosis.finding import Finding, Level
from bot.errors import AnswerUnreadable
from bot.operations.line import Line
from bot.operations.output import Output
from bot.operations.text.nouns import Grep
from bot.runbooks.conditions import Condition, Value
from bot.runbooks.counting import counted, singular
from bot.runbooks.probes import Probe
from bot.runbooks.quantities import UNITS, UnitsDiffer
from bot.runbooks.readings import Reading, default_reading, failed

_TEXT, _ROWS, _WORDS, _LINES = 200_000, 500, 160, 3
_READS_THE_END = ("status", "code")


def judge(probe: Probe, output: Output, line: Line | None = None) -> Finding:
    """Return the finding of a probe whose line (its only one, if left out) brought back this output.

    An operation that failed is critical, unless the probe's own thresholds speak of failing, or its value is the very
    exit code or status.
    """
    finding = _by_thresholds(probe, output) or _by_value(probe, output)
    if finding.level is not Level.CRITICAL and _broke(probe, output, line or probe.run[0]):
        finding = _bad(probe, Level.CRITICAL, _outcome(output), None)
    return replace(finding, output=capped(output))


def unknown(probe: Probe, sentence: str) -> Finding:
    """Return the finding of a probe that could not be asked or understood."""
    return Finding(probe.name, probe.title, Level.UNKNOWN, sentence)


def capped(output: Output) -> Output:
    """Return an output that is short enough to be kept; what was left out is said in `cut`."""
    text, table, cuts = output.text, output.table, [output.cut] if output.cut else []
    if len(text) > _TEXT:
        cuts.append(counted(len(text) - _TEXT, "more characters"))
        text = text[:_TEXT]
    if table and len(table.rows) > _ROWS:
        cuts.append(counted(len(table.rows) - _ROWS, "more rows"))
        table = replace(table, rows=table.rows[:_ROWS])
    return replace(output, text=text, table=table, cut=", ".join(cuts))


def reading_of(probe: Probe) -> Reading:
    """Return what is read of the probe's output."""
    return probe.value or default_reading(probe.critical, probe.warning)


def _conditions(probe: Probe) -> list[tuple[Level, Condition]]:
    both = ((Level.CRITICAL, probe.critical), (Level.WARNING, probe.warning))
    return [(level, condition) for level, condition in both if condition]


def _by_thresholds(probe: Probe, output: Output) -> Finding | None:
    """Return the finding of the first threshold that is met, the critical one before the warning."""
    for level, condition in _conditions(probe):
        if condition.is_about_failing:
            if failed(output):
                return _bad(probe, level, _outcome(output), condition)
        elif (found := _compared(probe, output, level, condition)) is not None:
            return found
    return None


def _compared(probe: Probe, output: Output, level: Level, condition: Condition) -> Finding | None:
    unit = probe.unit or ""
    try:
        value = reading_of(probe).read(output, unit)
        met = condition.holds(value, unit)
    except (AnswerUnreadable, UnitsDiffer) as error:
        return unknown(probe, str(error))
    return _bad(probe, level, shown(value, unit), condition) if met else None


def _broke(probe: Probe, output: Output, line: Line) -> bool:
    """Tell whether the operation failed without the probe saying what to make of it.

    A grep that finds nothing ends with 1, which is no failure of the operation.
    """
    speaks = any(condition.is_about_failing for _, condition in _conditions(probe))
    if speaks or reading_of(probe).verb in _READS_THE_END:
        return False
    found_nothing = output.code == 1 and bool(line.filters) and isinstance(line.filters[-1], Grep)
    return failed(replace(output, code=0) if found_nothing else output)


def _by_value(probe: Probe, output: Output) -> Finding:
    """Return the finding of a probe whose thresholds are not met, or that has none."""
    unit = probe.unit or ""
    try:
        value = _counted(probe, output) or shown(reading_of(probe).read(output, unit), unit)
    except (AnswerUnreadable, UnitsDiffer) as error:
        return unknown(probe, str(error))
    conditions = list(reversed(_conditions(probe)))
    limits = ", ".join(f"{level.word} {condition}" for level, condition in conditions)
    said = value or "The answer is empty"
    if any(condition.is_limit for _, condition in conditions):
        said += f", within the limits ({limits})"
    elif conditions:
        said += ", as it should be"
    return Finding(probe.name, probe.title, Level.OK, f"{said}.", value, limits)


def _counted(probe: Probe, output: Output) -> str:
    """Return how many rows or lines there are when only the text is read: on one line nobody could read them."""
    table = output.table
    if reading_of(probe).verb != "text":
        return ""
    if table and len(table.columns) > 1 and table.rows:
        return counted(len(table.rows), "rows")
    lines = sum(bool(line.strip()) for line in output.text.splitlines())
    return f"{lines:,} lines" if lines > _LINES else ""


def _bad(probe: Probe, level: Level, value: str, condition: Condition | None) -> Finding:
    called = "a warning" if level is Level.WARNING else "critical"
    why = f" ({condition})" if condition and not condition.is_about_failing else ""
    said = value or "The answer is empty"
    return Finding(
        probe.name, probe.title, level, f"{said}, which is {called}{why}.", value, str(condition) if condition else ""
    )


def _outcome(output: Output) -> str:
    status = output.facts.get("status")
    if isinstance(status, (int, float)) and status >= 400:
        return f"It failed with HTTP status {status:.0f}"
    return f"It failed with exit code {output.code}"


def shown(value: Value, unit: str) -> str:
    """Return a value for people: on one line, not too long, with its unit."""
    text = " ".join(value.text[: 4 * _WORDS].split())
    if len(text) > _WORDS:
        text = f"{text[:_WORDS].rstrip()}…"
    if value.quantity is None or not unit:
        return text
    if unit in UNITS:
        return str(value.quantity)
    return f"{text} {singular(unit) if value.quantity.number == 1 else unit}"

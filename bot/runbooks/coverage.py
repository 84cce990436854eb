"""Which rows of the inventory the runbooks carry out, and why each of the others is missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.operations.found import commands_in
from bot.operations.line import Line, read_line
from bot.operations.refusal import LineRefused
from bot.runbooks.claims import Claim, claims_of
from bot.runbooks.inventory import Row
from bot.runbooks.platforms import Platforms

_DONE = frozenset({"probe", "action", "checklist-item", "monitor"})
"""Kinds of rows that are something to do, so that a person's step needs a reason."""


class Way(StrEnum):
    """How a row is carried out."""

    COMMAND = "a command"
    CHANGED = "a changed command"
    HUMAN = "a human step"
    OWN = "a command of Opsroom's own"
    STATED = "what a file states"


@dataclass(slots=True)
class Coverage:
    """How each row that counts is carried out, and why each other one does not count."""

    rows: tuple[Row, ...]
    ways: dict[str, Way] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether every row counts."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class Wanted:
    """A command line of a row: what it does, or None when it is no operation as it stands there.

    Two are equal when they do the same; one that is no operation equals only its own text.
    """

    text: str
    line: Line | None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Wanted):
            return NotImplemented
        return self.line == other.line if self.line or other.line else self.text == other.text

    def __hash__(self) -> int:
        return hash(self.line or self.text)


class _Short(Exception):
    """A claim that does not count; its text is the reason."""


def coverage(platforms: Platforms, rows: Iterable[Row]) -> Coverage:
    """Return what the platforms' entries make of the rows."""
    found = Coverage(tuple(rows))
    by_id = {row.id: row for row in found.rows}
    claims: dict[str, list[Claim]] = {}
    for claim in (claim for platform in platforms for claim in claims_of(platform)):
        for row_id in claim.rows:
            claims.setdefault(row_id, []).append(claim)
    for row in found.rows:
        _judge(row, claims.get(row.id, []), by_id, found)
    return found


def _judge(row: Row, claims: list[Claim], by_id: Mapping[str, Row], found: Coverage) -> None:
    reasons = []
    for claim in claims:
        try:
            way = _way(row, claim, by_id)
        except _Short as short:
            reasons.append(str(short))
        else:
            found.ways.setdefault(row.id, way)
    if row.id not in found.ways:
        found.missing[row.id] = "; ".join(dict.fromkeys(reasons)) or "no entry names it"


def _way(row: Row, claim: Claim, by_id: Mapping[str, Row]) -> Way:
    """Return how a claim carries a row out. Raises _Short with the reason when it does not."""
    if claim.platform != row.platform:
        raise _Short(f"{claim.entry} is an entry of {claim.platform}")
    if row.kind not in claim.counts_for:
        kinds = " or ".join(map(_with_article, sorted(claim.counts_for)))
        raise _Short(f"{claim.entry} names it, which counts for {kinds} and not for {_with_article(row.kind)}")
    if row.kind == "procedure":
        return _of_procedure(row, claim, by_id)
    return _of_deed(row, claim, by_id) if row.kind in _DONE else Way.STATED


def _of_deed(row: Row, claim: Claim, by_id: Mapping[str, Row]) -> Way:
    if claim.human:
        if not claim.because:
            raise _Short(f"{claim.entry} leaves it to a person and does not say why (because)")
        return Way.HUMAN
    wanted = wanted_by(row, claim)
    if claim.own:
        if wanted and not claim.differs:
            raise _Short(f'{claim.entry} does not run "{_shown(wanted[0].text)}" and does not say why (differs)')
        return Way.OWN
    all_wanted = [each for name in claim.rows if name in by_id for each in wanted_by(by_id[name], claim)]
    complaint = _difference(claim, wanted, all_wanted) if wanted else None
    if complaint and not claim.differs:
        raise _Short(f"{claim.entry} {complaint}, and does not say why (differs)")
    return Way.CHANGED if complaint else Way.COMMAND


def _difference(claim: Claim, wanted: Iterable[Wanted], all_wanted: Iterable[Wanted]) -> str | None:
    """Return in a clause how what an entry runs is not what a row says; None when it runs that and nothing else."""
    ours = [Wanted(line.text, line) for line in claim.lines]
    left = next((each for each in wanted if each not in ours), None)
    if left is not None:
        instead = f'"{_shown(ours[0].text)}"' if ours else "nothing"
        return f'runs {instead} where the row has "{_shown(left.text)}"'
    more = next((each for each in ours if each not in all_wanted), None)
    return f'runs "{_shown(more.text)}", which its rows do not have' if more else None


def _of_procedure(row: Row, claim: Claim, by_id: Mapping[str, Row]) -> Way:
    """Each command in a procedure's row is run by a step, or stands in a row of its own that a step is for."""
    known = [Wanted(line.text, line) for line in claim.lines]
    known += [each for name in claim.also if name in by_id for each in wanted_by(by_id[name], claim)]
    left = [each for each in wanted_by(row, claim) if each not in known]
    if left and not claim.differs:
        raise _Short(f'{claim.entry} has no step for "{_shown(left[0].text)}" and does not say why (differs)')
    if claim.human:
        return Way.HUMAN
    return Way.CHANGED if left else Way.COMMAND


def wanted_by(row: Row, claim: Claim) -> tuple[Wanted, ...]:
    """Return the command lines that a row's detail holds, read with the programs of the claim's platform."""
    return tuple(_read(text, claim.programs) for text in commands_in(row.detail))


def _read(text: str, programs: frozenset[str]) -> Wanted:
    try:
        return Wanted(text, read_line(text, programs=programs))
    except LineRefused:
        return Wanted(text, None)


def _with_article(kind: str) -> str:
    return f"an {kind}" if kind[0] == "a" else f"a {kind}"


def _shown(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:77]}..."

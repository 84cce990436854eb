"""What to do next: the steps that a procedure offers after what was found, and the procedures that fit it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.diagnosis.finding import Finding, Level
from bot.runbooks.platform import Platform
from bot.runbooks.procedures import Procedure
from bot.runbooks.steps import Step


@dataclass(frozen=True, slots=True)
class Offer:
    """A step of a procedure's resolution, by its position there, and the finding that it is offered for, if any."""

    position: int
    step: Step
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """A procedure that looks at what was found, and the findings in it that are not ok."""

    procedure: Procedure
    findings: tuple[Finding, ...]


def next_steps(procedure: Procedure, findings: Iterable[Finding]) -> tuple[Offer, ...]:
    """Return the steps of the resolution that are offered now.

    Those for the worst findings come first, then those that are always offered, each group in the procedure's order.
    """
    known = {finding.probe: finding for finding in findings}
    offers: list[Offer] = []
    for position, step in enumerate(procedure.resolve):
        met = [known[when.probe] for when in step.offer_when if _is_met(known.get(when.probe), when.level)]
        if met or not step.offer_when:
            offers.append(Offer(position, step, max(met, key=lambda finding: finding.level, default=None)))
    return tuple(sorted(offers, key=lambda offer: -offer.finding.level if offer.finding else 1))


def fitting(platform: Platform, findings: Sequence[Finding], limit: int = 3) -> tuple[Fit, ...]:
    """Return the procedures whose diagnosis looks at a finding that is a warning or critical.

    The one with the worst findings comes first, of equals the one with more of them.
    """
    bad = {finding.probe: finding for finding in findings if finding.level >= Level.WARNING}
    fits = []
    for procedure in platform.procedures.values():
        names = [probe.name for probe in platform.probes_of(procedure)]
        if seen := tuple(bad[name] for name in names if name in bad):
            fits.append(Fit(procedure, seen))
    return tuple(sorted(fits, key=_rank)[:limit])


def _is_met(finding: Finding | None, level: str) -> bool:
    return finding is not None and finding.level.word == level


def _rank(fit: Fit) -> tuple[int, int]:
    return -max(finding.level for finding in fit.findings), -len(fit.findings)

"""The report of a diagnosis: what is shown while it goes on, and when it is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bot.diagnosis.binding import missing_values, wrong_values
from bot.diagnosis.finding import Finding, Level, worst_first
from bot.diagnosis.next_steps import Fit, Offer, fitting, next_steps
from bot.operations.output import Table
from bot.runbooks.parameters import Parameter
from bot.runbooks.platform import Platform
from bot.runbooks.probes import Probe
from bot.runbooks.procedures import Procedure


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What somebody wants to know: a procedure's diagnosis, one probe, or (`subject` None) the first look.

    `key` names the request, so that the same one is answered once; `by` is None when Opsroom asks by itself. `thread`
    is the message in whose thread the report belongs, `incident` the number of the incident it is evidence for.
    """

    key: str
    platform: Platform
    subject: Procedure | Probe | None
    given: Mapping[str, str]
    by: str | None
    at: datetime
    channel: str
    thread: str | None = None
    reply_to: str | None = None
    incident: int | None = None

    @property
    def procedure(self) -> Procedure | None:
        """The procedure that is looked at; of a first look, that of the initial assessment."""
        if self.subject is None:
            return self.platform.procedures.get(self.platform.initial_assessment or "")
        return self.subject if isinstance(self.subject, Procedure) else None

    @property
    def title(self) -> str:
        """What is looked at, in a few words."""
        known = self.subject or self.procedure
        return known.title if known else "First look"

    @property
    def probes(self) -> tuple[Probe, ...]:
        """What is asked; nothing when the procedure leaves all the looking to people."""
        if isinstance(self.subject, Probe):
            return (self.subject,)
        return self.platform.probes_of(self.procedure) if self.procedure else ()

    @property
    def is_restricted(self) -> bool:
        """Whether the answer is for the one who asks alone."""
        return isinstance(self.subject, Probe) and self.subject.restricted

    @property
    def withheld(self) -> tuple[Probe, ...]:
        """What the procedure looks at as well, and what has to be asked for by itself because it is restricted."""
        procedure = None if isinstance(self.subject, Probe) else self.procedure
        return self.platform.restricted_of(procedure) if procedure else ()

    def missing(self) -> dict[str, Parameter]:
        """Return what has to be asked for, by name: what nobody gave and no target fills, and what is wrong."""
        return missing_values(self.platform, self.probes, self.given)

    def wrong(self) -> dict[str, str]:
        """Return a sentence for each value that cannot be used, by name."""
        return wrong_values(self.probes, self.given)


class Count(NamedTuple):
    """How many findings have a level."""

    level: Level
    number: int


@dataclass(frozen=True, slots=True)
class Report:
    """What was found up to now, the worst first; `waiting` are the titles of what is still being looked at."""

    inquiry: Inquiry
    findings: tuple[Finding, ...]
    waiting: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def counts(self) -> tuple[Count, ...]:
        """How many findings there are of each level that occurs, the worst first."""
        levels = [finding.level for finding in self.findings]
        return tuple(Count(level, levels.count(level)) for level in sorted(set(levels), reverse=True))

    @property
    def offers(self) -> tuple[Offer, ...]:
        """The steps that are offered after what was found, once all is known."""
        procedure = self.inquiry.procedure
        return next_steps(procedure, self.findings) if procedure and not self.waiting else ()

    @property
    def fits(self) -> tuple[Fit, ...]:
        """Other procedures that look at what is wrong, once all is known."""
        if self.waiting:
            return ()
        own = self.inquiry.procedure
        found = fitting(self.inquiry.platform, self.findings)
        return tuple(fit for fit in found if own is None or fit.procedure.name != own.name)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A table in the thread of a report; `left_out` says in a clause what it does not show, or is empty."""

    title: str
    table: Table
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A long text for the one who asked; `left_out` says in a clause what it does not show, or is empty."""

    title: str
    text: str
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Unshared:
    """In the thread of a report: the files that could not be shared there, by their titles."""

    titles: tuple[str, ...]


def report_of(inquiry: Inquiry, findings: Sequence[Finding], seconds: float) -> Report:
    """Return the report of what was found up to now."""
    known = {finding.probe for finding in findings}
    waiting = tuple(probe.title for probe in inquiry.probes if probe.name not in known)
    return Report(inquiry, worst_first(list(findings)), waiting, seconds)

"""Verifying: whether a change has worked, by the probes and command lines that its action names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.diagnosis.binding import bound
from bot.diagnosis.diagnosis import Diagnosis
from bot.diagnosis.finding import Finding, Level
from bot.errors import BadInput, TargetError
from bot.operations.backend import Limits
from bot.operations.line import Line
from bot.remediation.plan import Criterion
from bot.remediation.ports import Changers
from bot.runbooks.actions import Action
from bot.runbooks.faults import NoTarget
from bot.runbooks.objectives import Criterion as Written
from bot.runbooks.platform import Platform
from bot.runbooks.probes import Probe, under_condition

_LOOK = Limits(seconds=30.0)
_EXCERPT = 200


@dataclass(frozen=True, slots=True)
class Sign:
    """One look whether a change has worked: `fine`, or not; `known` is off when nobody can tell.

    `warns` says that it is fine, and worth a second look.
    """

    title: str
    said: str
    fine: bool
    known: bool = True
    warns: bool = False


class Verifying:
    """Looks whether changes have worked, and whether there is reason for one."""

    def __init__(self, changers: Changers, diagnosis: Diagnosis) -> None:
        self._changers, self._diagnosis = changers, diagnosis

    async def verify(self, platform: Platform, action: Action, given: Mapping[str, str]) -> tuple[Sign, ...]:
        """Return what the action's checks say now, each of them."""
        named = [platform.probes[check] for check in action.verify if isinstance(check, str)]
        findings = await self._diagnosis.run(platform, named, _known_to(named, given))
        lines = [check for check in action.verify if isinstance(check, Line)]
        return (*map(_sign, findings), *[await self._asked(platform, action, line, given) for line in lines])

    async def criteria(self, platform: Platform, written: Sequence[Written]) -> tuple[Criterion, ...]:
        """Return which reasons to go back are met now, in their order."""
        probes = [probe for each in written if (probe := _probe_of(platform, each))]
        findings = {found.probe: found for found in await self._diagnosis.run(platform, probes)}
        return tuple(_criterion(each, findings.get(each.criterion)) for each in written)

    async def _asked(self, platform: Platform, action: Action, line: Line, given: Mapping[str, str]) -> Sign:
        try:
            filled, target = bound(platform, action, line, given)
            output = await self._changers.ask(platform, filled.operation, target.name, _LOOK)
        except (TargetError, BadInput, NoTarget) as error:
            return Sign(line.text, str(error), fine=False, known=False)
        said = output.text.strip().partition("\n")[0][:_EXCERPT] or "It said nothing"
        return Sign(line.text, said, fine=output.code == 0)


def _known_to(probes: Sequence[Probe], given: Mapping[str, str]) -> dict[str, str]:
    names = {name for probe in probes for name in probe.parameters}
    return {name: value for name, value in given.items() if name in names}


def _sign(finding: Finding) -> Sign:
    warns = finding.level is Level.WARNING
    fine = warns or finding.level is Level.OK
    return Sign(finding.title, finding.sentence, fine, finding.level is not Level.UNKNOWN, warns)


def _probe_of(platform: Platform, written: Written) -> Probe | None:
    """Return what a criterion looks at, under its name; None when a machine cannot."""
    probe = platform.probes.get(written.probe or "")
    return under_condition(probe, written.criterion, written.when) if probe and probe.run else None


def _criterion(written: Written, finding: Finding | None) -> Criterion:
    if finding is None:
        return Criterion(written.criterion, None, "People say that.")
    met = None if finding.level is Level.UNKNOWN else finding.level is Level.CRITICAL
    return Criterion(written.criterion, met, finding.sentence)

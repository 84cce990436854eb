"""Values for the holes of a line: given by a person, stated as defaults, or known to the target."""

from collections.abc import Iterable, Mapping

from bot.errors import BadInput
from bot.nearest import one_of
from bot.operations.job.grammar import PROGRAMS
from bot.operations.line import Line, read_line
from bot.operations.refusal import LineRefused
from bot.runbooks.faults import NoTarget
from bot.runbooks.parameters import Parameter
from bot.runbooks.platform import Platform
from bot.runbooks.probes import Probe
from bot.runbooks.targets import HttpTarget, JobTarget, Target


class ValueMissing(BadInput):
    """A line cannot be carried out before somebody says what belongs in its holes; `names` are theirs."""

    def __init__(self, names: tuple[str, ...], titles: Mapping[str, str]) -> None:
        asked = one_of((f"{name} ({titles[name]})" if name in titles else name for name in names), "and")
        super().__init__(f"This needs a value for {asked}.")
        self.names = names


def bound(platform: Platform, probe: Probe, line: Line, values: Mapping[str, str]) -> tuple[Line, Target]:
    """Return a probe's line with values in its holes, and the target on which it is carried out.

    The values that its step says go before the given ones, and those before its defaults. Holes that the target fills
    by itself stay. Raises ValueMissing when others are left, LineRefused for a value that does not fit, NoTarget when
    the platform has no such target.
    """
    if line.holes:
        defaults = {name: parameter.default for name, parameter in probe.parameters.items() if parameter.default}
        line = read_line(line.text, {**defaults, **values, **probe.preset}, _programs(platform))
    target = platform.target_for(line.operation, probe.target)
    known = target.secrets_from if isinstance(target, HttpTarget) else {}
    if missing := tuple(name for name in line.holes if name not in known):
        raise ValueMissing(missing, {name: parameter.title for name, parameter in probe.parameters.items()})
    return line, target


def missing_values(platform: Platform, probes: Iterable[Probe], values: Mapping[str, str]) -> dict[str, Parameter]:
    """Return the values that nobody has given yet and that no target fills, by name."""
    wanted: dict[str, Parameter] = {}
    for probe in probes:
        for line in probe.run:
            try:
                bound(platform, probe, line, values)
            except ValueMissing as gap:
                wanted |= {name: probe.parameters[name] for name in gap.names if name in probe.parameters}
            except (LineRefused, NoTarget):
                continue  # its finding says so
    return wanted


def _programs(platform: Platform) -> frozenset[str]:
    jobs = (target for target in platform.targets.values() if isinstance(target, JobTarget))
    return frozenset(PROGRAMS).union(*(target.programs for target in jobs))

"""Values for the holes of a line: given by a person, stated as defaults, or known to the target."""

from collections.abc import Iterable, Mapping

from bot.errors import BadInput
from bot.nearest import nearest, one_of
from bot.operations.job.grammar import PROGRAMS
from bot.operations.line import Line, read_line
from bot.operations.refusal import LineRefused
from bot.runbooks.deeds import Deed
from bot.runbooks.faults import NoTarget
from bot.runbooks.parameter_values import refusal_of
from bot.runbooks.parameters import Parameter
from bot.runbooks.platform import Platform
from bot.runbooks.targeting import filled_by
from bot.runbooks.targets import JobTarget, Target

_SHOWN = 60


class ValueMissing(BadInput):
    """A line cannot be carried out before somebody says what belongs in its holes; `names` are theirs."""

    def __init__(self, names: tuple[str, ...], titles: Mapping[str, str]) -> None:
        asked = one_of((f"{name} ({titles[name]})" if name in titles else name for name in names), "and")
        super().__init__(f"This needs a value for {asked}.")
        self.names = names


class ValueWrong(BadInput):
    """A value is none that its parameter takes."""


def bound(platform: Platform, deed: Deed, line: Line, values: Mapping[str, str]) -> tuple[Line, Target]:
    """Return a deed's line with values in its holes, and the target on which it is carried out.

    The values that its step says go before the given ones, and those before its defaults. Holes that the target fills
    by itself stay. Raises ValueMissing when others are left, ValueWrong or LineRefused for a value that does not fit,
    NoTarget when the platform has no such target.
    """
    for name, wrong in wrong_values((deed,), {hole: values[hole] for hole in line.holes if hole in values}).items():
        raise ValueWrong(f"{deed.parameters[name].title}: {wrong}")
    if line.holes:
        defaults = {name: parameter.default for name, parameter in deed.parameters.items() if parameter.default}
        line = read_line(line.text, {**defaults, **values, **deed.preset}, _programs(platform))
    target = platform.target_for(line.operation, deed.target)
    known = filled_by(target, line.operation)
    if missing := tuple(name for name in line.holes if name not in known):
        raise ValueMissing(missing, {name: parameter.title for name, parameter in deed.parameters.items()})
    return line, target


def missing_values(platform: Platform, deeds: Iterable[Deed], values: Mapping[str, str]) -> dict[str, Parameter]:
    """Return what has to be asked for, by name: what nobody has given yet and no target fills, and what is wrong."""
    deeds = tuple(deeds)
    wrong = wrong_values(deeds, values)
    values = {name: value for name, value in values.items() if name not in wrong}
    wanted = {name: deed.parameters[name] for deed in deeds for name in wrong if name in deed.parameters}
    for deed in deeds:
        for line in deed.run:
            try:
                bound(platform, deed, line, values)
            except ValueMissing as gap:
                wanted |= {name: deed.parameters[name] for name in gap.names if name in deed.parameters}
            except (LineRefused, NoTarget, ValueWrong):
                continue  # its finding says so
    return wanted


def wrong_values(deeds: Iterable[Deed], values: Mapping[str, str]) -> dict[str, str]:
    """Return a sentence for each value that is given, and that a parameter of these deeds does not take, by name."""
    wrong: dict[str, str] = {}
    for deed in deeds:
        asked = {name: each for name, each in deed.parameters.items() if name not in deed.preset}
        for name, parameter in asked.items():
            if values.get(name) and (sentence := refusal_of(parameter, values[name])):
                wrong.setdefault(name, sentence)
    return wrong


def refuse_strangers(deeds: Iterable[Deed], values: Mapping[str, str]) -> None:
    """Raise BadInput for a value whose name none of these deeds knows: nothing is done on a guess."""
    known = dict.fromkeys(name for deed in deeds for name in (*deed.parameters, *_holes(deed)))
    for name in values:
        if name not in known:
            takes = f"it takes {one_of(nearest(name, known) or known, 'and')}" if known else "it takes no values"
            raise BadInput(f"“{name[:_SHOWN]}” is no value that this takes; {takes}.")


def _holes(deed: Deed) -> Iterable[str]:
    return (name for line in deed.run for name in line.holes)


def _programs(platform: Platform) -> frozenset[str]:
    jobs = (target for target in platform.targets.values() if isinstance(target, JobTarget))
    return frozenset(PROGRAMS).union(*(target.programs for target in jobs))

"""The command lines of all runbooks, one case each: those that read and those that change something."""

import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.operations.effect import Effect
from bot.operations.line import Line, read_line
from bot.operations.operation import TargetKind
from bot.runbooks.actions import Action
from bot.runbooks.alerts import Alert
from bot.runbooks.deeds import Deed
from bot.runbooks.loader import load_platforms
from bot.runbooks.objectives import Objective
from bot.runbooks.platform import Platform
from bot.runbooks.platforms import Platforms
from bot.runbooks.probes import Probe, probe_in

RUNBOOKS = Path(__file__).parents[2] / "runbooks"


@dataclass(frozen=True, slots=True)
class Case:
    """One line of one entry.

    `probe` is what its answer is judged by; `deed` has its parameters. `at` counts the entry's lines from 1, and is 0
    for an entry with one line.
    """

    platform: Platform
    entry: str
    deed: Deed
    line: Line
    text: str
    at: int = 0

    @property
    def name(self) -> str:
        """Its name in the test run: `social-live action restart-pod`."""
        return " ".join([self.platform.name, self.entry, *([str(self.at)] if self.at else [])])

    @property
    def kind(self) -> TargetKind:
        """What kind of target it is carried out on."""
        return self.platform.target_for(self.line.operation, self.deed.target).kind

    @property
    def probe(self) -> Probe | None:
        """What says how its answer is read."""
        return self.deed if isinstance(self.deed, Probe) else None

    @property
    def reads(self) -> bool:
        """Whether it changes nothing."""
        if isinstance(self.deed, Action):
            return self.line.effect is Effect.READ
        return True


@cache
def platforms() -> Platforms:
    """Return the platforms of this project."""
    return load_platforms(RUNBOOKS)


@cache
def cases() -> tuple[Case, ...]:
    """Return the cases of all platforms."""
    return tuple(case for platform in platforms() for case in _of(platform))


def _of(platform: Platform) -> Iterator[Case]:
    for name, probe in platform.probes.items():
        yield from _lines(platform, f"probe {name}", probe, probe.run)
    for name, action in platform.actions.items():
        yield from _lines(platform, f"action {name}", action, action.run)
        checks = [check for check in action.verify if isinstance(check, Line)]
        yield from _lines(platform, f"verify {name}", _measured(action.title, action), checks)
    for checklist in platform.checklists.values():
        for name, item in checklist.items.items():
            found = probe_in(item, name, item.title)
            yield from _lines(platform, f"checklist {checklist.name}.{name}", found, item.run)
    for name, monitor in platform.monitors.items():
        yield from _lines(platform, f"monitor {name}", probe_in(monitor, name, monitor.title), monitor.run)
    yield from _queries(platform, "alert", platform.alerts)
    yield from _queries(platform, "objective", platform.objectives)


def _lines(platform: Platform, entry: str, deed: Deed | None, lines: Iterable[Line]) -> Iterator[Case]:
    listed = list(lines)
    for at, line in enumerate(listed, 1):
        assert deed is not None
        yield Case(platform, entry, deed, line, line.text, at if len(listed) > 1 else 0)


def _queries(platform: Platform, kind: str, entries: Mapping[str, Alert | Objective]) -> Iterator[Case]:
    for name, entry in entries.items():
        if entry.query:
            line = read_line(f"promql {shlex.quote(entry.query)}")
            yield Case(platform, f"{kind} {name} query", _asking(entry), line, entry.query)


def _measured(title: str, deed: Deed) -> Probe:
    """Return a probe for a line that only has to succeed."""
    return Probe.model_construct(title=title, parameters=deed.parameters, target=deed.target)


def _asking(entry: Alert | Objective) -> Probe:
    """Return a probe for the value of a query, with the thresholds of an alert."""
    if isinstance(entry, Alert):
        return Probe.model_construct(title=entry.title, warning=entry.warning, critical=entry.critical)
    return Probe.model_construct(title=entry.title)

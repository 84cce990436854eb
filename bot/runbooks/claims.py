"""Which inventory rows the entries of a platform name, and what each entry does about them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.operations.line import Line
from bot.runbooks.actions import Action
from bot.runbooks.alerts import Alert
from bot.runbooks.checklists import Checklist, Item
from bot.runbooks.deeds import Deed
from bot.runbooks.document import Location
from bot.runbooks.entry import Sourced, walk
from bot.runbooks.monitors import Monitor
from bot.runbooks.objectives import Criterion, Objective, Retention, Rollback, ScalingTrigger
from bot.runbooks.people import Announcement, Channel, Contact, Link, Message, Policy, Severity
from bot.runbooks.platform import Platform
from bot.runbooks.probes import Probe
from bot.runbooks.procedures import Procedure
from bot.runbooks.rota import Rota
from bot.runbooks.steps import PlainStep

_COUNTS_FOR: tuple[tuple[type[Sourced], str, frozenset[str]], ...] = (
    (Probe, "probe", frozenset({"probe"})),
    (Action, "action", frozenset({"action"})),
    (PlainStep, "step", frozenset({"probe", "action"})),
    (Item, "checklist item", frozenset({"checklist-item"})),
    (Monitor, "monitor", frozenset({"monitor"})),
    (Procedure, "procedure", frozenset({"procedure"})),
    (Checklist, "checklist", frozenset({"policy"})),
    (Alert, "alert", frozenset({"alert"})),
    (Contact, "contact", frozenset({"contact"})),
    (Channel, "channel", frozenset({"contact"})),
    (Link, "link", frozenset({"contact"})),
    (Announcement, "announcement", frozenset({"policy", "template"})),
    (Message, "message", frozenset({"template"})),
    (Policy, "policy", frozenset({"policy"})),
    (Severity, "severity", frozenset({"policy"})),
    (Objective, "objective", frozenset({"policy"})),
    (ScalingTrigger, "scaling trigger", frozenset({"policy"})),
    (Criterion, "rollback criterion", frozenset({"policy"})),
    (Rollback, "rollback", frozenset({"policy"})),
    (Retention, "retention", frozenset({"policy"})),
    (Rota, "rota", frozenset({"policy"})),
)


@dataclass(frozen=True, slots=True)
class Claim:
    """An entry that names rows.

    `counts_for` are the kinds of rows that such an entry can stand for. `lines` are the command lines that it runs,
    by itself or through the entries that it names; `human` and `because` say what a person does and why; `own` is
    Opsroom's own command. `also` are the rows that the entries which it names stand for, `programs` what may run as a
    job on the platform.
    """

    platform: str
    entry: str
    counts_for: frozenset[str]
    rows: tuple[str, ...]
    lines: tuple[Line, ...] = ()
    differs: str = ""
    human: bool = False
    because: str = ""
    own: bool = False
    also: frozenset[str] = frozenset()
    programs: frozenset[str] = frozenset()


def claims_of(platform: Platform) -> Iterator[Claim]:
    """Yield the claims of everything that a platform's files say."""
    files = (platform, *platform.checklists.values(), *platform.alerts.values(), *platform.procedures.values())
    named: dict[str, Probe | Action] = {**platform.probes, **platform.actions}
    in_place = {id(step) for procedure in platform.procedures.values() for _, step in procedure.steps()}
    loose = [entry for entry in (*platform.probes.values(), *platform.actions.values()) if id(entry) not in in_place]
    for thing in (*files, *loose):
        for location, entry in walk(thing):
            if isinstance(entry, Sourced) and entry.source:
                yield _claim(platform, location, entry, named)


def _claim(platform: Platform, location: Location, entry: Sourced, named: dict[str, Probe | Action]) -> Claim:
    kind, counts_for = next((word, kinds) for cls, word, kinds in _COUNTS_FOR if isinstance(entry, cls))
    where = _called(entry, location)
    first = Claim(platform.name, f"{kind} {where}".strip(), counts_for, entry.source, programs=platform.programs)
    match entry:
        case Procedure():
            return _of_procedure(first, entry, named)
        case Deed():
            return _of_deed(first, entry, _named_by(entry, platform))
    return first


def _called(entry: Sourced, location: Location) -> str:
    name = getattr(entry, "name", "") or entry.name_in_file
    return name if isinstance(name, str) and name else " ".join(str(step) for step in location)


def _named_by(entry: Deed, platform: Platform) -> Deed | None:
    """Return the probe or action that an item or a monitor stands for."""
    match entry:
        case Item(probe=str(name)) | Monitor(probe=str(name)):
            return platform.probe(name)
        case Item(action=str(name)):
            return platform.action(name)
    return None


def _of_deed(first: Claim, entry: Deed, named: Deed | None) -> Claim:
    does = named or entry
    return replace(
        first,
        lines=does.run,
        differs=entry.differs or does.differs or "",
        human=bool(does.human),
        because=entry.because or does.because or "",
        own=bool(does.opsroom),
    )


def _of_procedure(first: Claim, procedure: Procedure, named: dict[str, Probe | Action]) -> Claim:
    deeds: list[Deed] = []
    for _, step in procedure.steps():
        name = getattr(step, "probe", None) or getattr(step, "action", None)
        if isinstance(step, Deed):
            deeds.append(step)
        elif name in named:
            deeds.append(named[name])
    return replace(
        first,
        lines=tuple(line for deed in deeds for line in deed.run),
        differs=procedure.differs or "",
        human=not any(deed.run for deed in deeds),
        also=frozenset(row for deed in deeds for row in deed.source),
    )

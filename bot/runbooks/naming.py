"""The names of a platform's entries: each there once, and every one that is used is there."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.nearest import hint
from bot.runbooks.actions import Action
from bot.runbooks.document import Document, Location
from bot.runbooks.entry import Entry, Ref, kebab, walk
from bot.runbooks.platform_file import folded
from bot.runbooks.procedures import PARTS, Procedure
from bot.runbooks.sheets import Sheets

Owner = tuple[Document, Location]

_SECTIONS = {"target": "targets", "channel": "channels", "contact": "contacts", "severity": "severities"}
_LEVELS = ("warning", "critical")


@dataclass(slots=True)
class Names:
    """Which names there are, by kind; a kind that is not there is not known, and nothing is said about it."""

    owners: dict[str, dict[str, Owner]] = field(default_factory=dict)
    severities: frozenset[str] = frozenset()

    def known(self, kind: str) -> Collection[str]:
        """Return the names of a kind."""
        return self.owners.get(kind, {})


def note_naming_faults(sheets: Sheets) -> None:
    """Add the faults about names to the documents'."""
    names = _names(sheets)
    for sheet in sheets:
        for location, entry in walk(sheet.content):
            _note_unknown(sheet.document, location, entry, names)
            if isinstance(entry, Action):
                _note_consequences(sheet.document, location, entry, names)
        if isinstance(sheet.content, Procedure):
            _note_conditions(sheet.document, sheet.content)


def _names(sheets: Sheets) -> Names:
    """Return every name, also those of entries that are wrong; note those that are there twice."""
    names = Names()
    for kind, sheet in (
        ("probe", sheets.probes),
        ("action", sheets.actions),
        ("alert", sheets.alerts),
        ("checklist", sheets.checklists),
    ):
        section = _section(sheet.document.values, f"{kind}s")
        names.owners[kind] = {name: (sheet.document, (f"{kind}s", name)) for name in section}
    names.owners["procedure"] = {
        document.path.stem: (document, ("procedure",))
        for document in (*(sheet.document for sheet in sheets.procedures), *sheets.lost)
    }
    for document in (*(sheet.document for sheet in sheets.procedures), *sheets.lost):
        for kind, name, location in _in_place(document.values):
            _claim(names.owners[kind], kind, name, (document, location))
    platform = sheets.platform
    for kind, section_name in _SECTIONS.items():
        if section_name not in platform.wrong and kind != "severity":
            section = getattr(platform.content, section_name)
            names.owners[kind] = {name: (platform.document, (section_name, name)) for name in section}
    if "severities" not in platform.wrong:
        names.severities = frozenset(folded(w) for s in platform.content.severities for w in s.words)
        names.owners["severity"] = {s.name: (platform.document, ()) for s in platform.content.severities}
    return names


def _section(values: Any, name: str) -> dict[str, Any]:
    found = values.get(name) if isinstance(values, dict) else None
    return found if isinstance(found, dict) else {}


def _in_place(values: Any) -> Iterator[tuple[str, str, Location]]:
    """Yield kind, name and place of the probes and actions that a procedure's file defines."""
    for part in PARTS if isinstance(values, dict) else ():
        steps = values.get(part)
        for at, step in enumerate(steps if isinstance(steps, list) else ()):
            for kind in ("probe", "action"):
                if isinstance(step, dict) and isinstance(step.get(kind), str) and len(step.keys() & _DEFINING):
                    yield kind, step[kind], (part, at, kind)


_DEFINING = {"run", "human", "opsroom", "title"}


def _claim(owners: dict[str, Owner], kind: str, name: str, owner: Owner) -> None:
    first = owners.setdefault(name, owner)
    if first is not owner:
        document, location = first
        where = f"{document.path.name} line {document.key(location)[0]}"
        owner[0].fault(
            owner[0].value(owner[1]), f'"{name}" is already a{"n" * (kind[0] == "a")} {kind} ({where}); only name it'
        )


def _note_unknown(document: Document, location: Location, entry: Entry, names: Names) -> None:
    for field_name, info in type(entry).model_fields.items():
        ref = next((mark for mark in info.metadata if isinstance(mark, Ref)), None)
        value = getattr(entry, field_name)
        if ref is None or value is None or any(kind not in names.owners for kind in ref.kinds):
            continue
        here = (*location, info.alias or kebab(field_name))
        for place, name in (
            [(here, value)] if isinstance(value, str) else [((*here, at), n) for at, n in enumerate(value)]
        ):
            if not _is_known(name, ref, names):
                known = sorted({known for kind in ref.kinds for known in names.known(kind)})
                kinds = " or ".join(ref.kinds)
                document.fault(document.value(place), f'"{name}" is no {kinds} of this platform; {hint(name, known)}')


def _note_consequences(document: Document, location: Location, action: Action, names: Names) -> None:
    """Look for the probes and the action that an action names where a command line or a sentence may stand as well."""
    for at, check in enumerate(action.verify):
        if isinstance(check, str) and check not in names.known("probe"):
            sentence = f'"{check}" is no probe of this platform; {hint(check, sorted(names.known("probe")))}'
            document.fault(document.value((*location, "verify", at)), sentence)
    undo = action.undo_action
    if undo and undo not in names.known("action"):
        sentence = f'"{undo}" is no action of this platform; {hint(undo, sorted(names.known("action")))}'
        document.fault(document.value((*location, "undo")), sentence)


def _is_known(name: str, ref: Ref, names: Names) -> bool:
    if ref.kinds == ("severity",):
        return name in _LEVELS or folded(name) in names.severities
    return any(name in names.known(kind) for kind in ref.kinds)


def _note_conditions(document: Document, procedure: Procedure) -> None:
    """A step is offered by a finding, so the procedure has to look at that probe."""
    looked_at = [step.probe for _, step in procedure.steps() if hasattr(step, "probe")]
    for place, step in procedure.steps():
        for at, met in enumerate(step.offer_when):
            if met.probe not in looked_at:
                document.fault(
                    document.value((*place, "offer-when", at)),
                    f'"{met.probe}" is no probe of this procedure; {hint(met.probe, looked_at)}',
                )

"""Whether the values that a step of a procedure says fit the probe or the action that it names."""

from collections.abc import Collection, Mapping

from bot.nearest import hint
from bot.operations.job.grammar import PROGRAMS
from bot.operations.line import read_line
from bot.operations.refusal import LineRefused
from bot.runbooks.actions import Action
from bot.runbooks.document import Document, Location
from bot.runbooks.parameter_values import refusal_of
from bot.runbooks.probes import Probe
from bot.runbooks.procedures import Procedure
from bot.runbooks.sheets import Sheets, programs_of
from bot.runbooks.steps import ActionHere, ActionStep, ProbeHere, ProbeStep

_Entries = Mapping[tuple[str, str], Probe | Action]


def note_preset_faults(sheets: Sheets) -> None:
    """Add the faults about the values of steps to the documents'."""
    entries = _entries(sheets)
    programs = programs_of(sheets.platform.document.values) | PROGRAMS
    for sheet in sheets.procedures:
        for place, step in sheet.content.steps():
            if isinstance(step, ProbeStep | ActionStep) and step.preset:
                kind, name = ("probe", step.probe) if isinstance(step, ProbeStep) else ("action", step.action)
                if (entry := entries.get((kind, name))) is not None:
                    _note(sheet.document, (*place, "with"), entry, step.preset, programs)
        _note_two_looks(sheet.document, sheet.content)


def _entries(sheets: Sheets) -> _Entries:
    found: dict[tuple[str, str], Probe | Action] = {}
    found |= {("probe", name): probe for name, probe in sheets.probes.content.probes.items()}
    found |= {("action", name): action for name, action in sheets.actions.content.actions.items()}
    for sheet in sheets.procedures:
        for _, step in sheet.content.steps():
            if isinstance(step, ProbeHere | ActionHere):
                found["probe" if isinstance(step, ProbeHere) else "action", step.name] = step
    return found


def _note(
    document: Document, place: Location, entry: Probe | Action, preset: Mapping[str, str], programs: Collection[str]
) -> None:
    known = entry.parameters
    for name, value in preset.items():
        if name not in known:
            told = hint(name, list(known)) if known else "it has none"
            document.fault(document.key((*place, name)), f"{name} is no parameter of {entry.name}; {told}")
        elif (why := _unfit(entry, name, value, programs)) is not None:
            document.fault(document.value((*place, name)), f"{name}: {why}")


def _unfit(entry: Probe | Action, name: str, value: str, programs: Collection[str]) -> str | None:
    """Return why a value cannot stand in an entry's command lines; None when it can."""
    if sentence := refusal_of(entry.parameters[name], value):
        return sentence
    for line in entry.run:
        try:
            read_line(line.text, {name: value}, programs)
        except LineRefused as refused:
            return f"{refused.reason}; {refused.instead}"
    return None


def _note_two_looks(document: Document, procedure: Procedure) -> None:
    """A finding is known by its probe's name, so that a diagnosis looks at each with one set of values."""
    first: dict[str, Mapping[str, str]] = {}
    for place, step in procedure.steps():
        if (
            place[0] == "diagnose"
            and isinstance(step, ProbeStep)
            and first.setdefault(step.probe, step.preset) != (step.preset)
        ):
            sentence = f'"{step.probe}" is looked at with other values already; write it here under a name of its own'
            document.fault(document.value((*place, "probe")), sentence)

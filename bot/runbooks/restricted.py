"""Whether what is restricted is looked at only where its answer goes to the one who asks, and to nobody else."""

from collections.abc import Collection, Iterator

from bot.runbooks.actions import Action
from bot.runbooks.document import Location
from bot.runbooks.entry import Entry, walk
from bot.runbooks.probes import Probe
from bot.runbooks.procedures import Procedure
from bot.runbooks.sheets import Sheet, Sheets
from bot.runbooks.steps import ProbeHere, ProbeStep


def note_restricted_faults(sheets: Sheets) -> None:
    """Add the faults about restricted probes to the documents': nobody asks for what a clock or a rule looks at."""
    restricted = _restricted(sheets)
    for sheet in sheets:
        for location, entry in walk(sheet.content):
            for place, name in _looks(location, entry):
                if name in restricted:
                    sentence = f'"{name}" is restricted, and what is found here everybody sees; name another probe'
                    sheet.document.fault(sheet.document.value(place), sentence)
    for procedure in sheets.procedures:
        is_first = procedure.content.name == sheets.platform.content.initial_assessment
        _note_steps(procedure, restricted, is_first=is_first)


def _note_steps(procedure: Sheet[Procedure], restricted: Collection[str], *, is_first: bool) -> None:
    document = procedure.document
    for place, step in procedure.content.steps():
        for at, met in enumerate(step.offer_when):
            if met.probe in restricted:
                sentence = f'"{met.probe}" is restricted, so that no finding of it is there to offer anything'
                document.fault(document.value((*place, "offer-when", at)), sentence)
        looks = isinstance(step, ProbeStep | ProbeHere) and step.probe in restricted
        if looks and is_first and place[0] == "diagnose":
            sentence = f'"{getattr(step, "probe", "")}" is restricted, and nobody asks for the first look; leave it out'
            document.fault(document.value((*place, "probe")), sentence)


def _restricted(sheets: Sheets) -> frozenset[str]:
    named = sheets.probes.content.probes.values()
    here = [step for sheet in sheets.procedures for _, step in sheet.content.steps() if isinstance(step, ProbeHere)]
    return frozenset(probe.name for probe in (*named, *here) if probe.restricted)


def _looks(location: Location, entry: Entry) -> Iterator[tuple[Location, str]]:
    """Yield the names of the probes that an entry looks at by itself, with their places."""
    if isinstance(entry, Action):
        yield from (((*location, "verify", at), name) for at, name in enumerate(entry.verify) if isinstance(name, str))
    elif not isinstance(entry, Probe | ProbeStep) and isinstance(name := getattr(entry, "probe", None), str):
        yield (*location, "probe"), name

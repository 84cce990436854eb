"""Whether entries may do what they do: probes only look, and what changes something has to be allowed."""

from bot.operations.effect import Effect
from bot.operations.job.nouns import Job
from bot.operations.kubernetes.changes import Exec
from bot.operations.operation import Operation, TargetKind
from bot.runbooks.actions import APPROVALS, Action
from bot.runbooks.deeds import Deed
from bot.runbooks.document import Document, Location
from bot.runbooks.entry import Entry, walk
from bot.runbooks.probes import Measured
from bot.runbooks.sheets import Sheets

_VERBS = {Effect.READ: "reads", Effect.WRITE: "writes", Effect.DESTROY: "destroys"}


def note_effect_faults(sheets: Sheets) -> None:
    """Add the faults about effects and approvals to the documents'."""
    for sheet in sheets:
        for location, entry in walk(sheet.content):
            if isinstance(entry, Deed):
                _note_statement(sheet.document, location, entry)
            _note_rights(sheet.document, location, entry)


def _note_rights(document: Document, location: Location, entry: Entry) -> None:
    match entry:
        case Measured() if entry.effect > Effect.READ:
            document.fault(_place(document, location, entry), _writes(entry))
        case Action():
            _note_approvals(document, location, entry)
            _note_checks(document, location, entry)


def _writes(entry: Measured) -> str:
    """Say which of the command lines changes something."""
    line = max(entry.run, key=lambda line: line.operation.effect)
    verb = _VERBS[line.operation.effect]
    sort = f"SQL that {verb}" if line.operation.kind == TargetKind.POSTGRES else f"something that {verb}"
    lowered = "; if the program only looks, say effect: read" if _only_people_know(line.operation) else ""
    return f'has {sort} where only looking is allowed: "{line.text[:60]}"; make it an action{lowered}'


def _place(document: Document, location: Location, entry: Deed) -> tuple[int, int]:
    """Return where the worst command line of an entry stands."""
    worst = max(range(len(entry.run)), key=lambda at: entry.run[at].operation.effect)
    return document.value((*location, "run", worst))


def _only_people_know(operation: Operation) -> bool:
    """Tell whether what an operation does cannot be read from its line: a program in a job or in a container.

    One that is known to destroy is known.
    """
    return isinstance(operation, Job | Exec) and operation.effect is Effect.WRITE


def _note_statement(document: Document, location: Location, entry: Deed) -> None:
    """An effect can be stated lower than it was read only where nothing but a program's name is known."""
    if entry.stated_effect is None:
        return
    for line in entry.run:
        effect = line.operation.effect
        if effect > entry.stated_effect.effect and not _only_people_know(line.operation):
            document.fault(
                document.value((*location, "effect")),
                f'effect: says {entry.stated_effect.value}, but "{line.text[:60]}" {_VERBS[effect]}; leave effect out',
            )


def _note_approvals(document: Document, location: Location, action: Action) -> None:
    least, effect = APPROVALS[action.effect], action.effect
    if not action.run:
        return
    stated = action.approvals
    if effect is Effect.DESTROY and not (stated and stated >= least and action.confirm):
        document.fault(
            _place(document, location, action),
            f"{action.name} destroys for good; say approvals: {max(least, stated or 0)} and confirm: true",
        )
    elif stated is not None and stated < least:
        document.fault(
            document.value((*location, "approvals")),
            f"{action.name} {_VERBS[effect]}; {least} is the least number of approvals",
        )


def _note_checks(document: Document, location: Location, action: Action) -> None:
    for at, check in enumerate(action.verify):
        if not isinstance(check, str) and check.operation.effect > Effect.READ:
            document.fault(
                document.value((*location, "verify", at)),
                f'"{check.text[:60]}" {_VERBS[check.operation.effect]}; verify only looks',
            )

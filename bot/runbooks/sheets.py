"""The files of one platform, read and measured: what each says, and which parts of it are wrong."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from bot.operations.job.grammar import PROGRAMS
from bot.operations.operation import TargetKind
from bot.runbooks.actions import ActionsFile
from bot.runbooks.alerts import AlertsFile
from bot.runbooks.checklists import ChecklistsFile
from bot.runbooks.document import Document, read_document
from bot.runbooks.entry import Entry
from bot.runbooks.platform_file import PlatformFile
from bot.runbooks.probes import ProbesFile
from bot.runbooks.procedures import Procedure
from bot.runbooks.shape import known_keys, note_shape_faults

FILE = "platform.yml"

_STAND_IN: dict[str, Any] = {  # the least that a platform file can say
    "title": "Platform",
    "summary": "Platform",
    "time-zone": "UTC",
    "severities": [{"name": "P1", "title": "High", "meaning": "High"}],
    "channels": {"incidents": {"name": "incidents", "purpose": "Incidents"}},
    "announcement": {"channel": "incidents"},
}

M = TypeVar("M", bound=Entry)


@dataclass(frozen=True, slots=True)
class Sheet(Generic[M]):
    """One file: the document, what it says, and the sections that are wrong and stood in for."""

    document: Document
    content: M
    wrong: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sheets:
    """All files of a platform. `lost` are the procedures that cannot be read: only their documents are there."""

    home: Path
    platform: Sheet[PlatformFile]
    probes: Sheet[ProbesFile]
    actions: Sheet[ActionsFile]
    alerts: Sheet[AlertsFile]
    checklists: Sheet[ChecklistsFile]
    procedures: tuple[Sheet[Procedure], ...] = ()
    lost: tuple[Document, ...] = ()

    def __iter__(self) -> Iterator[Sheet[Any]]:
        first: tuple[Sheet[Any], ...] = (self.platform, self.probes, self.actions, self.alerts, self.checklists)
        yield from (*first, *self.procedures)

    @property
    def documents(self) -> tuple[Document, ...]:
        """Every document, with the faults that were found so far."""
        return (*(sheet.document for sheet in self), *self.lost)


def read_sheets(home: Path) -> Sheets:
    """Read the files in a platform's folder. Never raises for what is in them: the faults are in the documents."""
    document = read_document(home / FILE)
    programs = programs_of(document.values)
    read = [_procedure(path, programs) for path in sorted((home / "procedures").glob("*.yml"))]
    return Sheets(
        home,
        _platform(document, programs),
        _entries(home / "probes.yml", ProbesFile, programs),
        _entries(home / "actions.yml", ActionsFile, programs),
        _entries(home / "alerts.yml", AlertsFile, programs),
        _entries(home / "checklists.yml", ChecklistsFile, programs),
        tuple(sheet for sheet in read if isinstance(sheet, Sheet)),
        tuple(document for document in read if isinstance(document, Document)),
    )


def programs_of(values: Any) -> frozenset[str]:
    """Return the programs that a platform's job targets list; those of a target that lists none are the usual ones."""
    targets = values.get("targets") if isinstance(values, dict) else None
    jobs = [
        target
        for target in (targets.values() if isinstance(targets, dict) else ())
        if isinstance(target, dict) and target.get("kind") == TargetKind.JOB
    ]
    listed = [target.get("programs") or PROGRAMS for target in jobs] or [PROGRAMS]
    return frozenset(str(program) for programs in listed if not isinstance(programs, str) for program in programs)


def _platform(document: Document, programs: frozenset[str]) -> Sheet[PlatformFile]:
    """Read `platform.yml`; a section that is wrong is stood in for, so that the others are still checked."""
    values = document.values if isinstance(document.values, dict) else {}
    if document.faults and document.values is None:
        return Sheet(document, PlatformFile.model_validate(_STAND_IN), frozenset(known_keys(PlatformFile, ())))
    try:
        return Sheet(document, PlatformFile.model_validate(document.values, context=programs))
    except ValidationError as error:
        note_shape_faults(document, PlatformFile, error)
        wrong = {str(detail["loc"][0]) for detail in error.errors() if detail["loc"]}
    wrong = wrong or set(known_keys(PlatformFile, ()))
    right = {key: value for key, value in values.items() if key not in wrong}
    return Sheet(document, PlatformFile.model_validate({**_STAND_IN, **right}, context=programs), frozenset(wrong))


def _entries(path: Path, model: type[M], programs: frozenset[str]) -> Sheet[M]:
    """Read a file of named entries; those that are wrong are left out, so that the others are still checked."""
    if not path.exists():
        return Sheet(Document(path), model())
    document = read_document(path)
    if document.faults and document.values is None:
        return Sheet(document, model())
    try:
        return Sheet(document, model.model_validate(document.values, context=programs))
    except ValidationError as error:
        note_shape_faults(document, model, error)
        wrong = {detail["loc"][1] for detail in error.errors() if len(detail["loc"]) > 1}
    section = path.stem
    entries = document.values.get(section) if isinstance(document.values, dict) else None
    right = {name: entry for name, entry in entries.items() if name not in wrong} if isinstance(entries, dict) else {}
    return Sheet(document, model.model_validate({section: right}, context=programs) if wrong else model())


def _procedure(path: Path, programs: frozenset[str]) -> Sheet[Procedure] | Document:
    document = read_document(path)
    if document.faults and document.values is None:
        return document
    try:
        content = Procedure.model_validate(document.values, context=programs)
    except ValidationError as error:
        note_shape_faults(document, Procedure, error)
        return document
    if content.procedure != path.stem:
        document.fault(document.value(("procedure",)), f'"{content.procedure}" should be {path.stem}, as the file is')
    return Sheet(document, content)

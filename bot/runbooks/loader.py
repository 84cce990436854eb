"""Loads the folder `runbooks/`: every platform, or every fault at once."""

from collections.abc import Collection
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bot.runbooks.allowed import note_effect_faults
from bot.runbooks.defaults import note_default_faults
from bot.runbooks.document import Document, Location, read_document
from bot.runbooks.faults import Fault, RunbookFaultsError
from bot.runbooks.naming import note_naming_faults
from bot.runbooks.platform import Platform, PlatformFile, folded
from bot.runbooks.platforms import Platforms, words_for
from bot.runbooks.presets import note_preset_faults
from bot.runbooks.reach import note_reach_faults
from bot.runbooks.references import note_reference_faults
from bot.runbooks.restricted import note_restricted_faults
from bot.runbooks.sheets import FILE, Sheets, read_sheets
from bot.runbooks.steps import ActionHere, ProbeHere
from bot.runbooks.template_lint import lint
from bot.runbooks.words import Key

_CHECKS = (
    note_naming_faults,
    note_effect_faults,
    note_reach_faults,
    note_default_faults,
    note_preset_faults,
    note_restricted_faults,
)


def load_platforms(folder: Path) -> Platforms:
    """Return the platforms in `folder`. Raises RunbookFaultsError, which lists every fault of every file."""
    platforms, faults = _read(folder)
    if faults:
        raise RunbookFaultsError(faults)
    return platforms


def check(folder: Path) -> list[Fault]:
    """Return what is wrong in the runbooks in `folder`, sorted by place; nothing when they can be used."""
    return look_over(folder)[1]


def look_over(folder: Path) -> tuple[Platforms, list[Fault]]:
    """Return the platforms in `folder` that can be used, and what is wrong with the others, sorted by place."""
    platforms, faults = _read(folder)
    return platforms, sorted(faults)


def _read(folder: Path) -> tuple[Platforms, list[Fault]]:
    if not folder.is_dir():
        return Platforms(), [Fault(folder, 1, 1, "is not a folder; it should hold one folder per platform")]
    homes = sorted(home for home in folder.iterdir() if home.is_dir() and home.name[0] not in "._")
    loaded = [_read_platform(home) for home in homes]
    platforms = Platforms(tuple(platform for platform, _ in loaded if platform))
    faults = [fault for _, found in loaded for fault in found]
    return platforms, [*faults, *_shared_words(folder, platforms)]


def _read_platform(home: Path) -> tuple[Platform | None, list[Fault]]:
    path = home / FILE
    try:
        TypeAdapter(Key).validate_python(home.name)
    except ValidationError:
        return None, [Fault(home, 1, 1, "is not a name for a platform; use lower-case letters, digits and hyphens")]
    if not path.is_file():
        return None, [Fault(path, 1, 1, f"is missing; every platform's folder has a {FILE}")]
    sheets = read_sheets(home)
    document, content, wrong = sheets.platform.document, sheets.platform.content, sheets.platform.wrong
    if document.values is None and document.faults:
        return None, [fault for each in sheets.documents for fault in each.faults]
    note_reference_faults(document, home.name, content, wrong)
    for note_faults in _CHECKS:
        note_faults(sheets)
    templates, template_faults = _templates(home / "templates", document, content, wrong)
    faults = [*(fault for each in sheets.documents for fault in each.faults), *template_faults]
    return (None, faults) if faults else (_joined(sheets, templates), [])


def _joined(sheets: Sheets, templates: dict[str, str]) -> Platform:
    """Return the platform that the files make together; probes and actions in procedures are among the others."""
    procedures = {sheet.content.name: sheet.content for sheet in sheets.procedures}
    steps = [step for procedure in procedures.values() for _, step in procedure.steps()]
    return Platform.model_construct(
        **dict(sheets.platform.content),
        name=sheets.home.name,
        home=sheets.home,
        templates=templates,
        probes={**sheets.probes.content.probes, **{step.name: step for step in steps if isinstance(step, ProbeHere)}},
        actions={
            **sheets.actions.content.actions,
            **{step.name: step for step in steps if isinstance(step, ActionHere)},
        },
        alerts=sheets.alerts.content.alerts,
        checklists=sheets.checklists.content.checklists,
        procedures=procedures,
    )


def _templates(
    folder: Path, document: Document, content: PlatformFile, wrong: Collection[str]
) -> tuple[dict[str, str], list[Fault]]:
    """Return the text of the templates that the file names, by file name, and what is wrong with them."""
    places: dict[str, Location] = (
        {} if "announcement" in wrong else {content.announcement.template: ("announcement", "template")}
    )
    for key, message in content.messages.items():
        places.setdefault(message.template, ("messages", key, "template"))
    links = None if "links" in wrong else {key: link.url for key, link in content.links.items() if link.url}
    texts: dict[str, str] = {}
    faults: list[Fault] = []
    for name, location in places.items():
        try:
            texts[name] = (folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            document.fault(document.value(location), f"the template {folder / name} cannot be read: {reason}")
            continue
        faults += lint(folder / name, texts[name], links)
    return texts, faults


def _shared_words(folder: Path, platforms: Platforms) -> list[Fault]:
    """Return a fault for every word that two platforms claim."""
    owners: dict[str, str] = {}
    faults = []
    for platform in platforms:
        for word in words_for(platform):
            owner = owners.setdefault(folded(word), platform.name)
            if owner != platform.name:
                path = folder / platform.name / FILE
                document = read_document(path)
                place = document.value(("title",)) if word == platform.title else document.value(("aliases",))
                faults.append(Fault(path, *place, f'"{word}" already means the platform {owner}; use another word'))
    return faults

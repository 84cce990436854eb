"""Whether what entries leave to Opsroom is a command that Opsroom has."""

from collections.abc import Collection
from pathlib import Path

from bot.nearest import hint
from bot.runbooks.deeds import Deed
from bot.runbooks.entry import walk
from bot.runbooks.faults import Fault
from bot.runbooks.platforms import Platforms
from bot.runbooks.sheets import read_sheets


def unknown_commands(platforms: Platforms, known: Collection[str]) -> list[Fault]:
    """Return a fault for every `opsroom` that is none of the known commands, sorted by place.

    `known` are commands as people type them, with their verbs (`/incident declare`) or without (`/diagnose`).
    """
    faults = []
    for home in dict.fromkeys(platform.home for platform in platforms):
        for sheet in read_sheets(home):
            for location, entry in walk(sheet.content):
                if isinstance(entry, Deed) and entry.opsroom and not _is_known(entry.opsroom, known):
                    place = sheet.document.value((*location, "opsroom"))
                    faults.append(_fault(sheet.document.path, place, entry.opsroom, known))
    return sorted(faults)


def _is_known(text: str, known: Collection[str]) -> bool:
    words = text.split()
    return words[0] in known or " ".join(words[:2]) in known


def _fault(path: Path, place: tuple[int, int], text: str, known: Collection[str]) -> Fault:
    command = " ".join(text.split()[:2])
    return Fault(path, *place, f'opsroom: "{command}" is no command of Opsroom; {hint(command, sorted(known))}')

"""Ids in `source` that no row of the inventory has."""

from collections.abc import Iterable
from pathlib import Path

from bot.runbooks.entry import Sourced, walk
from bot.runbooks.faults import Fault
from bot.runbooks.inventory import Row
from bot.runbooks.platforms import Platforms
from bot.runbooks.sheets import read_sheets


def unknown_rows(platforms: Platforms, rows: Iterable[Row]) -> list[Fault]:
    """Return a fault for every id that an entry names and that is not among the rows, sorted by place."""
    known = {row.id: row for row in rows}
    faults = []
    for home in (platform.home for platform in platforms):
        for sheet in read_sheets(home):
            for location, entry in walk(sheet.content):
                for at, name in enumerate(entry.source if isinstance(entry, Sourced) else ()):
                    if name not in known:
                        place = sheet.document.value((*location, "source", at))
                        faults.append(_fault(sheet.document.path, place, name, known))
    return sorted(faults)


def _fault(path: Path, place: tuple[int, int], name: str, known: Iterable[str]) -> Fault:
    last = [each for each in known if each.rpartition("-")[0] == name.rpartition("-")[0]][-1:]
    return Fault(path, *place, f'"{name}" is no row of the inventory{f"; the last one is {last[0]}" if last else ""}')

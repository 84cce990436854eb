"""Whether what entries do can be reached: targets, hosts, files to apply, and values for every hole."""

from collections.abc import Collection, Iterator
from pathlib import Path

from bot.nearest import hint, one_of
from bot.operations.kubernetes.changes import Apply
from bot.operations.line import Line
from bot.operations.operation import Operation, TargetKind
from bot.operations.postgres.nouns import Sql
from bot.operations.words import holes_in
from bot.runbooks.actions import Action
from bot.runbooks.deeds import Deed
from bot.runbooks.document import Document, Location
from bot.runbooks.entry import walk
from bot.runbooks.parameters import ParameterKind
from bot.runbooks.platform_file import PlatformFile
from bot.runbooks.sheets import Sheets
from bot.runbooks.targeting import filled_by, host_of, is_among, kind_for, meant_for
from bot.runbooks.targets import HttpTarget, KubernetesTarget


def note_reach_faults(sheets: Sheets) -> None:
    """Add the faults about targets, hosts, files and holes to the documents'."""
    platform = sheets.platform
    for sheet in sheets:
        for location, entry in walk(sheet.content):
            if not isinstance(entry, Deed):
                continue
            if "targets" in platform.wrong:
                continue
            _note_holes(sheet.document, location, entry, platform.content)
            for place, line in lines_of(location, entry):
                sentence = _unreachable(line, entry.target, platform.content, sheets.home)
                if sentence:
                    sheet.document.fault(sheet.document.value(place), sentence)


def lines_of(location: Location, entry: Deed) -> Iterator[tuple[Location, Line]]:
    """Yield every command line of an entry with its place."""
    yield from (((*location, "run", at), line) for at, line in enumerate(entry.run))
    for at, check in enumerate(entry.verify if isinstance(entry, Action) else ()):
        if not isinstance(check, str):
            yield (*location, "verify", at), check


def _filled(line: Line, name: str | None, platform: PlatformFile) -> Collection[str]:
    """Return the holes of a line that its target fills."""
    kind = kind_for(line.operation, platform.targets.values())
    same = [target for target in platform.targets.values() if target.kind == kind]
    meant = next((target for target in same if meant_for(target, line.operation)), same[0] if same else None)
    target = platform.targets.get(name or "", meant)
    return filled_by(target, line.operation) if target else ()


def _note_holes(document: Document, location: Location, entry: Deed, platform: PlatformFile) -> None:
    used: set[str] = set()
    for place, line in lines_of(location, entry):
        used.update(line.holes)
        filled = set(_filled(line, entry.target, platform))
        for hole in sorted(set(line.holes) - entry.parameters.keys() - filled):
            document.fault(document.value(place), f"<{hole}> is not among the parameters of this entry; add it there")
        query = line.operation.statement.free if isinstance(line.operation, Sql) else ""
        if query in entry.parameters and entry.parameters[query].kind is not ParameterKind.SQL:
            sentence = f"<{query}> stands for a whole query; say kind: sql"
            document.fault(document.key((*location, "parameters", query)), sentence)
    for name in entry.parameters:
        if name not in used:
            document.fault(
                document.key((*location, "parameters", name)),
                f"no command line here has <{name}>; {hint(name, sorted(used))}",
            )


def _unreachable(line: Line, name: str | None, platform: PlatformFile, home: Path) -> str | None:
    """Return why an operation cannot be carried out on the platform's targets; None when it can."""
    kind = kind_for(line.operation, platform.targets.values())
    same = [target for target in platform.targets.values() if target.kind == kind]
    named = platform.targets.get(name or "")
    if not same:
        return f"needs a {kind} target, and this platform has none; add it to targets in platform.yml"
    if named is not None and named.kind != kind:
        return f'"{line.text[:60]}" needs a {kind} target, and {name} is a {named.kind} target'
    if kind is TargetKind.HTTP:
        hosts = [host for target in same if isinstance(target, HttpTarget) for host in target.hosts]
        return _strange_host(line.operation, hosts)
    target = named or same[0]
    if isinstance(target, KubernetesTarget) and isinstance(line.operation, Apply) and not target.manifests_from:
        return _missing_file(line.operation.paths, home)
    return None


def _strange_host(operation: Operation, hosts: list[str]) -> str | None:
    host = host_of(operation)
    if host is None or holes_in(host) or is_among(operation, hosts):
        return None
    return f"{host} is no host of this platform's targets; {hint(host, hosts)}"


def _missing_file(paths: Collection[str], home: Path) -> str | None:
    missing = [path for path in paths if not (home / path).exists()]
    if not missing:
        return None
    return (
        f"{one_of(missing, 'and')} cannot be found in {home}; put it there, "
        "or say manifests-from in the target if it comes from elsewhere"
    )

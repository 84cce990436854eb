"""Tables of facts: severities, alerts, people, channels, objectives, retention. Told apart by their heads."""

import re
from collections.abc import Callable

from bot.runbooks.importer.draft import Draft
from bot.runbooks.importer.headings import key, plain, sentence
from bot.runbooks.importer.outline import Section, Table
from bot.runbooks.importer.severities import note_severity
from bot.runbooks.importer.values import channel, span, ways

Row = dict[str, str]


def read_table(table: Table, section: Section, draft: Draft) -> bool:
    """Put the facts of a table into the draft; return whether it is a table of facts."""
    heads = [head.lower() for head in table.heads]
    reader = next((reader for form, reader in _KINDS if form(heads, section)), None)
    if reader is None:
        return False
    for line, cells in table.rows:
        row = dict(zip(heads, (cell.text for cell in cells), strict=False))
        first = cells[0].text if cells else ""
        if not first or not reader(plain(first), row, draft):
            draft.leave_out(line, " | ".join(cell.text for cell in cells), "there is no name or value in it")
    return True


def _find(row: Row, *words: str) -> str:
    """Return the cell whose head has one of these words, the first word first."""
    found = (row[head] for word in words for head in row if re.search(rf"\b{word}", head))
    return next((plain(cell) for cell in found if cell.strip(" -–—")), "")


def _severity(name: str, row: Row, draft: Draft) -> bool:
    return note_severity(
        draft,
        name,
        meaning=_find(row, "definition", "description", "meaning", "criteria", "impact"),
        response=_find(row, "response", "ack"),
        resolution=_find(row, "resolution", "resolve"),
        examples=_find(row, "example"),
    )


def _alert(name: str, row: Row, draft: Draft) -> bool:
    warning, critical = _find(row, "warning"), _find(row, "critical")
    both = "; ".join(f"{level} {value}" for level, value in (("warning", warning), ("critical", critical)) if value)
    condition = _find(row, "condition", "trigger", "threshold") if not both else f"{name}: {both}"
    if not condition:
        return False
    alert = {"title": sentence(name), "condition": condition}
    if respond := span(_find(row, "response", "respond")):
        alert["respond-within"] = respond
    if severity := _find(row, "priority", "severity", "level"):
        alert["severity"] = severity.split()[0]
    draft.facts.setdefault("alerts", {})[key(name)] = alert
    return True


def _contact(name: str, row: Row, draft: Draft) -> bool:
    said = " ".join(cell for head, cell in row.items() if not re.search(r"availab|hours", head))
    contact: dict[str, object] = {"role": sentence(_find(row, "role", "team", "title") or name)}
    if (person := _find(row, "name")) and person != contact["role"]:
        contact["name"] = person
    if reached := ways(said):
        contact["ways"] = reached
    if hours := _find(row, "availab", "hours"):
        contact["availability"] = hours
    draft.facts.setdefault("contacts", {})[key(name)] = contact
    return True


def _channel(name: str, row: Row, draft: Draft) -> bool:
    found = channel(" ".join(row.values())) or channel(f"#{name.lower()}")
    if not found:
        return False
    entry = {"name": found, "purpose": _find(row, "purpose", "use", "description") or sentence(found)}
    if audience := _find(row, "audience", "who"):
        entry["audience"] = audience
    draft.facts.setdefault("channels", {})[key(found)] = entry
    return True


def _objective(name: str, row: Row, draft: Draft) -> bool:
    targets = [(head, cell) for head, cell in row.items() if re.search(r"target|objective|goal|slo\b", head) and cell]
    if not targets:
        return False
    shown = [cell if len(targets) == 1 else f"{head.replace('target', '').strip()} {cell}" for head, cell in targets]
    entry = {"title": sentence(name), "target": ", ".join(shown)}
    if measure := _find(row, "measure", "sli", "how"):
        entry["measure"] = measure
    draft.facts.setdefault("objectives", {})[key(name)] = entry
    return True


def _retention(name: str, row: Row, draft: Draft) -> bool:
    keep = kept(_find(row, "retention", "keep"))
    if not keep:
        return False
    rest = "; ".join(f"{head}: {cell}" for head, cell in row.items() if not re.search(r"retention|keep", head))
    draft.facts.setdefault("retention", {})[key(name)] = {"title": sentence(name), "keep": keep, "what": rest}
    return True


def kept(text: str) -> str | None:
    """Return how long something is kept as runbooks write it: `30d`, `10 versions`, `indefinite`."""
    if re.search(r"indefinite|forever|unlimited", text, re.IGNORECASE):
        return "indefinite"
    if found := re.search(r"(\d{1,4}) (versions?|copies|years?|months?|releases?|backups?)", text, re.IGNORECASE):
        return f"{found[1]} {found[2].lower()}"
    return span(text)


def _has(heads: list[str], *words: str) -> bool:
    return any(re.search(rf"\b{word}", head) for word in words for head in heads)


_KINDS: tuple[tuple[Callable[[list[str], Section], bool], Callable[[str, Row, Draft], bool]], ...] = (
    (lambda heads, _: _has(heads[:1], "severity", "level", "priority", "sev") and len(heads) > 1, _severity),
    (
        lambda heads, _: _has(heads, "alert", "metric") and _has(heads, "condition", "trigger", "threshold", "warning"),
        _alert,
    ),
    (lambda heads, _: _has(heads[:1], "channel"), _channel),
    (lambda heads, _: _has(heads, "retention"), _retention),
    (lambda heads, _: _has(heads, "target", "objective", "slo"), _objective),
    (lambda heads, _: _has(heads[:1], "role", "name", "team", "contact", "person", "who"), _contact),
)

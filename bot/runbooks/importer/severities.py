"""Severities in documents: `P0 (Critical)`, `Severity 1`, `SEV2 - High`, from tables, lists and headings."""

import re
from typing import Any

from bot.runbooks.importer.draft import Draft
from bot.runbooks.importer.headings import plain, sentence
from bot.runbooks.importer.outline import Item, Section
from bot.runbooks.importer.values import key_and_value, span
from bot.runbooks.platform_file import folded

_NAME = re.compile(
    r"^(?P<name>p\d|sev(?:erity)?[\s-]?\d|critical|high|medium|low|major|minor)\b[\s:–—-]*\(?(?P<title>[\w ]*)\)?",
    re.IGNORECASE,
)


def severity_named(text: str) -> tuple[str, str] | None:
    """Return name and title of the severity that a heading or a cell names; None when it names none."""
    found = _NAME.match(plain(text))
    if found is None:
        return None
    name = re.sub(r"(?i)^sev(?:erity)?[\s-]?(\d)$", r"SEV\1", found["name"])
    name = name.upper() if re.match(r"(?i)p\d|sev", name) else name.capitalize()
    return name, (found["title"].strip() or name).capitalize()


def note_severity(
    draft: Draft, text: str, *, meaning: str = "", response: str = "", resolution: str = "", examples: str = ""
) -> bool:
    """Add what is known of a severity to the draft; return whether the text names one."""
    named = severity_named(text)
    if named is None:
        return False
    name, title = named
    entry = next((each for each in draft.severities if folded(each["name"]) == folded(name)), None)
    if entry is None:
        entry = {"name": name, "title": title}
        draft.severities.append(entry)
    if title != name:
        entry["title"] = title
    said: dict[str, Any] = {
        "meaning": meaning,
        "response": span(response),
        "resolution": span(resolution),
        "examples": [part.strip() for part in examples.split(",") if part.strip()],
    }
    for field, value in said.items():
        if value:
            entry.setdefault(field, value)
    return True


def read_severity_section(section: Section, draft: Draft) -> bool:
    """Read a heading that names a severity with its list of properties; return whether it is one."""
    if severity_named(section.title) is None or not any("severit" in title.lower() for title in section.path):
        return False
    said: dict[str, str] = {}
    for block in section.blocks:
        pair = key_and_value(block.head.text) if isinstance(block, Item) else None
        if isinstance(block, Item) and (pair or block.blocks):
            label = (pair[0] if pair else plain(block.head.text)).lower()
            inner = ", ".join(plain(each.head.text) for each in block.blocks if isinstance(each, Item))
            said[label] = pair[1] if pair and not inner else inner
        elif isinstance(block, Item):
            draft.leave_out(block.head.line, block.head.text, "a severity has no place for it")
    note_severity(
        draft,
        section.title,
        meaning=sentence(_first(said, "definition", "description", "meaning", "impact")),
        response=_first(said, "response"),
        resolution=_first(said, "resolution"),
        examples=_first(said, "example"),
    )
    return True


def _first(said: dict[str, str], *words: str) -> str:
    return next((value for word in words for label, value in said.items() if word in label), "")

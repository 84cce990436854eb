"""Lists of facts, told by their headings: people, channels, links, severities, objectives, triggers, monitors."""

import re
from collections.abc import Callable

from bot.runbooks.importer.draft import Draft
from bot.runbooks.importer.headings import key, plain, sentence
from bot.runbooks.importer.outline import Block, Item, Section, Table, Text
from bot.runbooks.importer.severities import note_severity, read_severity_section
from bot.runbooks.importer.tables import kept, read_table
from bot.runbooks.importer.values import channel, key_and_value, span, url, ways


def read_facts(section: Section, draft: Draft) -> list[Block]:
    """Put the facts that stand below a heading into the draft; return what else stands there."""
    if read_severity_section(section, draft):
        return []
    rest: list[Block] = []
    reader = _reader(section)
    alert: dict[str, str] = {}
    for block in section.blocks:
        if isinstance(block, Table) and read_table(block, section, draft):
            continue
        if isinstance(block, Item) and not block.ordered and reader and _read_item(block, reader, draft):
            continue
        if isinstance(block, Text) and _alerting(block, alert):
            continue
        rest.append(block)
    if alert.get("condition"):
        _note_alert(section, alert, draft)
    return rest


def _read_item(item: Item, reader: Callable[[str, str, Draft], bool], draft: Draft) -> bool:
    pair = key_and_value(item.head.text)
    if pair is None and item.head.label:
        pair = (item.head.label, item.head.text.removeprefix(item.head.label).strip(" :"))
    return pair is not None and not item.blocks and reader(plain(pair[0]), pair[1].strip(), draft)


def _reader(section: Section) -> Callable[[str, str, Draft], bool] | None:
    """Return what reads the items below a heading."""
    for title in (section.title, *reversed(section.path[:-1])):
        for form, reader in _HEADINGS:
            if re.search(form, title, re.IGNORECASE):
                return reader
    return None


def _severity(name: str, value: str, draft: Draft) -> bool:
    return note_severity(draft, name, meaning=sentence(value))


def _person(name: str, value: str, draft: Draft) -> bool:
    address, reached = url(value), ways(value)
    named = channel(value)
    if named and re.search(r"slack|channel|chat", name, re.IGNORECASE):
        draft.facts.setdefault("channels", {})[key(named)] = {"name": named, "purpose": sentence(name)}
    elif address and len(reached) == 1:
        draft.facts.setdefault("links", {})[key(name)] = {"title": sentence(name), "url": address}
    else:
        contact: dict[str, object] = {"role": sentence(name)}
        if reached:
            contact["ways"] = reached
        else:
            contact["note"] = f"The document says: {value}"
        draft.facts.setdefault("contacts", {})[key(name)] = contact
    return True


def _link(name: str, value: str, draft: Draft) -> bool:
    address = url(value)
    if address:
        draft.facts.setdefault("links", {})[key(name)] = {"title": sentence(name), "url": address}
    return bool(address)


def _objective(name: str, value: str, draft: Draft) -> bool:
    draft.facts.setdefault("objectives", {})[key(name)] = {"title": sentence(name), "target": value}
    return True


def _trigger(name: str, value: str, draft: Draft) -> bool:
    draft.facts.setdefault("scaling-triggers", {})[key(name)] = {"when": name, "then": value}
    return True


def _retained(name: str, value: str, draft: Draft) -> bool:
    keep = kept(value)
    if keep:
        draft.facts.setdefault("retention", {})[key(name)] = {"title": sentence(name), "keep": keep}
    return bool(keep)


def _monitor(name: str, value: str, draft: Draft) -> bool:
    every = span(value) if re.match(r"every\b", value, re.IGNORECASE) else None
    if every:
        human = f"Look whether this works: {name[:1].lower()}{name[1:]}."
        draft.facts.setdefault("monitors", {})[key(name)] = {"title": sentence(name), "every": every, "human": human}
    return bool(every)


_HEADINGS: tuple[tuple[str, Callable[[str, str, Draft], bool]], ...] = (
    (r"severit|incident levels", _severity),
    (r"contacts?\b|on-?call (?:information|rotation|responsib)|escalation (?:path|chain|contacts)|channels\b", _person),
    (r"endpoints|useful links|dashboards$|^links", _link),
    (r"\bslos?\b|service level|objectives", _objective),
    (r"scaling triggers|when to scale", _trigger),
    (r"retention", _retained),
    (r"synthetic|monitors$", _monitor),
)


def _alerting(text: Text, alert: dict[str, str]) -> bool:
    """Take what a bold line says of an alert: its trigger, its response time, its severity."""
    pair = key_and_value(text.text)
    if not text.label or pair is None:
        return False
    label = text.label.lower()
    for word, field in (("trigger", "condition"), ("condition", "condition"), ("alert", "condition")):
        if label == word:
            alert[field] = plain(pair[1])
            return True
    if re.fullmatch(r"response time|respond within|response", label) and span(pair[1]):
        alert["response"] = pair[1]
        return True
    if label in ("severity", "priority"):
        alert["severity"] = plain(pair[1])
        return True
    return False


def _note_alert(section: Section, alert: dict[str, str], draft: Draft) -> None:
    entry = {"title": sentence(section.title), "condition": alert["condition"]}
    around = " ".join(section.path).lower()
    severity = alert.get("severity") or next(
        (word for word in ("critical", "warning") if f"{word} alert" in around), ""
    )
    respond = span(alert.get("response", "")) or next(
        (found for title in reversed(section.path) if (found := span(title))), None
    )
    known = {"severity": severity, "respond-within": respond}
    entry |= {name: value for name, value in known.items() if value}
    draft.facts.setdefault("alerts", {})[key(section.title)] = entry

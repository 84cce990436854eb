"""From a document to a draft: each heading gives facts, a procedure or a checklist."""

import re

from bot.runbooks.importer.blocks import holds_commands
from bot.runbooks.importer.draft import Draft, Procedure
from bot.runbooks.importer.facts import read_facts
from bot.runbooks.importer.headings import key, plain, sentence
from bot.runbooks.importer.outline import Block, Code, Item, Section, Table, Text, read_outline
from bot.runbooks.importer.sections import read_section

_CONTENTS = re.compile(
    r"table of contents|^contents$|additional resources|references|further reading|see also|links$", re.IGNORECASE
)
_METRICS = re.compile(r"metrics|overview|environment|architecture|^purpose", re.IGNORECASE)
_TEMPLATE = re.compile(r"template|announcement", re.IGNORECASE)
_DOCUMENT = re.compile(
    r"\b(?:(?:operations?|ops|on-?call|production|incident response|sre|service) )?"
    r"(?:runbooks?|playbooks?|manual|handbook|guide|operations|procedures)\b",
    re.IGNORECASE,
)
_PROSE = ("markdown", "md", "text", "txt", "")


def draft_from(text: str, name: str) -> Draft:
    """Return what a document gives; `name` is what it is called if it does not say so itself."""
    outline = read_outline(text)
    first = next((section.title for section in outline.sections if section.level == 1), "")
    front = {str(field): value for field, value in outline.front.items()}
    title = next((str(front[field]) for field in ("platform", "service", "title") if front.get(field)), plain(first))
    draft = Draft(_product(title) or _product(sentence(name.replace("-", " "))) or sentence(name), front)
    for section in outline.sections:
        _read(section, draft)
    draft.left_out.sort(key=lambda left: left.line)
    return draft


def _product(title: str) -> str:
    """Return what a document is about, without words that say that it is a document."""
    return " ".join(_DOCUMENT.sub(" ", title).split()).strip(" -–—:|")


def _read(section: Section, draft: Draft) -> None:
    if _CONTENTS.search(section.title):
        _leave_out_all(section, draft, "it is a list of links")
        return
    section.blocks = _without_templates(section, read_facts(section, draft), draft)
    if _METRICS.search(section.title) and not any(map(holds_commands, section.blocks)):
        _leave_out_all(section, draft, "it is a list of facts and not of steps")
        return
    procedure = read_section(section, draft)
    if alert := draft.facts.get("alerts", {}).get(key(section.title)):
        procedure.symptoms.insert(0, str(alert["condition"]))
    if not procedure.steps:
        _note_prose(procedure, section, draft)
    elif _is_checklist(section, procedure):
        draft.checklists.append(procedure)
    else:
        draft.procedures.append(procedure)


def _note_prose(procedure: Procedure, section: Section, draft: Draft) -> None:
    """Note what stands below a heading without a step; below the first heading it says what the platform is."""
    if section.level <= 1 and not draft.summary:
        draft.summary = next((said for _, said in procedure.summary if len(said.split()) > 6), "")
    for line, said in procedure.summary:
        if said != draft.summary:
            draft.leave_out(line, said, "it is prose without a step")


def _leave_out_all(section: Section, draft: Draft, why: str) -> None:
    for block in section.blocks:
        match block:
            case Item(head=Text(line, text)) | Text(line, text):
                draft.leave_out(line, text, why)
            case Table(line, heads):
                draft.leave_out(line, " | ".join(heads), why)
            case Code(line, _, content):
                draft.leave_out(line, content, why)


def _without_templates(section: Section, blocks: list[Block], draft: Draft) -> list[Block]:
    """Take the texts of messages: code below a heading that speaks of a template."""
    rest: list[Block] = []
    for block in blocks:
        if isinstance(block, Code) and block.language in _PROSE and _TEMPLATE.search(section.title):
            draft.templates[key(section.title)] = block.content
            title = sentence(section.title)
            draft.facts.setdefault("messages", {})[key(section.title)] = {
                "title": title,
                "audience": "TODO: who reads it",
            }
        else:
            rest.append(block)
    return rest


def _is_checklist(section: Section, procedure: Procedure) -> bool:
    """Tell whether a heading is a checklist: it says so, or its list has boxes to tick."""
    boxes = [block.task for block in section.blocks if isinstance(block, Item)]
    return bool(procedure.steps) and ((bool(boxes) and all(boxes)) or "checklist" in section.title.lower())

"""The audit log as messages."""

import json
import re
from typing import Any

from slack_sdk.models.blocks import Block, ContextBlock, SectionBlock

from bot.access.audit import AuditPage, Entry, Wanted
from bot.slack.views.buttons import actions
from bot.slack.views.message import Message
from bot.slack.views.text import CONTEXT, escape, fit, fit_escaped, in_words, moment, mrkdwn, person
from bot.verbs.replies import Button

_WORD, _DETAILS, _VALUE = 120, 300, 100
_PERSON = re.compile(r"[UW](?=[A-Z]*[0-9])[A-Z0-9]{5,20}")


def audit_page(noun: AuditPage) -> Message:
    """Entries of the audit log, the newest first."""
    about = _about(noun)
    head = f"*Audit log*{about}"
    if not noun.entries:
        text = f"{head}: nothing{' older' if noun.wanted.before else ''} is on record."
        return Message(text, [SectionBlock(text=mrkdwn(text))])
    blocks: list[Block] = [SectionBlock(text=mrkdwn(head))]
    blocks += [SectionBlock(text=mrkdwn(_entry(entry))) for entry in noun.entries]
    if noun.head is not None:
        blocks.append(ContextBlock(elements=[mrkdwn(_note(noun.head), CONTEXT)]))
    if noun.older:
        blocks += actions([Button("Older", "audit", _again(noun))])
    count = len(noun.entries)
    return Message(f"Audit log{about}: {'1 entry' if count == 1 else f'{count} entries'}", blocks)


def _about(noun: AuditPage) -> str:
    """Return what was asked for, escaped."""
    wanted = noun.wanted
    told = (noun.platform, wanted.subject, wanted.action, wanted.actor)
    words = [fit_escaped(word, _WORD) for word in told if word]
    words += [_who(wanted.person)] if wanted.person else []
    words += [f"before {wanted.before}"] if wanted.before else []
    return "".join(f" · {word}" for word in words)


def _again(noun: AuditPage) -> str:
    """Return what one would type for the next page."""
    wanted: Wanted = noun.wanted
    who = f"<@{wanted.person}>" if wanted.person else ""
    word = wanted.subject or wanted.action or wanted.actor
    words = (noun.platform, who, f"before {noun.entries[-1].number}", word)
    return " ".join(word for word in words if word)


def _entry(entry: Entry) -> str:
    where = fit_escaped(entry.platform, _WORD) if entry.platform else "everywhere"
    subject = f" · {_who(entry.subject)}" if entry.subject else ""
    changed = "" if entry.fits else "\n⚠️ This entry was changed after it was written: run `opsroom audit verify`."
    line = f"{entry.number} · {_when(entry)} · {_who(entry.actor)} · *{fit_escaped(entry.action, _WORD)}*"
    return f"{line}{subject} · {where}{_details(entry)}{changed}"


def _when(entry: Entry) -> str:
    try:
        return moment(entry.moment)
    except (ValueError, OverflowError):  # somebody changed it
        return fit_escaped(entry.at, _WORD)


def _who(name: str) -> str:
    """Mention a person; anything else as it is called."""
    return person(name) if _PERSON.fullmatch(name) else fit_escaped(name, _WORD)


def _details(entry: Entry) -> str:
    try:
        told = entry.as_json()["details"]
    except (ValueError, RecursionError):  # as above
        told = {"details": entry.details}
    if not isinstance(told, dict) or not told:
        return ""
    return f"\n{fit_escaped(in_words({name: _value(value) for name, value in told.items()}), _DETAILS)}"


def _value(value: Any) -> str:
    plain = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return "–" if value is None else fit(plain, _VALUE)


def _note(head: Entry) -> str:
    noted = (
        "Note it elsewhere, and `opsroom audit verify --expect HASH` can prove that nothing up to there was changed."
    )
    return f"Entry {head.number} has the hash `{escape(head.hash)}`. {noted}"

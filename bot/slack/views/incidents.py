"""Incidents as messages."""

from slack_sdk.models.blocks import Block, ContextBlock, DividerBlock, HeaderBlock, SectionBlock

from bot.incidents.nouns import (
    Acknowledged,
    AcknowledgedBefore,
    AcknowledgedNote,
    Announcement,
    Header,
    IncidentCard,
    IncidentList,
    Joined,
    Named,
    NotOpened,
    Opened,
    Similar,
    Unacknowledged,
)
from bot.runbooks.announcement import announcement as announced
from bot.runbooks.announcement import facts_about
from bot.runbooks.templates import Mrkdwn
from bot.slack.views.buttons import actions
from bot.slack.views.message import Message
from bot.slack.views.text import (
    CONTEXT,
    FIELD,
    HEADER,
    SECTION,
    channel,
    escape,
    fit,
    fit_escaped,
    moment,
    mrkdwn,
    person,
    plain,
)
from bot.slack.views.troubles import trouble_text
from bot.verbs.replies import Button

_COLOURS = ("🔴", "🟠", "🟡", "⚪")
_TITLE = 300
_SUMMARY = 2000
_ENTRY = 300


def _sign(named: Named) -> str:
    return _COLOURS[min(named.incident.rank, len(_COLOURS) - 1)]


def _line(named: Named) -> str:
    """One incident in one line, escaped."""
    incident = named.incident
    return f"{_sign(named)} *{incident.ref}* {escape(named.severity.label)} · {fit_escaped(incident.title, _TITLE)}"


def _room(named: Named) -> Mrkdwn:
    return channel(named.incident.channel_id) if named.incident.channel_id else Mrkdwn("its room is being opened")


def _status(named: Named) -> str:
    incident = named.incident
    if incident.status == "acknowledged" and incident.acknowledged_by:
        return f"acknowledged by {person(incident.acknowledged_by)}"
    return "declared, not acknowledged yet" if incident.status == "declared" else incident.status


def _capital(text: str) -> str:
    """Begin with a capital and leave the rest: a person's id is in capitals."""
    return text[:1].upper() + text[1:]


def header(noun: Header) -> Message:
    """The pinned message of the room."""
    incident = noun.incident
    facts = (
        f"*Status*\n{_capital(_status(noun))}",
        f"*Severity*\n{escape(noun.severity.label)}",
        f"*Platform*\n{escape(noun.platform.title)}",
        f"*Declared*\n{moment(incident.declared_at)} by {person(incident.declared_by)}",
    )
    blocks: list[Block] = [
        HeaderBlock(text=plain(f"{_sign(noun)} {incident.ref} · {incident.title}", HEADER)),
        SectionBlock(fields=[mrkdwn(fact, FIELD) for fact in facts]),
    ]
    if incident.summary.strip() != incident.title:
        blocks.append(SectionBlock(text=mrkdwn(fit_escaped(incident.summary, _SUMMARY))))
    blocks.append(ContextBlock(elements=[mrkdwn(_what_it_asks(noun), CONTEXT)]))
    if incident.status == "declared":
        blocks += actions([Button("Acknowledge", "incident ack", incident.ref, style="primary")])
    return Message(f"{_line(noun)} on {escape(noun.platform.title)}: {_status(noun)}", blocks)


def _what_it_asks(named: Named) -> str:
    severity = named.severity
    asked = fit_escaped(severity.meaning, 800).rstrip(".") + "."
    if severity.response and named.incident.status == "declared":
        asked += f" Somebody answers by {moment(named.incident.declared_at + severity.response, '{time}')}."
    return asked


def opened(noun: Opened) -> Message:
    """To the declarer: the room is open."""
    inside = "You are in." if noun.inside else "I could not bring you in: please join it yourself."
    text = f"{noun.incident.ref} is open: {_room(noun)}. {inside}"
    return Message(text, [SectionBlock(text=mrkdwn(text))])


def not_opened(noun: NotOpened) -> Message:
    """To the declarer: the room, or a part of it, could not be made."""
    retry = Button("Try again", "incident retry", f"{noun.incident.ref} {noun.trouble.part}", style="primary")
    text = trouble_text(noun.incident, noun.trouble)
    return Message(text, [SectionBlock(text=mrkdwn(text)), *actions([retry])])


def similar(noun: Similar) -> Message:
    """To a declarer: the question whether it is the same."""
    incident = noun.incident
    own = incident.declared_by == noun.asked
    who = "You have" if own else f"{person(incident.declared_by)} has"
    waits = "Nothing was declared a second time." if own else "Nothing was declared yet in your name."
    text = f"{who} just declared this one:\n{_line(noun)}\nIs it the same? {waits}"
    buttons = [
        Button(f"Join {incident.ref}", "incident join", incident.ref, style="primary"),
        Button("Declare another one", "incident declare", again=noun.again, insist=True),
    ]
    return Message(text, [SectionBlock(text=mrkdwn(text)), *actions(buttons)])


def announcement(noun: Announcement) -> Message:
    """To the platform's people, in the words of the platform's template."""
    incident = noun.incident
    facts = facts_about(
        noun.platform,
        noun.severity,
        ref=incident.ref,
        title=incident.title,
        declared=moment(incident.declared_at),
        declared_by=person(incident.declared_by),
        channel=_room(noun),
    )
    text = announced(noun.platform, facts, escape)
    join = Button("Join", "incident join", incident.ref)
    return Message(_line(noun), [SectionBlock(text=mrkdwn(text, SECTION)), *actions([join])])


def acknowledged_note(noun: AcknowledgedNote) -> Message:
    """To the room: somebody is on it."""
    incident = noun.incident
    at = incident.acknowledged_at or incident.declared_at
    minutes = int((at - incident.declared_at).total_seconds() // 60)
    after = "less than a minute" if minutes < 1 else "a minute" if minutes == 1 else f"{minutes} minutes"
    late = ", later than its severity asks for" if noun.late else ""
    text = f"{person(incident.acknowledged_by or '')} is on it, {after} after it was declared{late}."
    return Message(text, [SectionBlock(text=mrkdwn(text))])


def acknowledged(noun: Acknowledged) -> Message:
    """To whoever acknowledged."""
    return _said(f"You acknowledged {noun.incident.ref}. {_room(noun)} knows.")


def acknowledged_before(noun: AcknowledgedBefore) -> Message:
    """To whoever came later."""
    incident = noun.incident
    if incident.acknowledged_by and incident.acknowledged_at and incident.is_open:
        at = moment(incident.acknowledged_at, "{time}")
        return _said(f"{person(incident.acknowledged_by)} acknowledged {incident.ref} at {at}.")
    return _said(f"{incident.ref} is {incident.status}; there is nothing left to acknowledge.")


def joined(noun: Joined) -> Message:
    """To whoever joined."""
    return _said(f"You are in {_room(noun)}.")


def unacknowledged(noun: Unacknowledged) -> Message:
    """To the room: time is up."""
    label = escape(noun.severity.label)
    text = f"⏰ Nobody has acknowledged {noun.incident.ref} yet, and {label} asks for an answer by now."
    acknowledge = Button("Acknowledge", "incident ack", noun.incident.ref, style="primary")
    return Message(text, [SectionBlock(text=mrkdwn(text)), *actions([acknowledge])])


def incident_list(noun: IncidentList) -> Message:
    """Open incidents, the worst first."""
    where = f" on {escape(noun.scope)}" if noun.scope else ""
    if not noun.items:
        return _said(f"No open incidents{where}.")
    count = "1 open incident" if noun.total == 1 else f"{noun.total:,} open incidents"
    blocks: list[Block] = [SectionBlock(text=mrkdwn(f"*{count}{where}*"))]
    blocks += [SectionBlock(text=mrkdwn(_item(item))) for item in noun.items]
    if noun.total > len(noun.items):
        narrower = "" if noun.scope else " `/incident list PLATFORM` shows those of one platform."
        left = f"And {noun.total - len(noun.items):,} more.{narrower}"
        blocks.append(ContextBlock(elements=[mrkdwn(left, CONTEXT)]))
    return Message(f"{count}{where}", blocks)


def _item(named: Named) -> str:
    since = moment(named.incident.declared_at, "{date_short_pretty} {time}")
    return f"{_line(named)}\n{escape(named.platform.title)} · {_room(named)} · {_status(named)} · since {since}"


def card(noun: IncidentCard) -> Message:
    """All about one incident."""
    blocks: list[Block] = [SectionBlock(text=mrkdwn(_item(noun)))]
    if noun.incident.summary.strip() != noun.incident.title:
        blocks.append(SectionBlock(text=mrkdwn(fit_escaped(noun.incident.summary, _SUMMARY))))
    blocks += [SectionBlock(text=mrkdwn(trouble_text(noun.incident, trouble))) for trouble in noun.troubles]
    latest = [
        f"{moment(entry.at, '{time}')} {person(entry.by) + ' ' if entry.by else ''}{fit_escaped(entry.text, _ENTRY)}"
        for entry in noun.latest
    ]
    blocks += [DividerBlock(), ContextBlock(elements=[mrkdwn("\n".join(latest) or "Nothing yet.", CONTEXT)])]
    return Message(fit(_line(noun), SECTION), blocks)


def _said(text: str) -> Message:
    return Message(text, [SectionBlock(text=mrkdwn(text))])

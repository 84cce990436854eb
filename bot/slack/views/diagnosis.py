"""Findings as messages: the worst first, numbers with their thresholds, and what to do next."""

from collections.abc import Iterator, Sequence
from functools import partial

from slack_sdk.models.blocks import Block, ContextBlock, RawTextObject, SectionBlock, TableBlock

from bot.diagnosis.finding import Finding, Level
from bot.diagnosis.next_steps import Offer
from bot.diagnosis.report import Evidence, Excerpt, Report, Unshared
from bot.runbooks.actions import Action
from bot.runbooks.steps import ActionHere, ActionStep, ProcedureStep
from bot.slack.views.buttons import actions
from bot.slack.views.lines import notes, sections
from bot.slack.views.message import Message
from bot.slack.views.offers import offer as offer_of
from bot.slack.views.shrinking import longest_that_fits
from bot.slack.views.text import CONTEXT, SECTION, escape, fit_escaped, in_words, mrkdwn, person
from bot.verbs.replies import Button

SIGNS = {Level.OK: "🟢", Level.UNKNOWN: "⚪", Level.WARNING: "🟠", Level.CRITICAL: "🔴"}
_TITLE, _SENTENCE = 120, 400
_SENTENCES = (_SENTENCE, 200, 100, 50, 25)
"""Characters of a finding's sentence, the fewer the more findings there are."""
_SHOWN, _GOOD = 16, 30
"""Findings that are told one by one: those that are not good, and those that are."""
_OFFERS, _FITS = 8, 3
_PIECES = 3
"""Blocks of a long text; a message takes about 13,000 characters of blocks."""
_GIVEN, _VALUE = 8, 80
"""Values that a button carries along, and characters of one; Slack's buttons take 2,000 in JSON."""


def report(noun: Report) -> Message:
    """What was found up to now."""
    inquiry = noun.inquiry
    head = f"{_sign(noun)} *{fit_escaped(inquiry.title, _TITLE)}* on {escape(inquiry.platform.title)}: {_counted(noun)}"
    if noun.waiting:
        still = fit_escaped(", ".join(noun.waiting), 1000)
        rest: list[Block] = [ContextBlock(elements=[mrkdwn(f"⏳ Still looking at: {still}", CONTEXT)])]
    else:
        rest = [*_withheld(noun), *_next(noun), ContextBlock(elements=[mrkdwn(_footer(noun), CONTEXT)])]
    found = longest_that_fits(partial(_findings, noun), _SENTENCES, rest)
    return Message(head, [SectionBlock(text=mrkdwn(head)), *found, *rest])


def _findings(noun: Report, limit: int) -> list[Block]:
    """Return the findings, those that are not good before those that are; `limit` is for each sentence."""
    bad = [finding for finding in noun.findings if finding.level is not Level.OK]
    good = [finding for finding in noun.findings if finding.level is Level.OK]
    blocks = sections(_line(finding, limit) for finding in bad[:_SHOWN])
    blocks += notes(_line(finding, limit) for finding in good[:_GOOD])
    if hidden := len(bad[_SHOWN:]) + len(good[_GOOD:]):
        blocks.append(ContextBlock(elements=[mrkdwn(f"And {hidden} more.", CONTEXT)]))
    return blocks


def _withheld(noun: Report) -> list[Block]:
    """Return how operators ask for what is restricted, each for themselves."""
    name = noun.inquiry.platform.name
    lines = [
        f"🔒 *{fit_escaped(each.title, _TITLE)}*: `/diagnose {name} {each.name}`" for each in noun.inquiry.withheld
    ]
    if not lines:
        return []
    told = "Restricted, and so not looked at here. Operators see the answer alone:"
    return notes([told, *lines[:_SHOWN]])


def _sign(noun: Report) -> str:
    return "⏳" if noun.waiting else SIGNS[noun.counts[0].level] if noun.counts else SIGNS[Level.UNKNOWN]


def _counted(noun: Report) -> str:
    if noun.waiting:
        return f"{len(noun.findings)} of {len(noun.findings) + len(noun.waiting)} looked at"
    if len(noun.findings) > 1 and [count.level for count in noun.counts] == [Level.OK]:
        return f"all {len(noun.findings)} are ok"
    return ", ".join(f"{count.number} {count.level.word}" for count in noun.counts) or "there is nothing to look at"


def _line(finding: Finding, limit: int) -> str:
    sentence = fit_escaped(finding.sentence, limit)
    return f"{SIGNS[finding.level]} *{fit_escaped(finding.title, min(_TITLE, limit))}*: {sentence}"


def _next(noun: Report) -> list[Block]:
    """Return what to do next: steps that the findings call for, procedures that fit, and buttons for them."""
    called = [offer for offer in noun.offers if offer.finding][:_OFFERS]
    lines = [f"• {_told(noun, offer)}" for offer in called]
    text = "\n".join(["*What to do next*", *lines])
    blocks: list[Block] = [SectionBlock(text=mrkdwn(text, SECTION))] if lines else []
    return [*blocks, *actions(_buttons(noun, called))]


def _told(noun: Report, offer: Offer) -> str:
    step, platform = offer.step, noun.inquiry.platform
    why = f" (_{fit_escaped(offer.finding.title, _TITLE)}_ is {offer.finding.level.word})" if offer.finding else ""
    match step:
        case ActionStep() | ActionHere():
            action = platform.entry_of(step)
            said = action.title if action else step.action
            said += f" ({in_words(action.preset)})" if action and action.preset else ""
        case ProcedureStep():
            procedure = platform.procedures.get(step.procedure)
            said = f"Go on with {procedure.title if procedure else step.procedure}"
        case _:
            said = getattr(step, "human", None) or getattr(step, "title", None) or getattr(step, "opsroom", "") or ""
    return f"{fit_escaped(said, _SENTENCE)}{why}"


def _buttons(noun: Report, called: Sequence[Offer]) -> list[Button]:
    inquiry, name = noun.inquiry, noun.inquiry.platform.name
    steps = [offer.step.procedure for offer in called if isinstance(offer.step, ProcedureStep)]
    wanted = list(dict.fromkeys([*steps, *(fit.procedure.name for fit in noun.fits)]))[:_FITS]
    found = (inquiry.platform.procedures.get(each) for each in wanted)
    buttons = [Button(f"Diagnose: {each.title}", "diagnose", f"{name} {each.name}") for each in found if each]
    steps_to_take = (inquiry.platform.entry_of(offer.step) for offer in called)
    able = [entry for entry in steps_to_take if isinstance(entry, Action) and entry.run]
    buttons += [offer_of(name, each, inquiry.given, f"Ask for: {each.title}") for each in able[:_FITS]]
    if inquiry.procedure and called:
        start = Button("Go through it step by step", "runbook start", f"{name} {inquiry.procedure.name}")
        buttons.insert(0, start)
    if missing := inquiry.missing():
        asked = " ".join(f"{hole}=" for hole in missing)
        buttons.append(Button("Fill in the values", "diagnose", f"{_again(noun)} {asked}"))
    return [*buttons, Button("Check again", "diagnose", _again(noun))]


def _again(noun: Report) -> str:
    inquiry = noun.inquiry
    short = {hole: value for hole, value in inquiry.given.items() if 0 < len(value) <= _VALUE}
    given = [f"{hole}={value}" for hole, value in short.items() if value.isprintable() and " " not in value]
    subject = [inquiry.subject.name] if inquiry.subject else []
    return " ".join([inquiry.platform.name, *subject, *given[:_GIVEN]])


def _footer(noun: Report) -> str:
    asked = f"Asked by {person(noun.inquiry.by)}" if noun.inquiry.by else "Looked at by itself"
    alone = " · only you see this" if noun.inquiry.is_restricted else ""
    return f"{asked} · took {noun.seconds:.1f} s · nothing was changed{alone}"


def table(noun: Evidence) -> Message:
    """A table in a report's thread; in words for clients that have no tables."""
    rows = [noun.table.columns, *noun.table.rows]
    cells = [[RawTextObject(text=cell or "–") for cell in row] for row in rows]
    head = f"*{fit_escaped(noun.title, _TITLE)}*"
    blocks: list[Block] = [SectionBlock(text=mrkdwn(head)), TableBlock(rows=cells)]
    if noun.left_out:
        blocks.append(ContextBlock(elements=[mrkdwn(f"{escape(noun.left_out)} are not shown.", CONTEXT)]))
    count = "1 row" if len(noun.table.rows) == 1 else f"{len(noun.table.rows)} rows"
    return Message(f"{head}: a table of {count}", blocks)


def excerpt(noun: Excerpt) -> Message:
    """A long text for one person."""
    head = f"*{fit_escaped(noun.title, _TITLE)}*"
    pieces = list(_pieces(noun.text))
    left = [noun.left_out] if noun.left_out else []
    left += ["the rest of the text"] if len(pieces) > _PIECES else []
    blocks: list[Block] = [SectionBlock(text=mrkdwn(head))]
    blocks += [SectionBlock(text=mrkdwn(f"```{piece}```")) for piece in pieces[:_PIECES]]
    if left:
        blocks.append(
            ContextBlock(elements=[mrkdwn(f"Not shown: {fit_escaped(' and '.join(left), _SENTENCE)}.", CONTEXT)])
        )
    return Message(head, blocks)


def _pieces(text: str) -> Iterator[str]:
    """Yield a text in escaped pieces that fit into a block, cut between lines."""
    room, piece = SECTION - len("``````"), ""
    for line in text.replace("```", "'''").splitlines():
        shown = fit_escaped(line, room - 1) if line.strip() else ""
        if len(piece) + len(shown) + 1 > room:
            yield piece
            piece = ""
        piece += f"{shown}\n"
    if piece.strip():
        yield piece


def unshared(noun: Unshared) -> Message:
    """What a thread misses, and how to get it."""
    titles = fit_escaped(", ".join(noun.titles), 1000)
    text = f"📎 I can share files only in channels that I am in: {titles}. Invite me here, then press “Check again”."
    return Message(text, [SectionBlock(text=mrkdwn(text))])

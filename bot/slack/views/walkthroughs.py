"""Runbooks as messages: lists, pages, and walkthroughs whose steps are settled with buttons."""

from dataclasses import replace
from functools import partial
from itertools import groupby

from slack_sdk.models.blocks import Block, ContextBlock, DividerBlock, HeaderBlock, SectionBlock

from bot.runbooks.actions import Action
from bot.runbooks.platform import Platform
from bot.runbooks.probes import Probe
from bot.runbooks.procedures import Procedure
from bot.runbooks.steps import PlainStep, ProcedureStep
from bot.runbooks.steps import Step as Written
from bot.slack.views.buttons import actions
from bot.slack.views.lines import sections
from bot.slack.views.message import Message
from bot.slack.views.offers import offer
from bot.slack.views.shrinking import longest_that_fits
from bot.slack.views.text import CONTEXT, HEADER, escape, fit_escaped, in_words, moment, mrkdwn, person, plain
from bot.store.walkthroughs import DONE, FAILED, OPEN, RUNNING, SKIPPED, Step, Walkthrough
from bot.verbs.replies import Button
from bot.walkthroughs.nouns import ProcedureList, ProcedurePage, WalkthroughBoard
from bot.walkthroughs.steps import ACTION, PROCEDURE, entry_of

_PARTS = {"diagnose": "Find out", "resolve": "Put right", "follow-up": "Afterwards"}
_SIGNS = {OPEN: "⬜", RUNNING: "⏳", DONE: "✅", SKIPPED: "⏭️", FAILED: "⚠️"}
_LEVELS = {"critical": "🔴", "warning": "🟠", "unknown": "⚪", "ok": "🟢"}
_TITLE, _LINE, _NOTE = 200, 300, 600
_PIECES = (200, 100, 50, 25, 10)
"""Characters of a step's title, outcome and note, the fewer the more steps there are."""
_WITH_NAMES = 50
"""Where a piece of text has fewer characters than that, nobody is named."""
_WITH_BUTTONS = 8
"""Open steps that have buttons: a message takes 50 blocks and about 13,000 characters, and one does the next ones."""
_SHORT = 100


def board(noun: WalkthroughBoard) -> Message:
    """A walkthrough, always true."""
    walkthrough = noun.walkthrough
    head = f"📖 *{fit_escaped(walkthrough.title, _TITLE)}* on {escape(noun.platform.title)} · {walkthrough.ref}"
    settled = sum(step.is_settled for step in walkthrough.steps)
    so_far = f"{settled} of {len(walkthrough.steps)} steps"
    blocks: list[Block] = [SectionBlock(text=mrkdwn(f"{head} · {so_far}"))]
    blocks += longest_that_fits(partial(_steps, noun), _PIECES)
    blocks.append(ContextBlock(elements=[mrkdwn(_history(walkthrough), CONTEXT)]))
    if walkthrough.ended_at is None:
        blocks += actions([Button("End this walkthrough", "runbook end", walkthrough.ref)])
    return Message(f"{head}: {so_far}", blocks)


def _steps(noun: WalkthroughBoard, limit: int) -> list[Block]:
    """Return the steps by their parts: those that are open and next with buttons, the others as lines.

    `limit` is how many characters each piece of text has.
    """
    walkthrough = noun.walkthrough
    open_ones = [step.position for step in walkthrough.steps if not step.is_settled]
    busy = set(open_ones[:_WITH_BUTTONS]) if walkthrough.ended_at is None else set()
    blocks: list[Block] = []
    for part, steps in groupby(walkthrough.steps, key=lambda step: step.part):
        blocks.append(ContextBlock(elements=[mrkdwn(f"*{_PARTS.get(part, escape(part))}*", CONTEXT)]))
        for with_buttons, group in groupby(steps, key=lambda step: step.position in busy):
            if with_buttons:
                for step in group:
                    blocks += _open(noun, step, limit)
            else:
                blocks += sections([_settled(step, limit) for step in group])
    return blocks


def _open(noun: WalkthroughBoard, step: Step, limit: int) -> list[Block]:
    text = f"{_said(step, limit)}{_so_far(step, limit)}{_how(noun, step, limit)}"
    return [SectionBlock(text=mrkdwn(text)), *actions(_buttons(noun, step))]


def _so_far(step: Step, limit: int) -> str:
    """Return who is looking, or what came of a look that found nothing out."""
    if step.state == RUNNING and step.by:
        return f" · {person(step.by)} is looking"
    return f" · {_LEVELS.get(step.level or '', '')} {fit_escaped(step.outcome, limit)}" if step.outcome else ""


def _said(step: Step, limit: int) -> str:
    return f"{_SIGNS.get(step.state, '')} *{step.position}.* {fit_escaped(step.title, limit)}"


def _settled(step: Step, limit: int) -> str:
    """Return a step in a line: what was found, by whom, when, and what was noted."""
    parts = [_said(step, limit)]
    if step.outcome:
        parts.append(f"{_LEVELS.get(step.level or '', '')} {fit_escaped(step.outcome, limit)}")
    if step.note:
        parts.append(f"_{fit_escaped(step.note, limit)}_")
    if step.by and step.at and limit >= _WITH_NAMES:
        parts.append(f"{person(step.by)} {moment(step.at, '{time}')}")
    return " · ".join(parts)


def _how(noun: WalkthroughBoard, step: Step, limit: int) -> str:
    """Return the commands of a step, and what to know before it is done."""
    entry = entry_of(noun.platform, noun.walkthrough, step)
    text = "".join(f"\n`{_code(line.text, 4 * limit)}`" for line in entry.run[:3]) + _preset(entry) if entry else ""
    if step.kind == ACTION:
        text += "\nThis changes something: ask for it, and somebody else allows it."
    return text


def _code(text: str, limit: int = 300) -> str:
    """Return a command line as code; a backtick would end it."""
    return fit_escaped(" ".join(text.replace("`", "'").split()), min(limit, _LINE))


def _buttons(noun: WalkthroughBoard, step: Step) -> list[Button]:
    where = f"{noun.walkthrough.ref} {step.position}"
    settle = [Button("Done", "runbook done", where), Button("Skip", "runbook skip", where)]
    entry = entry_of(noun.platform, noun.walkthrough, step)
    if isinstance(entry, Action) and entry.run:
        asked = offer(noun.platform.name, entry, noun.walkthrough.given, "Ask for it")
        return [replace(asked, style="primary"), *settle]
    if isinstance(entry, Probe) and entry.run:
        label = "Run" if step.state == OPEN else "Run again"
        run = Button(label, "runbook run", where, style=None if step.state == RUNNING else "primary")
        return [run, *settle] if step.state == FAILED else [run, settle[1]]
    if step.kind == PROCEDURE:
        other = f"{noun.platform.name} {step.name}"
        return [Button("Start it", "runbook start", other, style="primary"), *settle]
    return settle


def _history(walkthrough: Walkthrough) -> str:
    begun = f"Started by {person(walkthrough.started_by)} {moment(walkthrough.started_at)}"
    if walkthrough.ended_by and walkthrough.ended_at:
        return f"{begun}. Ended by {person(walkthrough.ended_by)} {moment(walkthrough.ended_at)}."
    return f"{begun}."


def procedure_list(noun: ProcedureList) -> Message:
    """A platform's procedures, each with its first symptom, and what goes on."""
    procedures = list(noun.platform.procedures.values())
    title = escape(noun.platform.title)
    if not procedures:
        text = f"{title} has no runbooks yet."
        return Message(text, [SectionBlock(text=mrkdwn(text))])
    head = f"*{'1 runbook' if len(procedures) == 1 else f'{len(procedures)} runbooks'} of {title}*"
    blocks: list[Block] = [SectionBlock(text=mrkdwn(head)), *sections([_entry(each) for each in procedures])]
    if noun.going:
        going = [f"{each.ref} {fit_escaped(each.title, _SHORT)} in <#{escape(each.channel)}>" for each in noun.going]
        blocks.append(ContextBlock(elements=[mrkdwn("Going on: " + ", ".join(going), CONTEXT)]))
    name = noun.platform.name
    hint = f"`/runbook show {name} NAME` reads one, `/runbook start {name} NAME` begins it."
    return Message(head, [*blocks, ContextBlock(elements=[mrkdwn(hint, CONTEXT)])])


def _entry(procedure: Procedure) -> str:
    symptom = f" – {fit_escaped(procedure.symptoms[0], _SHORT)}" if procedure.symptoms else ""
    return f"• `{procedure.name}` {fit_escaped(procedure.title, _SHORT)}{symptom}"


def procedure_page(noun: ProcedurePage) -> Message:
    """All of one procedure."""
    procedure, platform = noun.procedure, noun.platform
    blocks: list[Block] = [HeaderBlock(text=plain(procedure.title, HEADER))]
    if procedure.summary:
        blocks.append(SectionBlock(text=mrkdwn(fit_escaped(procedure.summary, _NOTE))))
    if procedure.symptoms:
        symptoms = [f"• {fit_escaped(symptom, _LINE)}" for symptom in procedure.symptoms]
        blocks += sections(["*When*", *symptoms])
    for part, steps in groupby(procedure.steps(), key=lambda placed: placed[0][0]):
        blocks += sections([f"*{_PARTS[part]}*", *(_written(platform, step) for _, step in steps)])
    if procedure.note:
        blocks += [DividerBlock(), ContextBlock(elements=[mrkdwn(fit_escaped(procedure.note, _NOTE), CONTEXT)])]
    where = f"{platform.name} {procedure.name}"
    buttons = [Button("Start it here", "runbook start", where, style="primary")]
    buttons += [Button("Diagnose", "diagnose", where)] if platform.probes_of(procedure) else []
    return Message(f"{fit_escaped(procedure.title, HEADER)} on {escape(platform.title)}", [*blocks, *actions(buttons)])


def _written(platform: Platform, step: Written) -> str:
    """Return a step as the runbook has it, with its command."""
    when = f" (when {', '.join(map(str, step.offer_when))})" if step.offer_when else ""
    match step:
        case ProcedureStep():
            return f"• Go on with `{step.procedure}`{escape(when)}"
        case PlainStep():
            said = step.human or step.title or step.opsroom or ""
            owner = f" ({step.owner})" if step.owner else ""
            return f"• {fit_escaped(said + owner + when, _NOTE)}"
    entry = platform.entry_of(step)
    if entry is None:
        return ""
    lines = "".join(f"\n    `{_code(line.text)}`" for line in entry.run[:3])
    return f"• {fit_escaped(entry.title + when, _TITLE)}{(lines or _person(entry.human)) + _preset(entry)}"


def _preset(entry: Probe | Action) -> str:
    """Return the values that the step says."""
    return f"\n    with {fit_escaped(in_words(entry.preset), _LINE)}" if entry.preset else ""


def _person(human: str | None) -> str:
    return f": {fit_escaped(human, _LINE)}" if human else ""

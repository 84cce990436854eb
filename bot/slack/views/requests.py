"""Requests as messages: the one that is always true, with buttons for those who decide, and lists of them."""

from collections.abc import Iterator
from functools import partial

from slack_sdk.models.blocks import Block, SectionBlock

from bot.operations.effect import Effect
from bot.remediation.nouns import RequestBoard, RequestList
from bot.slack.views import changes, tasks
from bot.slack.views.buttons import actions
from bot.slack.views.lines import notes, on_one_line, sections
from bot.slack.views.message import Message
from bot.slack.views.shrinking import longest_that_fits
from bot.slack.views.states import SIGNS, ended, state_of
from bot.slack.views.text import escape, moment, mrkdwn, person
from bot.store import decisions
from bot.store.decisions import Decision
from bot.store.requests import QUEUED, WAITING
from bot.verbs.replies import Button

_DECIDED = {
    decisions.APPROVED: ("✅", "approved it"),
    decisions.DENIED: ("⛔", "denied it"),
    decisions.WITHDRAWN: ("↩️", "withdrew it"),
    decisions.BROKE_GLASS: ("🚨", "broke the glass"),
}
_TITLE, _PLATFORM = 200, 80
_PIECES = (400, 200, 100, 50, 25)
"""Characters of each piece of text, the fewer the more there is to say."""
_TEXT = 2_900
"""Characters of the text without blocks."""
_DECISIONS, _LISTED = 12, 30


def board(noun: RequestBoard) -> Message:
    """A request, always true."""
    head = SectionBlock(text=mrkdwn(_head(noun)))
    around = [*notes([_asked(noun)]), *actions(_buttons(noun))]
    body = longest_that_fits(partial(_body, noun), _PIECES, [head, *around])
    return Message(_in_lines(noun), [head, *body, *around])


def _head(noun: RequestBoard) -> str:
    request = noun.request
    title = f"*{on_one_line(request.title, _TITLE)}* on {on_one_line(noun.platform.title, _PLATFORM)}"
    return f"{SIGNS.get(request.state, '')} {title} · {request.ref} · {state_of(noun)}"


def _body(noun: RequestBoard, limit: int) -> list[Block]:
    """Return what was decided, done and planned; `limit` is how many characters each piece of text has."""
    request, plan = noun.request, noun.plan
    undecided = request.state == WAITING
    planned = changes.foreseen if undecided else changes.in_short
    criteria = list(changes.signs(plan.criteria, limit)) if undecided else []
    return [
        *sections(ended(noun.request, limit)),
        *tasks.plan(noun.tasks, request.version, limit),
        *sections(planned(plan, limit)),
        *sections(_reason(noun, limit)),
        *sections(["*What speaks for it*", *criteria] if criteria else []),
        *sections(_decision(each, limit) for each in noun.decisions[-_DECISIONS:]),
    ]


def _reason(noun: RequestBoard, limit: int) -> Iterator[str]:
    if noun.request.reason:
        yield f"*Why:* {on_one_line(noun.request.reason, limit)}"


def _decision(decision: Decision, limit: int) -> str:
    sign, did = _DECIDED.get(decision.verdict, ("•", escape(decision.verdict)))
    reason = f": {on_one_line(decision.reason, limit)}" if decision.reason else ""
    return f"{sign} {person(decision.person)} {did} {moment(decision.at)}{reason}"


def _asked(noun: RequestBoard) -> str:
    """Return who asked, and who may allow it until when."""
    request = noun.request
    asked = f"Asked by {person(request.requested_by)} {moment(request.requested_at)}"
    parts = [asked, *([_deciders(noun)] if request.state == WAITING else [])]
    return " · ".join([*parts, f"plan `{noun.plan.fingerprint}`"])


def _deciders(noun: RequestBoard) -> str:
    until = moment(noun.request.expires_at)
    if not noun.policy.approvals:
        return f"can be begun until {until}"
    groups = on_one_line(" or ".join(f"@{group}" for group in noun.policy.groups), _TITLE)
    who = f"by approvers in {groups}" if noun.policy.groups else "by approvers"
    return f"can be approved until {until} {who}, and not by whoever asked"


def _buttons(noun: RequestBoard) -> list[Button]:
    """Return what can be decided now: everything while it waits, nothing once it began."""
    ref = noun.request.ref
    withdraw = Button("Withdraw", "request withdraw", ref)
    if noun.request.state == QUEUED:
        return [withdraw]
    if noun.request.state != WAITING:
        return []
    if not noun.policy.approvals:
        return [Button("Go ahead", "request begin", ref, style="primary", confirm=_confirm(noun)), withdraw]
    approve = Button("Approve", "request approve", ref, style="primary", confirm=_confirm(noun))
    deny = Button("Deny", "request deny", ref, style="danger")
    return [approve, deny, withdraw, Button("Break glass", "request break-glass", ref)]


def _confirm(noun: RequestBoard) -> str:
    """Return what is asked before something is lost; nothing where it is not."""
    if noun.plan.effect is not Effect.DESTROY:
        return ""
    lost = "It cannot be undone." if noun.plan.is_final else "What it removes is gone for good."
    return f"This destroys something on {noun.platform.title}. {lost}"


def _in_lines(noun: RequestBoard) -> str:
    """Return the message without blocks: how far it is, and every task in a line."""
    for limit in _PIECES:
        text = "\n".join([_head(noun), *ended(noun.request, limit), *tasks.in_lines(noun.tasks, limit)])
        if len(text) <= _TEXT:
            break
    return text


def request_list(noun: RequestList) -> Message:
    """Requests that wait or are being done, each in a line."""
    where = f" on {on_one_line(noun.title, _TITLE)}" if noun.title else ""
    if not noun.boards:
        text = f"Nothing waits for anybody{where}."
        return Message(text, sections([text]))
    count = len(noun.boards)
    head = f"*{'1 open request' if count == 1 else f'{count} open requests'}{where}*"
    lines = [_entry(each) for each in noun.boards[:_LISTED]]
    left = [f"And {count - _LISTED} more."] if count > _LISTED else []
    hint = "`/request show REQ-NUMBER` shows one."
    return Message(head, [*sections([head, *lines]), *notes([*left, hint])])


def _entry(noun: RequestBoard) -> str:
    request = noun.request
    title = f"*{request.ref}* {on_one_line(request.title, 80)} on {on_one_line(noun.platform.title, 40)}"
    asked = f"{person(request.requested_by)} {moment(request.requested_at)}"
    return f"{SIGNS.get(request.state, '')} {title} · {state_of(noun)} · {asked}"

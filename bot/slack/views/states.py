"""How far a request is and how it ended, in words and signs."""

from collections.abc import Iterator

from bot.remediation.nouns import RequestBoard
from bot.slack.views.lines import on_one_line
from bot.slack.views.text import escape, person
from bot.store import decisions
from bot.store.requests import (
    DENIED,
    DONE,
    EXPIRED,
    FAILED,
    QUEUED,
    REHEARSED,
    RUNNING,
    UNCLEAR,
    VOID,
    WAITING,
    WITHDRAWN,
    Request,
)

SIGNS = {
    WAITING: "✋",
    QUEUED: "🚦",
    RUNNING: "⏳",
    DONE: "✅",
    FAILED: "❌",
    UNCLEAR: "🚨",
    VOID: "🚫",
    REHEARSED: "🧪",
    DENIED: "⛔",
    WITHDRAWN: "↩️",
    EXPIRED: "⌛",
}
LOOK_FIRST = "🚨 *Nobody can tell whether this was done. Look before you do anything.*"
_NOTHING_DONE = {
    DENIED: "Nothing was changed.",
    WITHDRAWN: "Nothing was changed.",
    EXPIRED: "Nobody decided in time, so nothing was changed. If it is still needed, ask for it again.",
}
_OUTCOME = 3
"""How many times as long as other pieces the sentence is in which a run ended."""


def state_of(noun: RequestBoard) -> str:
    """Return how far a request is, in words."""
    state = noun.request.state
    if state == WAITING:
        return _waiting(noun)
    if state == QUEUED:
        return f"queued behind REQ-{noun.ahead}" if noun.ahead else "queued"
    return "being carried out" if state == RUNNING else escape(state)


def _waiting(noun: RequestBoard) -> str:
    needed = noun.policy.approvals
    missing = max(needed - sum(each.verdict == decisions.APPROVED for each in noun.decisions), 0)
    if not needed:
        return f"waiting for {person(noun.request.requested_by)} to go ahead"
    return "waiting for 1 approval" if needed == 1 else f"waiting for {missing} of {needed} approvals"


def ended(request: Request, limit: int) -> Iterator[str]:
    """Yield how it ended: loudly when nobody can tell."""
    if request.state == UNCLEAR:
        yield LOOK_FIRST
    if request.state in (DONE, FAILED, UNCLEAR, VOID, REHEARSED) and request.outcome:
        yield on_one_line(request.outcome, _OUTCOME * limit)
    if request.state in _NOTHING_DONE:
        yield _NOTHING_DONE[request.state]

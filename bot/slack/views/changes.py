"""What a plan would change, in words: the command, from what to what, whom it reaches, and the way back."""

import sys
from collections.abc import Iterator

from bot.operations.effect import Effect
from bot.remediation.plan import Change, Criterion, Plan
from bot.slack.views.lines import code, on_one_line

EFFECTS = {Effect.READ: "🟢", Effect.WRITE: "🟡", Effect.DESTROY: "🔴"}
_LINE = 4
"""How many times as long as other pieces a command line is: it is what is allowed."""
_MET = {True: "✅ met", False: "❌ not met", None: "❔ nobody can tell"}
_WHOLE, _LINES, _CRITERIA = 8, 16, 12
"""Changes that are told with all that was foreseen, those of which only the command is, and criteria."""


def foreseen(plan: Plan, limit: int) -> Iterator[str]:
    """Yield what each change would do, escaped; `limit` is how many characters each piece of text has."""
    for at, change in enumerate(plan.changes[: _WHOLE + _LINES]):
        yield _named(change, limit)
        yield from _cut(change, limit)
        if at < _WHOLE:
            yield from (f"    {said}" for said in _foreseen(change, limit))
    if (hidden := len(plan.changes) - _WHOLE - _LINES) > 0:
        yield f"⚠️ *And {_counted(hidden, 'change')} more, for which there is no room here.*"


def in_short(plan: Plan, limit: int) -> Iterator[str]:
    """Yield each change with nothing but from what to what."""
    for change in plan.changes[:_WHOLE]:
        yield _named(change, limit)
        yield from (f"    {said}" for said in _way(change, limit))
    if (hidden := len(plan.changes) - _WHOLE) > 0:
        yield f"And {_counted(hidden, 'change')} more."


def signs(criteria: tuple[Criterion, ...], limit: int) -> Iterator[str]:
    """Yield each criterion, whether it is met, and what a probe said."""
    for each in criteria[:_CRITERIA]:
        said = f": {on_one_line(each.said, limit)}" if each.said.strip() else ""
        yield f"{_MET[each.met]} · {on_one_line(each.title, limit)}{said}"
    if (hidden := len(criteria) - _CRITERIA) > 0:
        yield f"And {_counted(hidden, 'sign')} more."


def _named(change: Change, limit: int) -> str:
    return f"{EFFECTS[change.effect]} {code(change.line, _LINE * limit)} on {on_one_line(change.target, limit)}"


def _cut(change: Change, limit: int) -> Iterator[str]:
    """Say that a command is not all there: nobody is to allow what they have not seen without knowing it."""
    if code(change.line, _LINE * limit) != code(change.line, sys.maxsize):
        yield "    ⚠️ *The command is longer than what is shown here.*"


def _foreseen(change: Change, limit: int) -> Iterator[str]:
    yield from _way(change, limit)
    if change.reach:
        yield f"Reaches {on_one_line(change.reach, limit)}"
    if change.rehearsal:
        yield f"Rehearsed: {on_one_line(change.rehearsal, limit)}"
    if change.final:
        yield "⚠️ *This cannot be undone.*"
    if change.undo:
        # A sentence ends with a full stop, a command line does not.
        is_sentence = change.undo.rstrip().endswith(".")
        yield f"Way back: {on_one_line(change.undo, limit) if is_sentence else code(change.undo, limit)}"


def _way(change: Change, limit: int) -> Iterator[str]:
    """Yield from what to what, as far as that is known."""
    before, after = change.before.strip(), change.after.strip()
    if before or after:
        yield " → ".join(f"*{on_one_line(each, limit)}*" for each in (before or "nothing", after or "unknown"))


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count > 1)}"

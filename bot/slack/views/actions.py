"""What can be done on a platform, and what each of it needs."""

from collections.abc import Sequence
from functools import partial

from slack_sdk.models.blocks import Block

from bot.remediation.nouns import ActionList
from bot.remediation.plan import Change, Plan
from bot.remediation.policy import policy_for
from bot.runbooks.actions import Action
from bot.runbooks.platform import Platform
from bot.slack.views.changes import EFFECTS
from bot.slack.views.lines import code, notes, on_one_line, sections
from bot.slack.views.message import Message
from bot.slack.views.shrinking import longest_that_fits
from bot.slack.views.text import escape

_NAME, _SHOWN = 80, 60
_PIECES = (120, 60, 30)
"""Characters of a title, the fewer the more actions there are."""


def action_list(noun: ActionList) -> Message:
    """The actions that Opsroom can run, by name."""
    platform = noun.platform
    title = escape(platform.title)
    found = sorted((action for action in platform.actions.values() if action.run), key=lambda action: action.name)
    if not found:
        text = f"{title} has no actions that Opsroom can run."
        return Message(text, sections([text]))
    head = f"*{'1 action' if len(found) == 1 else f'{len(found)} actions'} on {title}*"
    left = [f"And {len(found) - _SHOWN} more."] if len(found) > _SHOWN else []
    hint = f"`/run {platform.name} NAME` asks for one · 🟡 changes something, 🔴 destroys something"
    below = notes([*left, hint])
    return Message(head, [*longest_that_fits(partial(_lines, platform, head, found[:_SHOWN]), _PIECES, below), *below])


def _lines(platform: Platform, head: str, found: Sequence[Action], limit: int) -> list[Block]:
    return sections([head, *(_line(platform, action, limit) for action in found)])


def _line(platform: Platform, action: Action, limit: int) -> str:
    needed = _approvals(platform, action)
    allowed = f"{needed} approval{'s' * (needed > 1)}" if needed else "no approval"
    return f"{EFFECTS[action.effect]} {code(action.name, _NAME)} {on_one_line(action.title, limit)} · {allowed}"


def _approvals(platform: Platform, action: Action) -> int:
    """Return how many approvals it needs, at least: what is found to be final when it is planned may need more."""
    line = action.run[0]
    plan = Plan((Change(line.text, "", action.effect, line.operation),))
    return policy_for(platform, plan, action).approvals

"""The switches that are on: where nothing is changed for now, or where it is only rehearsed."""

from collections.abc import Mapping

from bot.remediation.nouns import SwitchBoard
from bot.slack.views.lines import notes, on_one_line, sections
from bot.slack.views.message import Message
from bot.slack.views.text import escape, moment, person
from bot.store.switches import DRY_RUN, READ_ONLY, Switch

_MODES = {READ_ONLY: "🔒 *{where}* is read-only", DRY_RUN: "🧪 *{where}* only rehearses its changes"}
_TITLE, _REASON, _SHOWN = 80, 120, 25


def switch_board(noun: SwitchBoard) -> Message:
    """Which switches are on, where, why, and since when."""
    if not noun.switches:
        text = "Nothing is switched off: changes can be asked for everywhere."
        return Message(text, sections([text]))
    lines = [_line(each, noun.titles) for each in noun.switches[:_SHOWN]]
    hidden = len(noun.switches) - _SHOWN
    return Message("\n".join(lines[:3]), [*sections(lines), *notes([f"And {hidden} more."] if hidden > 0 else [])])


def _line(switch: Switch, titles: Mapping[str, str]) -> str:
    where = on_one_line(titles.get(switch.platform, switch.platform), _TITLE)
    what = _MODES[switch.mode].format(where=where) if switch.mode in _MODES else f"*{where}*: {escape(switch.mode)}"
    return f"{what}: {on_one_line(switch.reason, _REASON)} · {person(switch.by)} {moment(switch.at)}"

"""Buttons: each is a verb that somebody may press.

The action id carries the verb's path and a number that makes it unique in its block, the value what one would type
behind the verb, or the id of the request that the click repeats.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, ButtonElement, ConfirmObject

from bot.slack.views.text import BUTTON, CONFIRM, CONFIRM_BUTTON, plain
from bot.verbs.replies import Button

_SEPARATOR = ":"


def actions(buttons: Sequence[Button]) -> list[ActionsBlock]:
    """Return a row of buttons; nothing when there are none."""
    return [ActionsBlock(elements=[_element(at, button) for at, button in enumerate(buttons)])] if buttons else []


def _element(at: int, button: Button) -> ButtonElement:
    again = {"again": button.again, "insist": button.insist, "whole": button.whole}
    value = again if button.again else {"text": button.text}
    return ButtonElement(
        text=plain(button.label, BUTTON),
        action_id=f"{button.path}{_SEPARATOR}{at}",
        value=json.dumps(value, ensure_ascii=False),
        style=button.style,
        confirm=_question(button) if button.confirm else None,
    )


def _question(button: Button) -> ConfirmObject:
    """Return the dialog that asks before a click counts."""
    return ConfirmObject(
        title=plain("Are you sure?", CONFIRM),
        text=plain(button.confirm, CONFIRM),
        confirm=plain(button.label, CONFIRM_BUTTON),
        deny=plain("Cancel", CONFIRM_BUTTON),
    )


def pressed(action: Mapping[str, Any]) -> Button | None:
    """Return the button that a block action is about; None when it is not one of ours."""
    path, separator, _ = str(action.get("action_id", "")).rpartition(_SEPARATOR)
    if not separator or action.get("type") != "button":
        return None
    try:
        value = json.loads(action.get("value") or "{}")
    except ValueError:
        return None
    insist, whole = bool(value.get("insist")), bool(value.get("whole"))
    return Button("", path, str(value.get("text", "")), value.get("again"), insist, whole)

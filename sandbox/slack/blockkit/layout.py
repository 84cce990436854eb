"""Blocks that carry text and elements: section, header, context, actions, input, markdown and their like."""

from sandbox.slack.blockkit.between import at_least_one
from sandbox.slack.blockkit.buttons import BUTTON, FEEDBACK_BUTTONS, ICON_BUTTON, IMAGE, WORKFLOW_BUTTON
from sandbox.slack.blockkit.inputs import DATETIME_PICKER, INPUTS, PICKERS, RICH_TEXT_INPUT
from sandbox.slack.blockkit.problem import Spot, Tally
from sandbox.slack.blockkit.rich_text import RICH_TEXT_FIELDS
from sandbox.slack.blockkit.rules import (
    NOTHING,
    Fields,
    Rule,
    flag,
    list_of,
    one_of,
    only_on,
    string,
    tagged,
    text,
    unique,
)
from sandbox.slack.blockkit.selects import CHECKBOXES, MULTI_SELECTS, OVERFLOW, RADIO_BUTTONS, SELECTS
from sandbox.slack.blockkit.texts import plain, words

MARKDOWN_LIMIT = 12_000

_CHOSEN: Fields = {
    "checkboxes": CHECKBOXES,
    "radio_buttons": RADIO_BUTTONS,
    **SELECTS,
    **MULTI_SELECTS,
    **PICKERS,
}
_PRESSED: Fields = {"button": BUTTON, "overflow": OVERFLOW, "workflow_button": WORKFLOW_BUTTON}

IN_SECTIONS: Fields = {"image": IMAGE, **_PRESSED, **_CHOSEN}
IN_ACTIONS: Fields = {
    **_PRESSED,
    **_CHOSEN,
    "datetimepicker": DATETIME_PICKER,
    "rich_text_input": RICH_TEXT_INPUT,
}
IN_INPUTS: Fields = {
    **INPUTS,
    **_CHOSEN,
    "datetimepicker": DATETIME_PICKER,
    "rich_text_input": RICH_TEXT_INPUT,
}
IN_CONTEXT_ACTIONS: Fields = {"feedback_buttons": FEEDBACK_BUTTONS, "icon_button": ICON_BUTTON}

_BLOCK_ID = unique("block_id", string(1, 255))


def block(required: Fields, optional: Fields = NOTHING, *between: Rule) -> Rule:
    """Accept a block with these fields; its action_ids are compared with one another only."""
    inner = tagged(required, {"block_id": _BLOCK_ID, **optional}, *between)

    def rule(value: object, spot: Spot, tally: Tally) -> None:
        tally.seen.pop("action_id", None)
        inner(value, spot, tally)

    return rule


def markdown_text(value: object, spot: Spot, tally: Tally) -> None:
    """Accept Markdown; all of it in one message together has at most 12,000 characters."""
    _MARKDOWN(value, spot, tally)
    if isinstance(value, str) and len(value) <= MARKDOWN_LIMIT:
        tally.markdown += len(value)
        if tally.markdown > MARKDOWN_LIMIT:
            tally.report(spot, "markdown_too_long", f"brings all Markdown above {MARKDOWN_LIMIT} characters")


_MARKDOWN = text(1, MARKDOWN_LIMIT)

_CONTEXT = one_of(
    {
        "image": IMAGE,
        "plain_text": tagged({"text": text(1, 3000)}, {"emoji": flag}),
        "mrkdwn": tagged({"text": text(1, 3000)}, {"verbatim": flag}),
    }
)

LAYOUT: Fields = {
    "section": block(
        NOTHING,
        {
            "text": words(3000),
            "fields": list_of(words(2000), 1, 10),
            "accessory": one_of(IN_SECTIONS),
            "expand": flag,
        },
        at_least_one("text", "fields"),
    ),
    "header": block({"text": plain(150)}),
    "divider": block(NOTHING),
    "context": block({"elements": list_of(_CONTEXT, 1, 10)}),
    "actions": block({"elements": list_of(one_of(IN_ACTIONS), 1, 25)}),
    "rich_text": block(RICH_TEXT_FIELDS),
    "input": block(
        {"label": plain(2000), "element": one_of(IN_INPUTS)},
        {"hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
    "markdown": only_on(block({"text": markdown_text}), "message"),
    "context_actions": only_on(block({"elements": list_of(one_of(IN_CONTEXT_ACTIONS), 1, 5)}), "message"),
}

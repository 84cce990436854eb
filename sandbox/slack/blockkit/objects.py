"""Composition objects that elements share (Slack: Block Kit, composition objects)."""

from sandbox.slack.blockkit.between import at_least_one, exactly_one
from sandbox.slack.blockkit.problem import Spot, Tally
from sandbox.slack.blockkit.rules import Fields, choice, flag, list_of, obj, once, string, unique
from sandbox.slack.blockkit.texts import HTTPS_LINK, LINK, plain, words

# Slack makes one up when none is sent; slack_sdk calls it required, and nobody can listen to a made-up one.
ACTION: Fields = {"action_id": unique("action_id", string(1, 255))}

STYLE = choice("primary", "danger")

# slack_sdk and @slack/types take mrkdwn as the text; Slack's page says plain_text, and so do we.
CONFIRM = obj(
    {"title": plain(100), "text": plain(300), "confirm": plain(30), "deny": plain(30)},
    {"style": STYLE},
)

# 150 characters in slack_sdk, 75 in @slack/types: the smaller one.
_VALUE = string(1, 75)
OPTION = obj({"text": plain(75), "value": _VALUE}, {"description": plain(75)})
MARKED_OPTION = obj({"text": words(75), "value": _VALUE}, {"description": words(75)})
LINK_OPTION = obj({"text": plain(75), "value": _VALUE}, {"description": plain(75), "url": LINK})
OPTION_GROUP = obj({"label": plain(75), "options": list_of(OPTION, 1, 100)})

DISPATCH = obj(
    {"trigger_actions_on": list_of(choice("on_enter_pressed", "on_character_entered"), 1, 2)},
)

CONVERSATION_FILTER = obj(
    {},
    {
        "include": list_of(choice("im", "mpim", "private", "public"), 1, 4),
        "exclude_bot_users": flag,
        "exclude_external_shared_channels": flag,
    },
    at_least_one("include", "exclude_bot_users", "exclude_external_shared_channels"),
)

SLACK_FILE = obj({}, {"id": string(1, 255), "url": HTTPS_LINK}, exactly_one("id", "url"))

WORKFLOW = obj(
    {
        "trigger": obj(
            {"url": HTTPS_LINK},
            {"customizable_input_parameters": list_of(obj({"name": string(1, 255), "value": string(1, 3000)}), 1, 50)},
        )
    }
)


def focus(value: object, spot: Spot, tally: Tally) -> None:
    """Accept true for one element of a view, and false for any number (Slack: focus_on_load)."""
    (_FOCUSED if value is True else flag)(value, spot, tally)


_FOCUSED = once("focused element", "duplicate_focus", flag)

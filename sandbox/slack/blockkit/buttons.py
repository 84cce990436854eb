"""Elements to press: buttons, feedback and icon buttons, workflow buttons, and the image among them."""

from sandbox.slack.blockkit.between import exactly_one, needs
from sandbox.slack.blockkit.objects import ACTION, CONFIRM, SLACK_FILE, STYLE, WORKFLOW
from sandbox.slack.blockkit.rules import choice, list_of, obj, string, tagged, text
from sandbox.slack.blockkit.texts import LINK, USER_ID, WEB_LINK, plain

_VALUE = string(1, 2000)
_LABEL = string(1, 75)

BUTTON = tagged(
    {**ACTION, "text": plain(75)},
    {
        "url": LINK,
        "value": _VALUE,
        "style": STYLE,
        "confirm": CONFIRM,
        "accessibility_label": _LABEL,
        "agent_prompt": string(1, 4000),
        "agent_prompt_display": string(1, 75),
        "visible_to_user_ids": list_of(USER_ID, 1, 10),
    },
    needs("agent_prompt_display", "agent_prompt"),
)

WORKFLOW_BUTTON = tagged(
    {**ACTION, "text": plain(75), "workflow": WORKFLOW},
    {"style": STYLE, "accessibility_label": _LABEL},
)

_FEEDBACK = obj({"text": plain(75), "value": _VALUE}, {"accessibility_label": _LABEL})
FEEDBACK_BUTTONS = tagged({**ACTION, "positive_button": _FEEDBACK, "negative_button": _FEEDBACK})

ICON_BUTTON = tagged(
    {**ACTION, "icon": choice("trash"), "text": plain(75)},
    {
        "accessibility_label": _LABEL,
        "value": _VALUE,
        "visible_to_user_ids": list_of(USER_ID, 1, 10),
        "confirm": CONFIRM,
    },
)

IMAGE = tagged(
    {"alt_text": text(1, 2000)},
    {"image_url": WEB_LINK, "slack_file": SLACK_FILE},
    exactly_one("image_url", "slack_file"),
)

"""Blocks that frame other content: alert, card, carousel, container, task card and plan."""

from sandbox.slack.blockkit.between import at_least_one, needs, not_with
from sandbox.slack.blockkit.buttons import BUTTON, IMAGE
from sandbox.slack.blockkit.layout import LAYOUT, block
from sandbox.slack.blockkit.media import MEDIA
from sandbox.slack.blockkit.rich_text import RICH_TEXT_VALUE
from sandbox.slack.blockkit.rules import (
    NOTHING,
    Fields,
    choice,
    flag,
    list_of,
    one_of,
    only_on,
    string,
    tagged,
    text,
    unique,
)
from sandbox.slack.blockkit.tables import TABLES
from sandbox.slack.blockkit.texts import WEB_LINK, mrkdwn, plain, words

_IMAGE = one_of({"image": IMAGE})

# slack_sdk takes plain_text as well; @slack/types takes mrkdwn alone.
_CARD = block(
    NOTHING,
    {
        "hero_image": _IMAGE,
        "icon": _IMAGE,
        "title": mrkdwn(150),
        "subtitle": mrkdwn(150),
        "body": mrkdwn(200),
        "actions": list_of(one_of({"button": BUTTON}), 1, 25),
    },
    at_least_one("hero_image", "title", "actions", "body"),
)

# What both Slack's page and its validator are known to take.
_CONTAINED: Fields = {
    **{name: LAYOUT[name] for name in ("actions", "context", "divider", "header", "section")},
    **{name: MEDIA[name] for name in ("image", "video")},
    **TABLES,
}

_SOURCE = one_of({"url": tagged({"url": WEB_LINK, "text": text(1, 3000)})})

_TASK_CARD = block(
    {
        "task_id": unique("task_id", string(1, 255)),
        "title": text(1, 3000),
        "status": choice("pending", "in_progress", "complete", "error"),
    },
    {"details": RICH_TEXT_VALUE, "output": RICH_TEXT_VALUE, "sources": list_of(_SOURCE, 1, 50)},
)

CARDS: Fields = {
    "alert": only_on(
        block({"text": words(200)}, {"level": choice("default", "info", "warning", "error", "success")}),
        "modal",
    ),
    "card": _CARD,
    "carousel": only_on(block({"elements": list_of(one_of({"card": _CARD}), 1, 10)}), "message", "home"),
    "container": only_on(
        block(
            {"child_blocks": list_of(one_of(_CONTAINED), 1, 10)},
            {
                "title": plain(150),
                "rich_text_title": RICH_TEXT_VALUE,
                "subtitle": words(150),
                "width": choice("narrow", "standard", "wide", "full"),
                "icon": _IMAGE,
                "is_collapsible": flag,
                "default_collapsed": flag,
                "has_header_divider": flag,
            },
            at_least_one("title", "rich_text_title"),
            needs("default_collapsed", "is_collapsible"),
            not_with("has_header_divider", "is_collapsible"),
        ),
        "message",
    ),
    "task_card": only_on(_TASK_CARD, "message"),
    "plan": only_on(
        block({"title": text(1, 3000)}, {"tasks": list_of(one_of({"task_card": _TASK_CARD}), 1, 50)}),
        "message",
    ),
}

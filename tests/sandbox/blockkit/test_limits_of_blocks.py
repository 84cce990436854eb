"""The limits of blocks at their borders: what just fits is taken, one more is refused."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.blockkit.borders import (
    ELEMENT,
    Border,
    chars,
    in_message,
    link,
    refuses_beyond,
    text_input,
)
from tests.sandbox.blockkit.samples import (
    PIXEL,
    Json,
    actions,
    ask,
    button,
    card,
    container,
    element,
    image,
    message,
    modal,
    mrkdwn,
    plain,
    rich,
    section,
    table,
    task,
)


def buttons(count: int) -> list[Json]:
    return [button(action_id=f"a{number}") for number in range(count)]


def icon(**fields: Any) -> Json:
    inside = element("icon_button", icon="trash", text=plain(), **fields)
    return {"type": "context_actions", "elements": [inside]}


def video(**fields: Any) -> Json:
    fixed = {"type": "video", "alt_text": "x", "title": plain(), "video_url": PIXEL, "thumbnail_url": PIXEL}
    return fixed | fields


def alert(count: int) -> Json:
    return modal({"type": "alert", "text": plain(chars(count))})


def unlike(count: int, make: Callable[[int], Json]) -> list[Json]:
    return [make(number) for number in range(count)]


UPPER: dict[str, Border] = {
    "block_id": (in_message(lambda n: section(block_id=chars(n))), 255, "blocks[0].block_id", "too_long"),
    "header": (
        in_message(lambda n: {"type": "header", "text": plain(chars(n))}),
        150,
        "blocks[0].text.text",
        "too_long",
    ),
    "section text": (
        in_message(lambda n: section(text=mrkdwn(chars(n)))),
        3000,
        "blocks[0].text.text",
        "too_long",
    ),
    "section fields": (
        in_message(lambda n: section(fields=[plain()] * n)),
        10,
        "blocks[0].fields",
        "too_many",
    ),
    "section field": (
        in_message(lambda n: section(fields=[plain(), mrkdwn(chars(n))])),
        2000,
        "blocks[0].fields[1].text",
        "too_long",
    ),
    "context elements": (
        in_message(lambda n: {"type": "context", "elements": [plain()] * n}),
        10,
        "blocks[0].elements",
        "too_many",
    ),
    "context text": (
        in_message(lambda n: {"type": "context", "elements": [plain(chars(n))]}),
        3000,
        f"{ELEMENT}.text",
        "too_long",
    ),
    "actions elements": (lambda n: message(actions(*buttons(n))), 25, "blocks[0].elements", "too_many"),
    "context_actions elements": (
        in_message(
            lambda n: {
                "type": "context_actions",
                "elements": [element("icon_button", action_id=f"i{i}", icon="trash", text=plain()) for i in range(n)],
            }
        ),
        5,
        "blocks[0].elements",
        "too_many",
    ),
    "input label": (
        lambda n: modal(ask(text_input(), label=plain(chars(n)))),
        2000,
        "blocks[0].label.text",
        "too_long",
    ),
    "input hint": (
        lambda n: modal(ask(text_input(), hint=plain(chars(n)))),
        2000,
        "blocks[0].hint.text",
        "too_long",
    ),
    "image url": (in_message(lambda n: image(image_url=link(n))), 3000, "blocks[0].image_url", "too_long"),
    "image alt_text": (
        in_message(lambda n: image(alt_text=chars(n))),
        2000,
        "blocks[0].alt_text",
        "too_long",
    ),
    "image title": (
        in_message(lambda n: image(title=plain(chars(n)))),
        2000,
        "blocks[0].title.text",
        "too_long",
    ),
    "rich text part": (
        in_message(lambda n: rich({"type": "text", "text": chars(n)})),
        3000,
        "blocks[0].elements[0].elements[0].text",
        "too_long",
    ),
    "rich text indent": (
        in_message(
            lambda n: {
                "type": "rich_text",
                "elements": [
                    {"type": "rich_text_list", "style": "bullet", "indent": n, "elements": rich()["elements"]}
                ],
            }
        ),
        8,
        "blocks[0].elements[0].indent",
        "range",
    ),
    "markdown": (
        in_message(lambda n: {"type": "markdown", "text": chars(n)}),
        12_000,
        "blocks[0].text",
        "too_long",
    ),
    "table rows": (in_message(lambda n: table(n, 1)), 100, "blocks[0].rows", "too_many"),
    "table columns": (in_message(lambda n: table(1, n)), 20, "blocks[0].rows[0]", "too_many"),
    "table column settings": (
        in_message(lambda n: table(1, 2, column_settings=[{"align": "left"}] * n)),
        2,
        "blocks[0].column_settings",
        "width",
    ),
    "table text": (
        in_message(
            lambda n: {
                "type": "table",
                "rows": [[{"type": "raw_text", "text": chars(2500)}]] * 3 + [[{"type": "raw_text", "text": chars(n)}]],
            }
        ),
        2500,
        "blocks[0].rows",
        "table_too_long",
    ),
    "alert": (alert, 200, "blocks[0].text.text", "too_long"),
    "card title": (
        in_message(lambda n: card(title=mrkdwn(chars(n)))),
        150,
        "blocks[0].title.text",
        "too_long",
    ),
    "card subtitle": (
        in_message(lambda n: card(subtitle=mrkdwn(chars(n)))),
        150,
        "blocks[0].subtitle.text",
        "too_long",
    ),
    "card body": (in_message(lambda n: card(body=mrkdwn(chars(n)))), 200, "blocks[0].body.text", "too_long"),
    "carousel cards": (
        in_message(lambda n: {"type": "carousel", "elements": [card()] * n}),
        10,
        "blocks[0].elements",
        "too_many",
    ),
    "container children": (
        in_message(lambda n: container(child_blocks=[{"type": "divider"}] * n)),
        10,
        "blocks[0].child_blocks",
        "too_many",
    ),
    "container title": (
        in_message(lambda n: container(title=plain(chars(n)))),
        150,
        "blocks[0].title.text",
        "too_long",
    ),
    "container subtitle": (
        in_message(lambda n: container(subtitle=plain(chars(n)))),
        150,
        "blocks[0].subtitle.text",
        "too_long",
    ),
    "tasks of a plan": (
        in_message(lambda n: {"type": "plan", "title": "x", "tasks": unlike(n, task)}),
        50,
        "blocks[0].tasks",
        "too_many",
    ),
    "video title": (
        in_message(lambda n: video(title=plain(chars(n)))),
        199,
        "blocks[0].title.text",
        "too_long",
    ),
    "video author": (
        in_message(lambda n: video(author_name=chars(n))),
        49,
        "blocks[0].author_name",
        "too_long",
    ),
}

LOWER: dict[str, Border] = {
    "section text": (
        in_message(lambda n: section(text=mrkdwn(chars(n)))),
        1,
        "blocks[0].text.text",
        "too_short",
    ),
    "section fields": (in_message(lambda n: section(fields=[plain()] * n)), 1, "blocks[0].fields", "too_few"),
    "header": (
        in_message(lambda n: {"type": "header", "text": plain(chars(n))}),
        1,
        "blocks[0].text.text",
        "too_short",
    ),
    "context elements": (
        in_message(lambda n: {"type": "context", "elements": [plain()] * n}),
        1,
        "blocks[0].elements",
        "too_few",
    ),
    "actions elements": (lambda n: message(actions(*buttons(n))), 1, "blocks[0].elements", "too_few"),
    "markdown": (
        in_message(lambda n: {"type": "markdown", "text": chars(n)}),
        1,
        "blocks[0].text",
        "too_short",
    ),
    "table rows": (
        in_message(lambda n: {"type": "table", "rows": [[rich()]] * n}),
        1,
        "blocks[0].rows",
        "too_few",
    ),
    "table columns": (
        in_message(lambda n: {"type": "table", "rows": [[rich()] * n]}),
        1,
        "blocks[0].rows[0]",
        "too_few",
    ),
    "table cell": (
        in_message(lambda n: {"type": "table", "rows": [[{"type": "raw_text", "text": chars(n)}]]}),
        1,
        "blocks[0].rows[0][0].text",
        "too_short",
    ),
    "carousel cards": (
        in_message(lambda n: {"type": "carousel", "elements": [card()] * n}),
        1,
        "blocks[0].elements",
        "too_few",
    ),
    "container children": (
        in_message(lambda n: container(child_blocks=[{"type": "divider"}] * n)),
        1,
        "blocks[0].child_blocks",
        "too_few",
    ),
}


@pytest.mark.parametrize("name", UPPER)
def test_the_most_is_taken_and_one_more_is_not(name: str) -> None:
    refuses_beyond(UPPER[name], 1)


@pytest.mark.parametrize("name", LOWER)
def test_the_least_is_taken_and_one_less_is_not(name: str) -> None:
    refuses_beyond(LOWER[name], -1)

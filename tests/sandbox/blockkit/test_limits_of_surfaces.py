"""The limits of messages and views at their borders: what just fits is taken, one more is refused."""

import json

import pytest

from sandbox.slack.blockkit import UPDATE_TEXT_LIMIT, validate_message
from tests.sandbox.blockkit.borders import Border, chars, check, named, refuses_beyond, text_input
from tests.sandbox.blockkit.samples import ask, home, message, modal, mrkdwn, plain, section, table

UPPER: dict[str, Border] = {
    "blocks in a message": (lambda n: message(*[{"type": "divider"}] * n), 50, "blocks", "too_many"),
    "blocks in a modal": (lambda n: modal(*[{"type": "divider"}] * n), 100, "blocks", "too_many"),
    "blocks in the Home tab": (lambda n: home(*[{"type": "divider"}] * n), 100, "blocks", "too_many"),
    "markdown together": (
        lambda n: message({"type": "markdown", "text": chars(11_000)}, {"type": "markdown", "text": chars(n)}),
        1_000,
        "blocks[1].text",
        "markdown_too_long",
    ),
    "tables": (lambda n: message(*[table()] * n), 1, "blocks[1]", "only_one_table_allowed"),
    "modal title": (lambda n: modal(section(), title=plain(chars(n))), 24, "title.text", "too_long"),
    "modal submit": (lambda n: modal(section(), submit=plain(chars(n))), 24, "submit.text", "too_long"),
    "modal close": (lambda n: modal(section(), close=plain(chars(n))), 24, "close.text", "too_long"),
    "private_metadata": (
        lambda n: modal(section(), private_metadata=chars(n)),
        3000,
        "private_metadata",
        "too_long",
    ),
    "callback_id": (lambda n: modal(section(), callback_id=chars(n)), 255, "callback_id", "too_long"),
    "focus": (
        lambda n: modal(*[ask(text_input(focus_on_load=True))] * n),
        1,
        "blocks[1].element.focus_on_load",
        "duplicate_focus",
    ),
    "text of a new message": (lambda n: {"text": chars(n)}, 40_000, "text", "msg_too_long"),
    "markdown_text": (lambda n: {"markdown_text": chars(n)}, 12_000, "markdown_text", "msg_too_long"),
    "text of all blocks": (
        lambda n: message(*[section(text=mrkdwn(chars(3000)))] * 4, section(text=mrkdwn(chars(n)))),
        1_200,
        "blocks",
        "msg_blocks_too_long",
    ),
    "attachments": (
        lambda n: {"attachments": [{"text": "x"}] * n},
        100,
        "attachments",
        "too_many_attachments",
    ),
    "event type of metadata": (
        lambda n: {"text": "x", "metadata": {"event_type": chars(n), "event_payload": {}}},
        50,
        "metadata.event_type",
        "too_long",
    ),
    "metadata": (
        lambda n: {"text": "x", "metadata": {"event_type": "x", "event_payload": {"k": chars(n)}}},
        8_000 - len(json.dumps({"event_type": "x", "event_payload": {"k": ""}})),
        "metadata",
        "metadata_too_large",
    ),
}

LOWER: dict[str, Border] = {
    "blocks in a modal": (lambda n: modal(*[section()] * n), 1, "blocks", "too_few"),
    "blocks in the Home tab": (lambda n: home(*[section()] * n), 1, "blocks", "too_few"),
    "modal title": (lambda n: modal(section(), title=plain(chars(n))), 1, "title.text", "too_short"),
    "text": (lambda n: {"text": chars(n)}, 1, "", "no_text"),
}


@pytest.mark.parametrize("name", UPPER)
def test_the_most_is_taken_and_one_more_is_not(name: str) -> None:
    refuses_beyond(UPPER[name], 1)


@pytest.mark.parametrize("name", LOWER)
def test_the_least_is_taken_and_one_less_is_not(name: str) -> None:
    refuses_beyond(LOWER[name], -1)


def test_an_update_takes_less_text_than_a_new_message() -> None:
    assert validate_message({"text": chars(4000)}, text_limit=UPDATE_TEXT_LIMIT) == []
    found = validate_message({"text": chars(4001)}, text_limit=UPDATE_TEXT_LIMIT)
    assert named(found) == [("text", "msg_too_long")]


def test_a_view_has_at_most_250_000_bytes() -> None:
    blocks = [section(text=mrkdwn(chars(3000))) for _ in range(80)]
    room = 250_000 - len(json.dumps(modal(*blocks, section(text=mrkdwn("")))))
    extra = [section(text=mrkdwn(chars(room % 3000 or 1)))]
    while len(json.dumps(modal(*blocks, *extra))) < 250_000:
        missing = 250_000 - len(json.dumps(modal(*blocks, *extra, section(text=mrkdwn("")))))
        extra.append(section(text=mrkdwn(chars(max(1, min(3000, missing))))))
    assert named(check(modal(*blocks, *extra))) == []
    extra[0]["text"]["text"] += "x"
    assert named(check(modal(*blocks, *extra))) == [("", "view_too_large")]

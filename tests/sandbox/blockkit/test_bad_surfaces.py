"""Messages and views that are refused for what is around their blocks."""

import pytest

from sandbox.slack.blockkit import Problem, slack_error, validate_message, validate_view
from tests.sandbox.blockkit.borders import named, text_input
from tests.sandbox.blockkit.samples import Json, ask, home, modal, mrkdwn, option, plain, section, table

# name: (the payload, where, by which rule)
MESSAGES: dict[str, tuple[object, str, str]] = {
    "nothing": ({}, "", "no_text"),
    "an empty text": ({"text": ""}, "", "no_text"),
    "a text of spaces": ({"text": " \n"}, "", "no_text"),
    "only a channel": ({"channel": "C1"}, "", "no_text"),
    "a list": ([], "", "type"),
    "a text that is a number": ({"text": 1}, "text", "type"),
    "blocks as a string": ({"text": "x", "blocks": "[]"}, "blocks", "type"),
    "blocks as an object": ({"text": "x", "blocks": {"type": "divider"}}, "blocks", "type"),
    "markdown_text beside text": (
        {"text": "x", "markdown_text": "x"},
        "markdown_text",
        "markdown_text_conflict",
    ),
    "an empty attachment": ({"attachments": [{}]}, "attachments[0]", "at_least_one"),
    "an attachment with buttons of old": (
        {"attachments": [{"text": "x", "actions": []}]},
        "attachments[0].actions",
        "unknown_field",
    ),
    "an attachment in no colour": (
        {"attachments": [{"text": "x", "color": "reddish"}]},
        "attachments[0].color",
        "format",
    ),
    "a bad block in an attachment": (
        {"attachments": [{"blocks": [{"type": "header", "text": mrkdwn()}]}]},
        "attachments[0].blocks[0].text.type",
        "kind",
    ),
    "a second table in an attachment": (
        {"blocks": [table()], "attachments": [{"blocks": [table()]}]},
        "attachments[0].blocks[0]",
        "only_one_table_allowed",
    ),
    "metadata without an event": (
        {"text": "x", "metadata": {"event_payload": {}}},
        "metadata.event_type",
        "required",
    ),
    "metadata without a payload": (
        {"text": "x", "metadata": {"event_type": "x"}},
        "metadata.event_payload",
        "required",
    ),
    "metadata that is text": ({"text": "x", "metadata": "x"}, "metadata", "type"),
    "an event type in words": (
        {"text": "x", "metadata": {"event_type": "a b", "event_payload": {}}},
        "metadata.event_type",
        "format",
    ),
    "a payload that is a list": (
        {"text": "x", "metadata": {"event_type": "x", "event_payload": []}},
        "metadata.event_payload",
        "invalid_metadata_format",
    ),
    "a payload with null": (
        {"text": "x", "metadata": {"event_type": "x", "event_payload": {"k": None}}},
        "metadata.event_payload.k",
        "invalid_metadata_format",
    ),
    "a payload with a list of strings": (
        {"text": "x", "metadata": {"event_type": "x", "event_payload": {"k": ["a"]}}},
        "metadata.event_payload.k",
        "invalid_metadata_format",
    ),
    "a payload too deep": (
        {"text": "x", "metadata": {"event_type": "x", "event_payload": {"k": {"l": {"m": 1}}}}},
        "metadata.event_payload.k",
        "invalid_metadata_format",
    ),
}

VIEWS: dict[str, tuple[object, str, str]] = {
    "nothing": ({}, "type", "required"),
    "a list": ([], "", "type"),
    "a type that is not known": ({"type": "workflow_step", "blocks": [section()]}, "type", "kind"),
    "a modal without a title": (
        {"type": "modal", "blocks": [section()]},
        "title",
        "required",
    ),
    "a modal without blocks": ({"type": "modal", "title": plain()}, "blocks", "required"),
    "mrkdwn as a title": (modal(section(), title=mrkdwn()), "title.type", "kind"),
    "a title that is a string": (modal(section(), title="Hello"), "title", "type"),
    "an input without submit": (
        {"type": "modal", "title": plain(), "blocks": [section(), ask(text_input())]},
        "submit",
        "required",
    ),
    "private_metadata that is an object": (
        modal(section(), private_metadata={"id": 1}),
        "private_metadata",
        "type",
    ),
    "what the server says of a view": (modal(section(), id="V1"), "id", "unknown_field"),
    "a title on the Home tab": (home(section(), title=plain()), "title", "unknown_field"),
    "submit on the Home tab": (home(section(), submit=plain()), "submit", "unknown_field"),
    "a table in a modal": (modal(table()), "blocks[0].type", "surface"),
    "an alert on the Home tab": (home({"type": "alert", "text": plain()}), "blocks[0].type", "surface"),
    "the same block_id twice": (
        modal(section(block_id="a"), section(block_id="a")),
        "blocks[1].block_id",
        "duplicate",
    ),
    "a whole number with decimals": (
        modal(ask({"type": "number_input", "action_id": "n", "is_decimal_allowed": False, "min_value": "1.5"})),
        "blocks[0].element.min_value",
        "format",
    ),
    "a number that is a number": (
        modal(ask({"type": "number_input", "action_id": "n", "is_decimal_allowed": True, "min_value": 1})),
        "blocks[0].element.min_value",
        "type",
    ),
    "an address without @": (
        modal(ask({"type": "email_text_input", "action_id": "n", "initial_value": "alice"})),
        "blocks[0].element.initial_value",
        "format",
    ),
    "radio buttons chosen elsewhere": (
        modal(
            ask(
                {
                    "type": "radio_buttons",
                    "action_id": "n",
                    "options": [option("a")],
                    "initial_option": option("b"),
                }
            )
        ),
        "blocks[0].element.initial_option",
        "not_an_option",
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_is_refused_for_its_one_fault(name: str) -> None:
    payload, path, rule = MESSAGES[name]
    assert named(validate_message(payload)) == [(path, rule)]


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_is_refused_for_its_one_fault(name: str) -> None:
    view, path, rule = VIEWS[name]
    assert named(validate_view(view)) == [(path, rule)]


def test_a_problem_reads_as_one_sentence() -> None:
    (found,) = validate_message({"text": "x", "blocks": [{"type": "header", "text": plain("x" * 151)}]})
    assert str(found) == "blocks[0].text.text has 151 characters; at most 150 are allowed."
    (found,) = validate_message({})
    assert str(found) == "The payload has neither text nor blocks nor attachments."


NAMED_BY_SLACK: dict[str, Json] = {
    "no_text": {},
    "invalid_blocks": {"text": "x", "blocks": [{"type": "nope"}]},
    "msg_too_long": {"text": "x" * 40_001},
    "invalid_metadata_format": {"text": "x", "metadata": {}},
    "too_many_attachments": {"attachments": [{"text": "x"}] * 101},
    "msg_blocks_too_long": {"blocks": [section(text=mrkdwn("x" * 3000))] * 5},
}


@pytest.mark.parametrize("code", NAMED_BY_SLACK)
def test_slack_answers_with_its_own_code_where_it_has_one(code: str) -> None:
    assert slack_error(validate_message(NAMED_BY_SLACK[code])) == code


def test_another_code_can_stand_for_the_rest() -> None:
    assert slack_error([Problem("title", "required", "is missing")], "invalid_arguments") == "invalid_arguments"

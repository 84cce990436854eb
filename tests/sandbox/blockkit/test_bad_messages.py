"""A collection of messages that Slack refuses, each with the place and the rule that names its fault."""

import pytest

from sandbox.slack.blockkit import validate_message
from tests.sandbox.blockkit.borders import named, text_input
from tests.sandbox.blockkit.samples import (
    BLOCKS,
    CONFIRM,
    Json,
    actions,
    ask,
    button,
    card,
    container,
    element,
    image,
    menu,
    message,
    mrkdwn,
    option,
    options,
    plain,
    rich,
    section,
    table,
    task,
)

ELEMENT = "blocks[0].elements[0]"
PART = f"{ELEMENT}.elements[0]"


def without(value: Json, *names: str) -> Json:
    return {name: entry for name, entry in value.items() if name not in names}


def choose(**fields: object) -> Json:
    return actions(menu("static_select", **fields))


def part(kind: str, **fields: object) -> Json:
    return rich({"type": kind, **fields})


# name: (the blocks, where, by which rule)
BLOCKS_REFUSED: dict[str, tuple[list[object], str, str]] = {
    "a block without a type": ([{"text": plain()}], "blocks[0].type", "required"),
    "a block that is not known": ([{"type": "banner"}], "blocks[0].type", "kind"),
    "a block that slack_sdk calls call": ([{"type": "call", "call_id": "R1"}], "blocks[0].type", "kind"),
    "a type that is a list": ([{"type": ["section"]}], "blocks[0].type", "kind"),
    "a block that is a string": (["divider"], "blocks[0]", "type"),
    "a block that is null": ([None], "blocks[0]", "type"),
    "a field that is not known": ([section(markdown=True)], "blocks[0].markdown", "unknown_field"),
    "a divider with text": ([{"type": "divider", "text": plain()}], "blocks[0].text", "unknown_field"),
    "the same block_id twice": (
        [section(block_id="a"), section(block_id="a")],
        "blocks[1].block_id",
        "duplicate",
    ),
    "the same block_id in a container": (
        [section(block_id="a"), container(child_blocks=[{"type": "divider", "block_id": "a"}])],
        "blocks[1].child_blocks[0].block_id",
        "duplicate",
    ),
    "a block_id that is a number": ([section(block_id=1)], "blocks[0].block_id", "type"),
    "a section with nothing in it": ([{"type": "section"}], "blocks[0]", "at_least_one"),
    "a text that is only a string": ([section(text="Hello")], "blocks[0].text", "type"),
    "a text that is null": ([section(text=None)], "blocks[0].text", "type"),
    "a text without text": ([section(text={"type": "mrkdwn"})], "blocks[0].text.text", "required"),
    "a text that is a number": ([section(text=mrkdwn() | {"text": 7})], "blocks[0].text.text", "type"),
    "markdown as a text object": (
        [section(text={"type": "markdown", "text": "x"})],
        "blocks[0].text.type",
        "kind",
    ),
    "emoji in mrkdwn": ([section(text=mrkdwn() | {"emoji": True})], "blocks[0].text.emoji", "unknown_field"),
    "verbatim in plain_text": (
        [section(text=plain() | {"verbatim": True})],
        "blocks[0].text.verbatim",
        "unknown_field",
    ),
    "emoji that is not true or false": (
        [section(text=plain() | {"emoji": "yes"})],
        "blocks[0].text.emoji",
        "type",
    ),
    "mrkdwn in a header": ([{"type": "header", "text": mrkdwn()}], "blocks[0].text.type", "kind"),
    "a header without text": ([{"type": "header"}], "blocks[0].text", "required"),
    "fields that are an object": ([section(fields={"a": plain()})], "blocks[0].fields", "type"),
    "a text input beside a section": ([section(accessory=text_input())], "blocks[0].accessory.type", "kind"),
    "a datetimepicker beside a section": (
        [section(accessory=element("datetimepicker"))],
        "blocks[0].accessory.type",
        "kind",
    ),
    "a button in a context": ([{"type": "context", "elements": [button()]}], f"{ELEMENT}.type", "kind"),
    "an image in actions": ([actions(image())], f"{ELEMENT}.type", "kind"),
    "a text input in actions": ([actions(text_input())], f"{ELEMENT}.type", "kind"),
    "a button in an input": ([ask(button())], "blocks[0].element.type", "kind"),
    "a section in context_actions": (
        [{"type": "context_actions", "elements": [section()]}],
        f"{ELEMENT}.type",
        "kind",
    ),
    "an input without a label": ([without(ask(text_input()), "label")], "blocks[0].label", "required"),
    "mrkdwn as a label": ([ask(text_input(), label=mrkdwn())], "blocks[0].label.type", "kind"),
    "the same action_id twice in a block": (
        [actions(button(), button())],
        "blocks[0].elements[1].action_id",
        "duplicate",
    ),
    "a button without action_id": (
        [actions(without(button(), "action_id"))],
        f"{ELEMENT}.action_id",
        "required",
    ),
    "a button without text": ([actions(without(button(), "text"))], f"{ELEMENT}.text", "required"),
    "mrkdwn on a button": ([actions(button(text=mrkdwn()))], f"{ELEMENT}.text.type", "kind"),
    "a style that is not known": ([actions(button(style="warning"))], f"{ELEMENT}.style", "choice"),
    "the style default": ([actions(button(style="default"))], f"{ELEMENT}.style", "choice"),
    "a value that is an object": ([actions(button(value={"id": 1}))], f"{ELEMENT}.value", "type"),
    "a value that is empty": ([actions(button(value=""))], f"{ELEMENT}.value", "too_short"),
    "a url that is none": ([actions(button(url="example.com"))], f"{ELEMENT}.url", "format"),
    "a confirm without deny": (
        [actions(button(confirm=without(CONFIRM, "deny")))],
        f"{ELEMENT}.confirm.deny",
        "required",
    ),
    "mrkdwn in a confirm": (
        [actions(button(confirm=CONFIRM | {"text": mrkdwn()}))],
        f"{ELEMENT}.confirm.text.type",
        "kind",
    ),
    "agent_prompt_display alone": (
        [actions(button(agent_prompt_display="x"))],
        f"{ELEMENT}.agent_prompt_display",
        "needs",
    ),
    "a select without a placeholder": (
        [actions(element("static_select", options=options(1)))],
        f"{ELEMENT}.placeholder",
        "required",
    ),
    "a select with options and groups": (
        [choose(options=options(1), option_groups=[{"label": plain(), "options": [option("b")]}])],
        ELEMENT,
        "exactly_one",
    ),
    "a select without options": ([choose()], ELEMENT, "exactly_one"),
    "two options with one value": (
        [choose(options=[option("a"), option("b"), option("a")])],
        f"{ELEMENT}.options[2].value",
        "duplicate",
    ),
    "two options with one value in two groups": (
        [choose(option_groups=[{"label": plain(), "options": options(1)}] * 2)],
        f"{ELEMENT}.option_groups[1].options[0].value",
        "duplicate",
    ),
    "mrkdwn in a select option": (
        [choose(options=[option() | {"text": mrkdwn()}])],
        f"{ELEMENT}.options[0].text.type",
        "kind",
    ),
    "a url in a select option": (
        [choose(options=[option(url="https://example.com")])],
        f"{ELEMENT}.options[0].url",
        "unknown_field",
    ),
    "an initial option from elsewhere": (
        [choose(options=options(2), initial_option=option("z"))],
        f"{ELEMENT}.initial_option",
        "not_an_option",
    ),
    "an initial option with another text": (
        [choose(options=options(2), initial_option=option("o1") | {"text": plain("Other")})],
        f"{ELEMENT}.initial_option",
        "not_an_option",
    ),
    "an initial checkbox from elsewhere": (
        [actions(element("checkboxes", options=options(1), initial_options=[option("z")]))],
        f"{ELEMENT}.initial_options[0]",
        "not_an_option",
    ),
    "somebody chosen twice": (
        [actions(menu("multi_users_select", initial_users=["U1", "U1"]))],
        f"{ELEMENT}.initial_users[1]",
        "duplicate",
    ),
    "a name where an id belongs": (
        [actions(menu("users_select", initial_user="alice"))],
        f"{ELEMENT}.initial_user",
        "format",
    ),
    "an empty filter": (
        [actions(menu("conversations_select", filter={}))],
        f"{ELEMENT}.filter",
        "at_least_one",
    ),
    "a day that does not exist": (
        [actions(element("datepicker", initial_date="2023-02-29"))],
        f"{ELEMENT}.initial_date",
        "format",
    ),
    "a date with slashes": (
        [actions(element("datepicker", initial_date="29/02/2024"))],
        f"{ELEMENT}.initial_date",
        "format",
    ),
    "a time of 24:00": (
        [actions(element("timepicker", initial_time="24:00"))],
        f"{ELEMENT}.initial_time",
        "format",
    ),
    "a time zone that does not exist": (
        [actions(element("timepicker", timezone="Mars/Olympus"))],
        f"{ELEMENT}.timezone",
        "format",
    ),
    "a time zone that is a folder": (
        [actions(element("timepicker", timezone="Europe"))],
        f"{ELEMENT}.timezone",
        "format",
    ),
    "a date and time that is a string": (
        [actions(element("datetimepicker", initial_date_time="1700000000"))],
        f"{ELEMENT}.initial_date_time",
        "type",
    ),
    "a max_length that is true": ([ask(text_input(max_length=True))], "blocks[0].element.max_length", "type"),
    "a trigger that is not known": (
        [ask(text_input(dispatch_action_config={"trigger_actions_on": ["on_blur"]}))],
        "blocks[0].element.dispatch_action_config.trigger_actions_on[0]",
        "choice",
    ),
    "an image from two places": (
        [image(slack_file={"id": "F1"})],
        "blocks[0]",
        "exactly_one",
    ),
    "an image from nowhere": ([without(image(), "image_url")], "blocks[0]", "exactly_one"),
    "an image without alt_text": ([without(image(), "alt_text")], "blocks[0].alt_text", "required"),
    "an image from a file system": (
        [image(image_url="file:///etc/passwd")],
        "blocks[0].image_url",
        "format",
    ),
    "a file that is not remote": (
        [{"type": "file", "external_id": "F1", "source": "local"}],
        "blocks[0].source",
        "choice",
    ),
    "a film over http": (
        [BLOCKS["video"][0] | {"video_url": "http://example.com/film"}],
        "blocks[0].video_url",
        "format",
    ),
    "an alert in a message": ([{"type": "alert", "text": plain()}], "blocks[0].type", "surface"),
    "a rich text with nothing in it": (
        [{"type": "rich_text", "elements": []}],
        "blocks[0].elements",
        "too_few",
    ),
    "a rich text element not known": (
        [{"type": "rich_text", "elements": [{"type": "rich_text_table"}]}],
        f"{ELEMENT}.type",
        "kind",
    ),
    "a list in a list": (
        [
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_list", "style": "bullet", "elements": [{"type": "rich_text_list"}]}],
            }
        ],
        f"{PART}.type",
        "kind",
    ),
    "an emoji with colons": ([part("emoji", name=":wave:")], f"{PART}.name", "format"),
    "a mention in code style": (
        [part("user", user_id="U1", style={"code": True})],
        f"{PART}.style.code",
        "unknown_field",
    ),
    "a broadcast to all": ([part("broadcast", range="all")], f"{PART}.range", "choice"),
    "a date without a token": ([part("date", timestamp=1, format="then")], f"{PART}.format", "format"),
    "a colour by name": ([part("color", value="red")], f"{PART}.value", "format"),
    "a user in preformatted text": (
        [
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_preformatted", "elements": [{"type": "user", "user_id": "U1"}]}],
            }
        ],
        f"{PART}.type",
        "kind",
    ),
    "a table with crooked rows": (
        [{"type": "table", "rows": [[rich(), rich()], [rich()]]}],
        "blocks[0].rows[1]",
        "width",
    ),
    "a table cell that is mrkdwn": (
        [{"type": "table", "rows": [[mrkdwn()]]}],
        "blocks[0].rows[0][0].type",
        "kind",
    ),
    "a table cell that is a number": (
        [{"type": "table", "rows": [[{"type": "raw_number", "value": 1, "text": "1"}]]}],
        "blocks[0].rows[0][0].type",
        "kind",
    ),
    "a table column on the wrong side": (
        [table(column_settings=[{"align": "middle"}])],
        "blocks[0].column_settings[0].align",
        "choice",
    ),
    "a second table in a container": (
        [table(), container(child_blocks=[table()])],
        "blocks[1].child_blocks[0]",
        "only_one_table_allowed",
    ),
    "a card with only an icon": ([{"type": "card", "icon": image()}], "blocks[0]", "at_least_one"),
    "a select on a card": (
        [card(actions=[menu("users_select")])],
        "blocks[0].actions[0].type",
        "kind",
    ),
    "a section in a carousel": (
        [{"type": "carousel", "elements": [section()]}],
        f"{ELEMENT}.type",
        "kind",
    ),
    "a container in a container": (
        [container(child_blocks=[container()])],
        "blocks[0].child_blocks[0].type",
        "kind",
    ),
    "a container without a title": ([without(container(), "title")], "blocks[0]", "at_least_one"),
    "a collapsed container that cannot collapse": (
        [container(default_collapsed=True)],
        "blocks[0].default_collapsed",
        "needs",
    ),
    "a divider on a container that collapses": (
        [container(is_collapsible=True, has_header_divider=True)],
        "blocks[0].has_header_divider",
        "conflict",
    ),
    "a task without a status": ([without(task(), "status")], "blocks[0].status", "required"),
    "a task that is done": ([task(status="done")], "blocks[0].status", "choice"),
    "details as text": ([task(details="Hello")], "blocks[0].details", "type"),
    "one task twice in a plan": (
        [{"type": "plan", "title": "x", "tasks": [task(), task()]}],
        "blocks[0].tasks[1].task_id",
        "duplicate",
    ),
    "a title object on a plan": ([{"type": "plan", "title": plain()}], "blocks[0].title", "type"),
}


@pytest.mark.parametrize("name", BLOCKS_REFUSED)
def test_blocks_are_refused_for_their_one_fault(name: str) -> None:
    blocks, path, rule = BLOCKS_REFUSED[name]
    assert named(validate_message(message() | {"blocks": blocks})) == [(path, rule)]


def test_every_fault_is_reported_not_only_the_first() -> None:
    found = validate_message(message(section(text=plain("")), {"type": "nope"}, actions(button(style="x"))))
    assert [problem.path for problem in found] == [
        "blocks[0].text.text",
        "blocks[1].type",
        "blocks[2].elements[0].style",
    ]

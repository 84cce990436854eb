"""The limits of elements and their objects at their borders: what just fits is taken, one more is refused."""

from typing import Any

import pytest

from tests.sandbox.blockkit.borders import (
    ELEMENT,
    INPUT,
    Border,
    chars,
    in_actions,
    in_input,
    in_message,
    link,
    refuses_beyond,
    text_input,
)
from tests.sandbox.blockkit.samples import (
    CONFIRM,
    Json,
    button,
    element,
    image,
    menu,
    option,
    options,
    plain,
    section,
)


def buttons(count: int) -> list[Json]:
    return [button(action_id=f"a{number}") for number in range(count)]


def icon(**fields: Any) -> Json:
    inside = element("icon_button", icon="trash", text=plain(), **fields)
    return {"type": "context_actions", "elements": [inside]}


def feedback(**fields: Any) -> Json:
    good = {"text": plain(), "value": "1", **fields}
    inside = element("feedback_buttons", positive_button=good, negative_button={"text": plain(), "value": "0"})
    return {"type": "context_actions", "elements": [inside]}


def confirm(**fields: Any) -> Json:
    return button(confirm={**CONFIRM, **fields})


def choose(**fields: Any) -> Json:
    return menu("static_select", **fields)


def described(count: int) -> Json:
    return choose(options=[option("a", description=plain(chars(count)))])


def groups(count: int) -> list[Json]:
    return [{"label": plain(), "options": [option(f"o{number}")]} for number in range(count)]


UPPER: dict[str, Border] = {
    "action_id": (in_actions(lambda n: button(action_id=chars(n))), 255, f"{ELEMENT}.action_id", "too_long"),
    "image element alt_text": (
        in_message(lambda n: section(accessory=image(alt_text=chars(n)))),
        2000,
        "blocks[0].accessory.alt_text",
        "too_long",
    ),
    "button text": (
        in_actions(lambda n: button(text=plain(chars(n)))),
        75,
        f"{ELEMENT}.text.text",
        "too_long",
    ),
    "button value": (in_actions(lambda n: button(value=chars(n))), 2000, f"{ELEMENT}.value", "too_long"),
    "button url": (in_actions(lambda n: button(url=link(n))), 3000, f"{ELEMENT}.url", "too_long"),
    "button accessibility_label": (
        in_actions(lambda n: button(accessibility_label=chars(n))),
        75,
        f"{ELEMENT}.accessibility_label",
        "too_long",
    ),
    "button agent_prompt": (
        in_actions(lambda n: button(agent_prompt=chars(n))),
        4000,
        f"{ELEMENT}.agent_prompt",
        "too_long",
    ),
    "icon button readers": (
        in_message(lambda n: icon(visible_to_user_ids=[f"U{i}" for i in range(n)])),
        10,
        f"{ELEMENT}.visible_to_user_ids",
        "too_many",
    ),
    "icon button value": (in_message(lambda n: icon(value=chars(n))), 2000, f"{ELEMENT}.value", "too_long"),
    "feedback text": (
        in_message(lambda n: feedback(text=plain(chars(n)))),
        75,
        f"{ELEMENT}.positive_button.text.text",
        "too_long",
    ),
    "feedback value": (
        in_message(lambda n: feedback(value=chars(n))),
        2000,
        f"{ELEMENT}.positive_button.value",
        "too_long",
    ),
    "placeholder of a select": (
        in_actions(lambda n: menu("users_select", placeholder=plain(chars(n)))),
        150,
        f"{ELEMENT}.placeholder.text",
        "too_long",
    ),
    "placeholder of an input": (
        in_input(lambda n: text_input(placeholder=plain(chars(n)))),
        150,
        f"{INPUT}.placeholder.text",
        "too_long",
    ),
    "select options": (
        in_actions(lambda n: choose(options=options(n))),
        100,
        f"{ELEMENT}.options",
        "too_many",
    ),
    "select option groups": (
        in_actions(lambda n: choose(option_groups=groups(n))),
        100,
        f"{ELEMENT}.option_groups",
        "too_many",
    ),
    "options in a group": (
        in_actions(lambda n: choose(option_groups=[{"label": plain(), "options": options(n)}])),
        100,
        f"{ELEMENT}.option_groups[0].options",
        "too_many",
    ),
    "group label": (
        in_actions(lambda n: choose(option_groups=[{"label": plain(chars(n)), "options": options(1)}])),
        75,
        f"{ELEMENT}.option_groups[0].label.text",
        "too_long",
    ),
    "option text": (
        in_actions(lambda n: choose(options=[{"text": plain(chars(n)), "value": "a"}])),
        75,
        f"{ELEMENT}.options[0].text.text",
        "too_long",
    ),
    "option value": (
        in_actions(lambda n: choose(options=[{"text": plain(), "value": chars(n)}])),
        75,
        f"{ELEMENT}.options[0].value",
        "too_long",
    ),
    "option description": (in_actions(described), 75, f"{ELEMENT}.options[0].description.text", "too_long"),
    "overflow options": (
        in_actions(lambda n: element("overflow", options=options(n))),
        5,
        f"{ELEMENT}.options",
        "too_many",
    ),
    "overflow option url": (
        in_actions(lambda n: element("overflow", options=[option("a", url=link(n))])),
        3000,
        f"{ELEMENT}.options[0].url",
        "too_long",
    ),
    "checkboxes": (
        in_actions(lambda n: element("checkboxes", options=options(n))),
        10,
        f"{ELEMENT}.options",
        "too_many",
    ),
    "radio buttons": (
        in_actions(lambda n: element("radio_buttons", options=options(n))),
        10,
        f"{ELEMENT}.options",
        "too_many",
    ),
    "confirm title": (
        in_actions(lambda n: confirm(title=plain(chars(n)))),
        100,
        f"{ELEMENT}.confirm.title.text",
        "too_long",
    ),
    "confirm text": (
        in_actions(lambda n: confirm(text=plain(chars(n)))),
        300,
        f"{ELEMENT}.confirm.text.text",
        "too_long",
    ),
    "confirm confirm": (
        in_actions(lambda n: confirm(confirm=plain(chars(n)))),
        30,
        f"{ELEMENT}.confirm.confirm.text",
        "too_long",
    ),
    "confirm deny": (
        in_actions(lambda n: confirm(deny=plain(chars(n)))),
        30,
        f"{ELEMENT}.confirm.deny.text",
        "too_long",
    ),
    "max_length": (in_input(lambda n: text_input(max_length=n)), 3000, f"{INPUT}.max_length", "range"),
    "min_length": (in_input(lambda n: text_input(min_length=n)), 3000, f"{INPUT}.min_length", "range"),
    "initial value without max_length": (
        in_input(lambda n: text_input(initial_value=chars(n))),
        3000,
        f"{INPUT}.initial_value",
        "too_long",
    ),
    "initial value with max_length": (
        in_input(lambda n: text_input(initial_value=chars(n), max_length=10)),
        10,
        f"{INPUT}.initial_value",
        "initial_value",
    ),
    "min_length beside max_length": (
        in_input(lambda n: text_input(min_length=n, max_length=10)),
        10,
        f"{INPUT}.min_length",
        "order",
    ),
    "selected items": (
        in_actions(
            lambda n: menu("multi_users_select", max_selected_items=3, initial_users=[f"U{i}" for i in range(n)])
        ),
        3,
        f"{ELEMENT}.initial_users",
        "too_many",
    ),
    "number beside its maximum": (
        in_input(lambda n: element("number_input", is_decimal_allowed=False, max_value="9", initial_value=str(n))),
        9,
        f"{INPUT}.initial_value",
        "order",
    ),
    "files": (in_input(lambda n: element("file_input", max_files=n)), 10, f"{INPUT}.max_files", "range"),
    "date and time": (
        in_input(lambda n: element("datetimepicker", initial_date_time=n)),
        9_999_999_999,
        f"{INPUT}.initial_date_time",
        "range",
    ),
}

LOWER: dict[str, Border] = {
    "button text": (
        in_actions(lambda n: button(text=plain(chars(n)))),
        1,
        f"{ELEMENT}.text.text",
        "too_short",
    ),
    "action_id": (in_actions(lambda n: button(action_id=chars(n))), 1, f"{ELEMENT}.action_id", "too_short"),
    "select options": (in_actions(lambda n: choose(options=options(n))), 1, f"{ELEMENT}.options", "too_few"),
    "overflow options": (
        in_actions(lambda n: element("overflow", options=options(n))),
        1,
        f"{ELEMENT}.options",
        "too_few",
    ),
    "max_length": (in_input(lambda n: text_input(max_length=n)), 1, f"{INPUT}.max_length", "range"),
    "initial value with min_length": (
        in_input(lambda n: text_input(initial_value=chars(n), min_length=5)),
        5,
        f"{INPUT}.initial_value",
        "initial_value",
    ),
    "max_selected_items": (
        in_actions(lambda n: menu("multi_users_select", max_selected_items=n)),
        1,
        f"{ELEMENT}.max_selected_items",
        "range",
    ),
    "min_query_length": (
        in_actions(lambda n: menu("external_select", min_query_length=n)),
        0,
        f"{ELEMENT}.min_query_length",
        "range",
    ),
    "number beside its minimum": (
        in_input(lambda n: element("number_input", is_decimal_allowed=False, min_value="3", initial_value=str(n))),
        3,
        f"{INPUT}.min_value",
        "order",
    ),
    "date and time": (
        in_input(lambda n: element("datetimepicker", initial_date_time=n)),
        1_000_000_000,
        f"{INPUT}.initial_date_time",
        "range",
    ),
}


@pytest.mark.parametrize("name", UPPER)
def test_the_most_is_taken_and_one_more_is_not(name: str) -> None:
    refuses_beyond(UPPER[name], 1)


@pytest.mark.parametrize("name", LOWER)
def test_the_least_is_taken_and_one_less_is_not(name: str) -> None:
    refuses_beyond(LOWER[name], -1)

"""Good examples of everything that the validator knows, as Slack takes them."""

from typing import Any

Json = dict[str, Any]

PIXEL = "https://example.com/pixel.png"


def plain(text: str = "Hello") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "*Hello*") -> Json:
    return {"type": "mrkdwn", "text": text}


def option(value: str = "a", **more: Any) -> Json:
    return {"text": plain(value), "value": value, **more}


def options(count: int) -> list[Json]:
    return [option(f"o{number}") for number in range(count)]


def element(kind: str, **fields: Any) -> Json:
    return {"type": kind, "action_id": "act", **fields}


def button(**fields: Any) -> Json:
    return element("button", **{"text": plain("Go"), **fields})


def image(**fields: Any) -> Json:
    return {"type": "image", "alt_text": "A pixel", "image_url": PIXEL, **fields}


def menu(kind: str, **fields: Any) -> Json:
    return element(kind, **{"placeholder": plain("Choose"), **fields})


def rich(*parts: Json) -> Json:
    inside = list(parts) or [{"type": "text", "text": "Hello"}]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": inside}]}


def section(**fields: Any) -> Json:
    return {"type": "section", **({"text": mrkdwn()} | fields)}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def ask(inside: Json, **fields: Any) -> Json:
    return {"type": "input", "label": plain("Question"), "element": inside, **fields}


def table(rows: int = 2, columns: int = 2, **fields: Any) -> Json:
    row = [{"type": "raw_text", "text": "x"}] * columns
    return {"type": "table", "rows": [row] * rows, **fields}


def task(number: int = 1, **fields: Any) -> Json:
    return {"type": "task_card", "task_id": f"t{number}", "title": "Restart", "status": "pending", **fields}


def card(**fields: Any) -> Json:
    return {"type": "card", "title": mrkdwn("Card"), **fields}


def container(**fields: Any) -> Json:
    return {"type": "container", "title": plain("Frame"), "child_blocks": [{"type": "divider"}], **fields}


def message(*blocks: Json, **fields: Any) -> Json:
    return {"channel": "C1", "text": "Hello", "blocks": list(blocks), **fields}


def modal(*blocks: Json, **fields: Any) -> Json:
    return {
        "type": "modal",
        "title": plain("Title"),
        "submit": plain("Send"),
        "blocks": list(blocks),
        **fields,
    }


def home(*blocks: Json, **fields: Any) -> Json:
    return {"type": "home", "blocks": list(blocks), **fields}


CONFIRM = {"title": plain(), "text": plain(), "confirm": plain("Yes"), "deny": plain("No"), "style": "danger"}

ELEMENTS: dict[str, Json] = {
    "button": button(value="1", url="https://example.com", style="primary", confirm=CONFIRM, accessibility_label="Go"),
    "overflow": element("overflow", options=[option("a", url="https://example.com"), option("b")], confirm=CONFIRM),
    "workflow_button": element(
        "workflow_button",
        text=plain("Run"),
        workflow={
            "trigger": {
                "url": "https://slack.com/shortcuts/Ft1/x",
                "customizable_input_parameters": [{"name": "who", "value": "U1"}],
            }
        },
    ),
    "checkboxes": element(
        "checkboxes",
        options=[option("a", description=mrkdwn()), {"text": mrkdwn(), "value": "b"}],
        initial_options=[{"text": mrkdwn(), "value": "b"}],
    ),
    "radio_buttons": element("radio_buttons", options=options(3), initial_option=option("o1")),
    "static_select": menu("static_select", options=options(3), initial_option=option("o2"), focus_on_load=True),
    "external_select": menu("external_select", min_query_length=2, initial_option=option("x")),
    "users_select": menu("users_select", initial_user="U012AB3CD"),
    "conversations_select": menu(
        "conversations_select",
        default_to_current_conversation=True,
        response_url_enabled=True,
        filter={"include": ["public", "private"], "exclude_bot_users": True},
    ),
    "channels_select": menu("channels_select", initial_channel="C012AB3CD"),
    "multi_static_select": menu(
        "multi_static_select",
        option_groups=[{"label": plain("First"), "options": options(2)}],
        initial_options=[option("o0")],
        max_selected_items=2,
    ),
    "multi_external_select": menu("multi_external_select", min_query_length=0, initial_options=[option("x")]),
    "multi_users_select": menu("multi_users_select", initial_users=["U1", "U2"]),
    "multi_conversations_select": menu("multi_conversations_select", initial_conversations=["C1"]),
    "multi_channels_select": menu("multi_channels_select", initial_channels=["C1"]),
    "datepicker": element("datepicker", initial_date="2024-02-29", placeholder=plain("Day")),
    "timepicker": element("timepicker", initial_time="23:59", timezone="Europe/Berlin"),
    "datetimepicker": element("datetimepicker", initial_date_time=1_700_000_000),
    "rich_text_input": element("rich_text_input", initial_value=rich(), min_lines=2, max_lines=4),
    "plain_text_input": element(
        "plain_text_input",
        multiline=True,
        min_length=2,
        max_length=10,
        initial_value="Hello",
        placeholder=plain("Say"),
        dispatch_action_config={"trigger_actions_on": ["on_enter_pressed"]},
    ),
    "number_input": element(
        "number_input", is_decimal_allowed=True, min_value="-1.5", max_value="9", initial_value="2"
    ),
    "email_text_input": element("email_text_input", initial_value="alice@example.com"),
    "url_text_input": element("url_text_input", initial_value="https://example.com"),
    "file_input": element("file_input", filetypes=["png"], max_files=3),
}

PARTS: list[Json] = [
    {"type": "text", "text": "Hello ", "style": {"bold": True, "code": True}},
    {"type": "link", "url": "https://example.com", "text": "there"},
    {"type": "user", "user_id": "U1"},
    {"type": "usergroup", "usergroup_id": "S1"},
    {"type": "channel", "channel_id": "C1"},
    {"type": "team", "team_id": "T1"},
    {"type": "emoji", "name": "wave", "skin_tone": 2},
    {"type": "date", "timestamp": 1_700_000_000, "format": "{date_num} at {time}", "fallback": "then"},
    {"type": "broadcast", "range": "here"},
    {"type": "color", "value": "#2eb67d"},
]

EVERYWHERE = frozenset({"message", "modal", "home"})
IN_MESSAGES = frozenset({"message"})

BLOCKS: dict[str, tuple[Json, frozenset[str]]] = {
    "section": (section(fields=[plain("a"), mrkdwn("b")], accessory=image(), expand=True), EVERYWHERE),
    "header": ({"type": "header", "text": {**plain("Title"), "emoji": True}}, EVERYWHERE),
    "divider": ({"type": "divider", "block_id": "line"}, EVERYWHERE),
    "context": (
        {"type": "context", "elements": [image(), plain(), {**mrkdwn(), "verbatim": True}]},
        EVERYWHERE,
    ),
    "actions": (actions(button(), button(action_id="other")), EVERYWHERE),
    "input": (
        ask(ELEMENTS["plain_text_input"], hint=plain(), optional=True, dispatch_action=True),
        EVERYWHERE,
    ),
    "rich_text": (
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_section", "elements": PARTS},
                {"type": "rich_text_quote", "elements": PARTS[:1]},
                {"type": "rich_text_preformatted", "elements": PARTS[:2], "border": 0},
                {
                    "type": "rich_text_list",
                    "style": "ordered",
                    "indent": 1,
                    "offset": 2,
                    "border": 1,
                    "elements": [{"type": "rich_text_section", "elements": PARTS[:1]}],
                },
            ],
        },
        EVERYWHERE,
    ),
    "image": ({**image(), "title": plain("Pixel")}, EVERYWHERE),
    "video": (
        {
            "type": "video",
            "alt_text": "A film",
            "title": plain("Film"),
            "video_url": "https://example.com/film",
            "thumbnail_url": PIXEL,
            "author_name": "Alice",
        },
        EVERYWHERE,
    ),
    "file": ({"type": "file", "external_id": "F1", "source": "remote"}, IN_MESSAGES),
    "markdown": ({"type": "markdown", "text": "**Hello**"}, IN_MESSAGES),
    "context_actions": (
        {
            "type": "context_actions",
            "elements": [
                {
                    "type": "feedback_buttons",
                    "action_id": "f",
                    "positive_button": {"text": plain("Good"), "value": "1"},
                    "negative_button": {"text": plain("Bad"), "value": "0", "accessibility_label": "Bad"},
                },
                {"type": "icon_button", "action_id": "i", "icon": "trash", "text": plain("Delete")},
            ],
        },
        IN_MESSAGES,
    ),
    "table": (
        table(column_settings=[{"align": "right"}, {"is_wrapped": True}])
        | {"rows": [[{"type": "raw_text", "text": "Name"}, rich()]]},
        IN_MESSAGES,
    ),
    "alert": ({"type": "alert", "text": mrkdwn("Look out"), "level": "warning"}, frozenset({"modal"})),
    "card": (
        card(hero_image=image(), icon=image(), subtitle=mrkdwn(), body=mrkdwn(), actions=[button()]),
        EVERYWHERE,
    ),
    "carousel": ({"type": "carousel", "elements": [card(), card()]}, frozenset({"message", "home"})),
    "container": (
        container(subtitle=mrkdwn(), width="wide", icon=image(), is_collapsible=True, default_collapsed=True),
        IN_MESSAGES,
    ),
    "task_card": (
        task(details=rich(), output=rich(), sources=[{"type": "url", "url": PIXEL, "text": "Pixel"}]),
        IN_MESSAGES,
    ),
    "plan": (
        {"type": "plan", "title": "Roll back", "tasks": [task(1), task(2, status="complete")]},
        IN_MESSAGES,
    ),
}

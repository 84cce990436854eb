"""One of every block and element, as an app would send them."""

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(label: str, value: str, description: str = "") -> Json:
    made: Json = {"text": plain(label), "value": value}
    if description:
        made["description"] = plain(description)
    return made


def button(label: str, action_id: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(label), "action_id": action_id, **more}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def line(*parts: str | Json) -> Json:
    made = [{"type": "text", "text": part} if isinstance(part, str) else part for part in parts]
    return {"type": "rich_text_section", "elements": made}


SEVERITIES = [
    option("P1 · Critical", "P1", "Customers cannot work"),
    option("P2 · Major", "P2", "Something important is broken"),
    option("P3 · Minor", "P3", "An inconvenience"),
]

SURE = {
    "title": plain("Roll back the backend?"),
    "text": plain("This takes social-live back to revision 41."),
    "confirm": plain("Roll back"),
    "deny": plain("Not now"),
    "style": "danger",
}


def incident(when: int) -> list[Json]:
    """A message as an operations app writes it."""
    return [
        {"type": "header", "text": plain(":rotating_light: P1 · Checkout returns 500")},
        {
            "type": "section",
            "text": mrkdwn(
                f"Declared <!date^{when}^{{date_short_pretty}} at {{time}}|earlier>. "
                "*Checkout* answers `500` for _every_ card payment since the deploy of ~v41~ *v42*."
                "\n> HTTP 500 on `POST /checkout`"
            ),
            "accessory": button("Open dashboard", "dashboard", url="https://dash.example/checkout"),
        },
        {
            "type": "section",
            "fields": [
                mrkdwn("*Platform*\nSocial Live"),
                mrkdwn("*Severity*\nP1 · Critical"),
                mrkdwn("*Commander*\nnobody yet"),
                mrkdwn("*Next update*\nin 15 minutes"),
            ],
        },
        {
            "type": "actions",
            "block_id": "deeds",
            "elements": [
                button("Acknowledge", "ack", style="primary", value="INC-7"),
                button("Roll back", "roll_back", style="danger", value="INC-7", confirm=SURE),
                button("Update", "update"),
                {
                    "type": "overflow",
                    "action_id": "more",
                    "options": [option("Page someone", "page"), option("Change severity", "severity")],
                },
            ],
        },
        {"type": "context", "elements": [mrkdwn("INC-7 · opened by the monitor _checkout-probe_")]},
    ]


def modern() -> list[Json]:
    """The larger blocks."""
    return [
        {
            "type": "plan",
            "title": "Roll back social-live/backend to revision 41",
            "tasks": [
                {"type": "task_card", "task_id": "t1", "title": "Lock the target", "status": "complete"},
                {
                    "type": "task_card",
                    "task_id": "t2",
                    "title": "Undo the rollout",
                    "status": "in_progress",
                    "details": rich(line("2 of 3 pods are ready")),
                    "sources": [{"type": "url", "url": "https://dash.example/rollout", "text": "rollout"}],
                },
                {"type": "task_card", "task_id": "t3", "title": "Check the health page", "status": "pending"},
                {
                    "type": "task_card",
                    "task_id": "t4",
                    "title": "Tell the status page",
                    "status": "error",
                    "output": rich(line("It answered 503.")),
                },
            ],
        },
        {
            "type": "table",
            "rows": [
                [
                    {"type": "raw_text", "text": "Pod"},
                    {"type": "raw_text", "text": "State"},
                    {"type": "raw_text", "text": "Restarts"},
                ],
                [
                    {"type": "raw_text", "text": "backend-7c9"},
                    rich(line({"type": "text", "text": "CrashLoopBackOff", "style": {"bold": True}})),
                    {"type": "raw_text", "text": "14"},
                ],
                [
                    {"type": "raw_text", "text": "backend-1fd"},
                    {"type": "raw_text", "text": "Running"},
                    {"type": "raw_text", "text": "0"},
                ],
            ],
            "column_settings": [{"align": "left"}, {"is_wrapped": True}, {"align": "right"}],
        },
        {
            "type": "container",
            "block_id": "findings",
            "title": plain("Diagnosis"),
            "subtitle": plain("5 probes, 1 critical"),
            "is_collapsible": True,
            "child_blocks": [
                {"type": "section", "text": mrkdwn("`error-logs` *critical* · `database` ok · `cache` ok")},
                {"type": "actions", "elements": [button("Run again", "rerun")]},
            ],
        },
        {
            "type": "carousel",
            "elements": [
                {
                    "type": "card",
                    "title": mrkdwn("*Roll back*"),
                    "subtitle": mrkdwn("revision 41"),
                    "body": mrkdwn("Was healthy for 6 days."),
                    "actions": [button("Choose", "choose_1", style="primary")],
                },
                {
                    "type": "card",
                    "title": mrkdwn("*Scale up*"),
                    "subtitle": mrkdwn("3 → 6 replicas"),
                    "body": mrkdwn("If it is only load."),
                    "actions": [button("Choose", "choose_2")],
                },
            ],
        },
        {
            "type": "context_actions",
            "elements": [
                {
                    "type": "feedback_buttons",
                    "action_id": "useful",
                    "positive_button": {"text": plain("Useful"), "value": "yes"},
                    "negative_button": {"text": plain("Not useful"), "value": "no"},
                }
            ],
        },
    ]


def alerts() -> list[Json]:
    """Alerts of every level; Slack shows them in modals."""
    return [
        {"type": "alert", "level": "error", "text": mrkdwn("*error-logs* is critical: 1,204 lines in 5 minutes")},
        {"type": "alert", "level": "warning", "text": plain("latency is above its threshold")},
        {"type": "alert", "level": "success", "text": plain("the database answers")},
        {"type": "alert", "text": plain("nobody is on call")},
        {"type": "alert", "level": "info", "text": plain("a deploy is running")},
    ]


def written() -> list[Json]:
    """Text in its three forms."""
    return [
        rich(
            line(
                "Rich: ",
                {"type": "text", "text": "bold", "style": {"bold": True}},
                " and ",
                {"type": "link", "url": "https://docs.example/", "text": "a link"},
                " ",
                {"type": "emoji", "name": "tada"},
            ),
            {"type": "rich_text_list", "style": "bullet", "elements": [line("first"), line("second")]},
            {"type": "rich_text_list", "style": "ordered", "indent": 1, "elements": [line("inner")]},
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": "quoted"}]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "kubectl get pods\nNAME  READY"}]},
        ),
        {
            "type": "markdown",
            "text": "## Post-mortem\n**What** happened, with `code` and [a link](https://docs.example/)\n\n"
            "- [x] rolled back\n- [ ] tell customers\n  - by e-mail\n\n"
            "| Probe | Result |\n|---|--:|\n| errors | 1204 |\n\n```\nGET /checkout 500\n```\n> a quote",
        },
        {"type": "divider"},
        {
            "type": "image",
            "image_url": "https://pictures.example/graph.png",
            "alt_text": "Graph of errors",
            "title": plain("Errors per minute"),
        },
    ]


def fields() -> list[Json]:
    """A form with every kind of field."""

    def field(block_id: str, label: str, element: Json, **more: Any) -> Json:
        return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, **more}

    return [
        field(
            "title",
            "Title",
            {"type": "plain_text_input", "action_id": "in", "placeholder": plain("What is wrong?")},
            hint=plain("One line that everybody understands"),
        ),
        field(
            "severity",
            "Severity",
            {
                "type": "static_select",
                "action_id": "in",
                "options": SEVERITIES,
                "placeholder": plain("Choose a severity"),
            },
        ),
        field("details", "Details", {"type": "plain_text_input", "action_id": "in", "multiline": True}, optional=True),
        field(
            "affected",
            "Affected customers",
            {"type": "number_input", "action_id": "in", "is_decimal_allowed": False},
            optional=True,
        ),
        field(
            "services",
            "Services",
            {
                "type": "multi_static_select",
                "action_id": "in",
                "placeholder": plain("Any service"),
                "options": [option("Backend", "backend"), option("Web", "web"), option("Search", "search")],
            },
            optional=True,
        ),
        field(
            "commander",
            "Commander",
            {"type": "users_select", "action_id": "in", "placeholder": plain("Somebody")},
            optional=True,
        ),
        field(
            "room",
            "Room",
            {"type": "channels_select", "action_id": "in", "placeholder": plain("A channel")},
            optional=True,
        ),
        field(
            "tell",
            "Tell",
            {"type": "multi_conversations_select", "action_id": "in", "placeholder": plain("Anybody")},
            optional=True,
        ),
        field(
            "checks",
            "Checked",
            {
                "type": "checkboxes",
                "action_id": "in",
                "options": [option("Logs", "logs"), option("Metrics", "metrics", "Error rate and latency")],
            },
            optional=True,
        ),
        field(
            "impact",
            "Impact",
            {"type": "radio_buttons", "action_id": "in", "options": [option("Some", "some"), option("All", "all")]},
            optional=True,
        ),
        field("day", "Day", {"type": "datepicker", "action_id": "in"}, optional=True),
        field("hour", "Hour", {"type": "timepicker", "action_id": "in"}, optional=True),
        field("began", "Began", {"type": "datetimepicker", "action_id": "in"}, optional=True),
    ]


def form(title: str = "Declare an incident") -> Json:
    return {
        "type": "modal",
        "callback_id": "declare",
        "title": plain(title),
        "submit": plain("Declare"),
        "close": plain("Cancel"),
        "blocks": [*alerts(), *fields()],
    }


def dashboard() -> Json:
    """What the app shows on its Home tab."""
    return {
        "type": "home",
        "blocks": [
            {"type": "header", "text": plain("Open incidents")},
            {
                "type": "section",
                "text": mrkdwn("*INC-7* Checkout returns 500"),
                "accessory": button("Show", "show", value="INC-7"),
            },
            {"type": "divider"},
            {
                "type": "section",
                "block_id": "filter",
                "text": mrkdwn("Severity"),
                "accessory": {
                    "type": "static_select",
                    "action_id": "severity",
                    "options": SEVERITIES,
                    "placeholder": plain("Any severity"),
                },
            },
            {
                "type": "input",
                "block_id": "find",
                "dispatch_action": True,
                "label": plain("Find"),
                "element": {"type": "plain_text_input", "action_id": "find"},
            },
        ],
    }

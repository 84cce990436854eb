"""What arrives from Slack, as requests.

Secrets that somebody pasted are blotted out here, before anything is written down, logged or said again.

A receipt's id is Slack's own id of what arrived, so that a repeated delivery is recognized: the trigger id of a command
or a click, the id of a form's view.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.access.redaction import redact
from bot.slack.views.buttons import pressed
from bot.slack.views.forms import filled_in
from bot.verbs.request import Request
from bot.verbs.words import as_word, clean

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request, and for a click the gesture: who pressed what, the same for both halves of a double click."""

    request: Request
    gesture: str | None = None


def of_command(body: Body, at: datetime) -> Arrival:
    """Return the request of a slash command; its first word is the verb."""
    typed = _kept(str(body.get("text") or ""))
    verb, text = [*typed.split(maxsplit=1), "", ""][:2]
    return Arrival(
        Request(
            id=f"command:{body['trigger_id']}",
            command=str(body["command"]).removeprefix("/"),
            verb=as_word(verb).casefold() or "help",
            text=text,
            by=body["user_id"],
            channel=body["channel_id"],
            channel_name=str(body.get("channel_name", "")),
            at=at,
            trigger=body["trigger_id"],
            reply_to=body.get("response_url"),
            typed=typed,
        )
    )


def _kept(typed: str) -> str:
    """Return what of a text is kept: all but what nobody sees, and secrets. People's addresses stay: they are meant."""
    return redact(clean(typed), people=False)


def of_click(body: Body, at: datetime) -> Arrival | None:
    """Return the request of a pressed button; None when it is not one of ours."""
    action = body["actions"][0]
    button = pressed(action)
    if button is None:
        return None
    command, _, verb = button.path.partition(" ")
    channel = body.get("channel") or {}
    request = Request(
        id=f"click:{body['trigger_id']}",
        command=command,
        verb=verb,
        text=button.text,
        by=body["user"]["id"],
        channel=str(channel.get("id", "")),
        channel_name=str(channel.get("name", "")),
        at=at,
        trigger=body["trigger_id"],
        reply_to=body.get("response_url"),
        again=button.again,
        insist=button.insist,
        whole=button.whole,
    )
    return Arrival(request, _gesture(body, action))


def _gesture(body: Body, action: Mapping[str, Any]) -> str:
    container = body.get("container") or {}
    where = container.get("message_ts") or container.get("view_id") or ""
    parts = (body["user"]["id"], container.get("channel_id"), where, action["action_id"], action.get("value"))
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


def of_form(body: Body, at: datetime) -> Arrival:
    """Return the request of a submitted form."""
    view = body["view"]
    path, place, values = filled_in(view)
    command, _, verb = path.partition(" ")
    return Arrival(
        Request(
            id=f"form:{view['id']}",
            command=command,
            verb=verb,
            text="",
            by=body["user"]["id"],
            channel=place.get("channel", ""),
            channel_name=place.get("channel_name", ""),
            at=at,
            reply_to=place.get("reply_to"),
            values={name: _kept(value) for name, value in values.items()},
        )
    )

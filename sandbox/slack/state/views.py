"""Modals and App Home: open views, and what the person has entered in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.slack.refusals import Json


@dataclass(slots=True)
class OpenView:
    """A view before a person. `content` is what the app sent, `state` what was entered (block, action, value)."""

    id: str
    user: str
    content: Json
    hash: str
    root_id: str
    previous_id: str | None
    external_id: str = ""
    state: dict[str, dict[str, Any]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def view_as_api(view: OpenView, *, team_id: str, app_id: str, bot_id: str) -> Json:
    """Return the view object as views.open and interaction payloads carry it."""
    content = view.content
    return {
        "id": view.id,
        "team_id": team_id,
        "type": content["type"],
        "blocks": content.get("blocks", []),
        "private_metadata": content.get("private_metadata", ""),
        "callback_id": content.get("callback_id", ""),
        "state": {"values": view.state},
        "hash": view.hash,
        "title": content.get("title"),
        "close": content.get("close"),
        "submit": content.get("submit"),
        "clear_on_close": bool(content.get("clear_on_close", False)),
        "notify_on_close": bool(content.get("notify_on_close", False)),
        "submit_disabled": bool(content.get("submit_disabled", False)),
        "root_view_id": view.root_id,
        "previous_view_id": view.previous_id,
        "app_id": app_id,
        "app_installed_team_id": team_id,
        "bot_id": bot_id,
        "external_id": view.external_id,
    }

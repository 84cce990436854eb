"""What a view may hold: a modal or the Home tab."""

from collections.abc import Mapping
from typing import Any

from sandbox.slack.blockkit.message import BLOCKS
from sandbox.slack.blockkit.problem import Problem, Spot, Tally
from sandbox.slack.blockkit.rules import Fields, flag, json_size, list_of, one_of, string, tagged
from sandbox.slack.blockkit.texts import plain

VIEW_SIZE_LIMIT = 250_000
"""Bytes of a view as JSON (Slack: views.open, view_too_large, “250 kB”)."""


def submit_for_inputs(view: Any, spot: Spot, tally: Tally) -> None:
    """Want a button to send it in a modal that asks for something."""
    if "submit" not in view and any(block["type"] == "input" for block in view["blocks"]):
        tally.report((spot, "submit"), "required", "is missing; a modal with an input block needs it")


_BLOCKS: Fields = {"blocks": list_of(one_of(BLOCKS), 1, 100)}
_KEPT: Fields = {
    "private_metadata": string(0, 3000),
    "callback_id": string(1, 255),
    "external_id": string(1, 255),
}

_VIEW = one_of(
    {
        "modal": tagged(
            {"title": plain(24), **_BLOCKS},
            {
                "submit": plain(24),
                "close": plain(24),
                "clear_on_close": flag,
                "notify_on_close": flag,
                **_KEPT,
            },
            submit_for_inputs,
        ),
        "home": tagged(_BLOCKS, _KEPT),
    }
)


def validate_view(view: object) -> list[Problem]:
    """Find what Slack would not accept in a view.

    `view` is the argument of views.open, views.update, views.push or views.publish, or of a response_action,
    as decoded JSON. Returns the problems, [] if there are none; raises nothing.
    """
    given = dict(view) if isinstance(view, Mapping) else view
    tally = Tally("home" if isinstance(given, dict) and given.get("type") == "home" else "modal")
    _VIEW(given, None, tally)
    size = json_size(given)
    if size is None or size > VIEW_SIZE_LIMIT:
        tally.report(None, "view_too_large", f"has {size} bytes as JSON; at most {VIEW_SIZE_LIMIT} are allowed")
    return tally.problems

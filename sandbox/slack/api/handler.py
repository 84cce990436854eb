"""What a method's handler is, and what the handlers share: scopes by kind of channel, pages, timestamps."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from sandbox.slack.ids import normal_ts
from sandbox.slack.methods import method_table
from sandbox.slack.refusals import Json, SlackError
from sandbox.slack.state.channels import Channel

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

Handler = Callable[["Workspace", Json], Json]
"""Takes the checked arguments and returns the answer without `ok`; raises SlackError to refuse."""

T = TypeVar("T")


def need_scope(workspace: Workspace, *any_of: str) -> None:
    """Refuse when the app has none of these scopes. Raises missing_scope."""
    granted = workspace.manifest.scopes
    if any_of and not granted.intersection(any_of):
        raise SlackError("missing_scope", needed=any_of[0], provided=",".join(sorted(granted)))


def need_channel_scope(workspace: Workspace, method: str, channel: Channel) -> None:
    """Refuse when none of the method's scopes is for this kind of channel. Raises missing_scope."""
    family = f"{channel.family}:"
    need_scope(workspace, *(scope for scope in method_table()[method].scopes if scope.startswith(family)))


def page_of(
    items: Sequence[T], args: Json, *, usual: int, most: int, too_many: str = "invalid_limit"
) -> tuple[Sequence[T], str]:
    """Return one page of a list and the cursor of the next ("" when there is none).

    Raises invalid_cursor, and `too_many` for a limit beyond `most`.
    """
    limit = args.get("limit", usual)
    if not 1 <= limit <= most:
        raise SlackError(too_many, f"[ERROR] limit must be between 1 and {most}")
    start = read_cursor(args.get("cursor", ""))
    if start > len(items):
        raise SlackError("invalid_cursor")
    end = start + limit
    return items[start:end], write_cursor(end) if end < len(items) else ""


def write_cursor(position: int | str) -> str:
    """Return an opaque cursor for a position."""
    return base64.b64encode(f"next:{position}".encode()).decode()


def read_cursor(cursor: str) -> int:
    """Return the position in a list that a cursor stands for. Raises invalid_cursor."""
    if not cursor:
        return 0
    position = open_cursor(cursor)
    if not position.isdigit():
        raise SlackError("invalid_cursor")
    return int(position)


def open_cursor(cursor: str) -> str:
    """Return what a cursor holds. Raises invalid_cursor."""
    try:
        word, _, position = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        word, position = "", ""
    if word != "next" or not position:
        raise SlackError("invalid_cursor")
    return position


def read_ts(args: Json, name: str, code: str) -> str:
    """Return a timestamp argument with ten digits and six decimals. Raises the code given."""
    ts = normal_ts(args.get(name, ""))
    if ts is None:
        raise SlackError(code)
    return ts

"""What the app wants a message or a view to say: checked by the Block Kit validator before Slack takes it."""

from __future__ import annotations

from sandbox.slack.blockkit import (
    POST_TEXT_LIMIT,
    slack_error,
    validate_message,
    validate_view,
)
from sandbox.slack.refusals import Json, SlackError
from sandbox.slack.state.messages import Content
from sandbox.slack.text import escape_stray

_PARTS = ("text", "blocks", "attachments", "markdown_text", "metadata")


def read_content(args: Json, *, text_limit: int = POST_TEXT_LIMIT, blocks_too_long: str = "msg_too_long") -> Content:
    """Return what a message says, from the arguments of a chat method or the body sent to a response_url.

    `text_limit` is the most characters of text, `blocks_too_long` the code for too much text in blocks, which
    not all methods name alike. Raises SlackError with the code of the first fault and a sentence for each.
    """
    payload = {name: args[name] for name in _PARTS if args.get(name)}
    if problems := validate_message(payload, text_limit=text_limit):
        code = slack_error(problems)
        code = blocks_too_long if code == "msg_blocks_too_long" else code
        raise SlackError(code, *(f"[ERROR] {problem}" for problem in problems))
    if not any(payload.get(name) for name in ("blocks", "attachments", "markdown_text")) and (
        not str(payload.get("text", "")).strip()
    ):
        raise SlackError("no_text", "[ERROR] the text has nothing but space in it")
    return _content(args, payload)


def _content(args: Json, payload: Json) -> Content:
    """Return valid content; markdown_text becomes a markdown block with the same fallback text."""
    text, blocks = payload.get("text", ""), payload.get("blocks", [])
    if markdown := payload.get("markdown_text"):
        text, blocks = markdown, [{"type": "markdown", "text": markdown}]
    return Content(
        text=escape_stray(text),
        blocks=blocks,
        attachments=payload.get("attachments", []),
        metadata=payload.get("metadata"),
        link_names=bool(args.get("link_names")) or args.get("parse") == "full",
    )


def check_view(view: Json, kind: str) -> None:
    """Refuse a view that Slack would refuse. Raises SlackError: view_too_large or invalid_arguments with sentences."""
    if view.get("type") != kind:
        raise SlackError("invalid_arguments", f"[ERROR] the view’s type must be {kind}")
    if problems := validate_view(view):
        code = slack_error(problems, otherwise="invalid_arguments")
        raise SlackError(code, *(f"[ERROR] {problem}" for problem in problems))

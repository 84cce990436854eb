"""What a message may hold: text, blocks, attachments, metadata."""

from collections.abc import Mapping

from sandbox.slack.blockkit.between import at_least_one
from sandbox.slack.blockkit.cards import CARDS
from sandbox.slack.blockkit.layout import LAYOUT, MARKDOWN_LIMIT
from sandbox.slack.blockkit.media import MEDIA
from sandbox.slack.blockkit.problem import Problem, Spot, Tally
from sandbox.slack.blockkit.rules import (
    NOTHING,
    Fields,
    Rule,
    flag,
    json_size,
    list_of,
    matching,
    obj,
    one_of,
    string,
    whole,
)
from sandbox.slack.blockkit.tables import TABLES
from sandbox.slack.blockkit.texts import LINK, WEB_LINK

BLOCKS: Fields = {**LAYOUT, **MEDIA, **TABLES, **CARDS}

POST_TEXT_LIMIT = 40_000
"""Characters of `text` that chat.postMessage keeps; Slack cuts off what is longer, here it is refused."""

UPDATE_TEXT_LIMIT = 4_000
"""Characters of `text` that chat.update takes before it answers msg_too_long."""

BLOCKS_TEXT_LIMIT = 13_200
"""Characters of text in all blocks together; undocumented, measured in slackapi/bolt-js#2509."""

METADATA_LIMIT = 8_000
"""Bytes of metadata as JSON. Slack names the error metadata_too_large but no number; this one is careful."""


def metadata_payload(value: object, spot: Spot, tally: Tally) -> None:
    """Accept scalars, objects of scalars and lists of those (the shape that @slack/types gives)."""
    if not isinstance(value, dict):
        tally.report(spot, "invalid_metadata_format", "must be an object")
        return
    for name, entry in value.items():
        if not _is_scalar(entry) and not _is_flat(entry) and not _is_flat_list(entry):
            sentence = "must be a string, a number, true, false, an object of those, or a list of such objects"
            tally.report((spot, str(name)), "invalid_metadata_format", sentence)


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int | float)


def _is_flat(value: object) -> bool:
    return isinstance(value, dict) and all(_is_scalar(entry) for entry in value.values())


def _is_flat_list(value: object) -> bool:
    return isinstance(value, list) and all(_is_flat(entry) for entry in value)


def metadata(value: object, spot: Spot, tally: Tally) -> None:
    """Accept metadata of at most 8,000 bytes with an event type and a flat payload."""
    _METADATA(value, spot, tally)
    size = json_size(value)
    if size is None or size > METADATA_LIMIT:
        tally.report(spot, "metadata_too_large", f"has {size} bytes as JSON; at most {METADATA_LIMIT} are allowed")


# 50 characters: the length that the app manifest allows for an event type.
_METADATA = obj(
    {
        "event_type": matching(r"[A-Za-z0-9_.:-]+", "made of letters, digits and _", 50),
        "event_payload": metadata_payload,
    }
)

_LINE = string(1, 3000)
_ATTACHMENT = obj(
    NOTHING,
    {
        "blocks": list_of(one_of(BLOCKS), 1, 50),
        "color": matching(r"good|warning|danger|#?[0-9A-Fa-f]{6}", "good, warning, danger or a colour such as #2eb67d"),
        "fields": list_of(obj({"title": _LINE, "value": _LINE}, {"short": flag}), 1, 100),
        **dict.fromkeys(("fallback", "pretext", "author_name", "title", "text", "footer"), _LINE),
        **dict.fromkeys(("author_icon", "image_url", "thumb_url", "footer_icon"), WEB_LINK),
        **dict.fromkeys(("author_link", "title_link"), LINK),
        "ts": whole(0, 9_999_999_999),
        "mrkdwn_in": list_of(string(1, 255), 1, 10),
    },
    at_least_one("blocks", "fallback", "fields", "image_url", "pretext", "text", "title"),
)

_PARTS: Fields = {
    "blocks": list_of(one_of(BLOCKS), 0, 50),
    "attachments": list_of(_ATTACHMENT, 0, 100, over="too_many_attachments"),
    "metadata": metadata,
    "markdown_text": string(1, MARKDOWN_LIMIT, over="msg_too_long"),
}


def validate_message(payload: object, *, text_limit: int = POST_TEXT_LIMIT) -> list[Problem]:
    """Find what Slack would not accept in a message.

    `payload` holds the arguments of chat.postMessage, chat.update or a response_url as decoded JSON (blocks
    as a list, not as a string); arguments that are not content, such as `channel`, are not looked at.
    `text_limit` is the most characters of `text`: POST_TEXT_LIMIT, or UPDATE_TEXT_LIMIT for chat.update.
    Returns the problems, [] if there are none; raises nothing.
    """
    tally = Tally("message")
    if not isinstance(payload, Mapping):
        tally.report(None, "type", "must be an object")
        return tally.problems
    parts: Mapping[str, Rule] = {"text": string(0, text_limit, over="msg_too_long"), **_PARTS}
    for name, rule in parts.items():
        if payload.get(name) is not None:
            rule(payload[name], (None, name), tally)
    _together(payload, tally)
    return tally.problems


def _together(payload: Mapping[str, object], tally: Tally) -> None:
    if tally.characters > BLOCKS_TEXT_LIMIT:
        sentence = f"have {tally.characters} characters of text; at most {BLOCKS_TEXT_LIMIT} are allowed"
        tally.report((None, "blocks"), "msg_blocks_too_long", sentence)
    if payload.get("markdown_text") and (payload.get("text") or payload.get("blocks")):
        tally.report((None, "markdown_text"), "markdown_text_conflict", "cannot be combined with text or blocks")
    text = payload.get("text")
    said = text.strip() if isinstance(text, str) else text
    shown = any(payload.get(name) for name in ("blocks", "attachments", "markdown_text"))
    if not (said or shown or payload.get("delete_original") is True):
        tally.report(None, "no_text", "has neither text nor blocks nor attachments")

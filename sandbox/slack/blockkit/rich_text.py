"""The rich_text block: sections, lists, quotes and preformatted text made of small parts."""

from sandbox.slack.blockkit.rules import (
    Fields,
    Rule,
    choice,
    flag,
    list_of,
    matching,
    obj,
    one_of,
    string,
    tagged,
    text,
    whole,
)
from sandbox.slack.blockkit.texts import CONVERSATION_ID, LINK, USER_ID

_STYLE: Fields = {"style": obj({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), flag))}
_MENTION: Fields = {"style": obj({}, dict.fromkeys(("bold", "italic", "strike"), flag))}

_TEXT = tagged({"text": text(1, 3000)}, _STYLE)
_LINK = tagged({"url": LINK}, {"text": text(1, 3000), **_STYLE})

_PARTS: Fields = {
    "text": _TEXT,
    "link": _LINK,
    "user": tagged({"user_id": USER_ID}, _MENTION),
    "usergroup": tagged(
        {"usergroup_id": matching(r"S[A-Z0-9]+", "the id of a user group, such as S012AB3CD")}, _MENTION
    ),
    "channel": tagged({"channel_id": CONVERSATION_ID}, _MENTION),
    "team": tagged({"team_id": matching(r"[TE][A-Z0-9]+", "the id of a workspace, such as T012AB3CD")}, _MENTION),
    "emoji": tagged(
        {"name": matching(r"[a-z0-9_'+-]+", "the name of an emoji without colons")},
        {"skin_tone": whole(1, 6), "unicode": string(1, 255), **_MENTION},
    ),
    "date": tagged(
        {
            "timestamp": whole(0, 9_999_999_999),
            "format": matching(r".*\{\w+\}.*", "a format with a token such as {date_num}"),
        },
        {"url": LINK, "fallback": text(1, 3000), **_MENTION},
    ),
    "broadcast": tagged({"range": choice("here", "channel", "everyone")}, _MENTION),
    "color": tagged({"value": matching(r"#[0-9A-Fa-f]{6}", "a colour such as #2eb67d")}, _MENTION),
}

_LINE: Fields = {"elements": list_of(one_of(_PARTS), 1, 1000)}
_BORDER: Fields = {"border": whole(0, 1)}
_SECTION = tagged(_LINE)

_ELEMENTS: Fields = {
    "rich_text_section": _SECTION,
    "rich_text_quote": tagged(_LINE),
    "rich_text_preformatted": tagged({"elements": list_of(one_of({"text": _TEXT, "link": _LINK}), 1, 1000)}, _BORDER),
    "rich_text_list": tagged(
        {
            "style": choice("bullet", "ordered"),
            "elements": list_of(one_of({"rich_text_section": _SECTION}), 1, 1000),
        },
        {"indent": whole(0, 8), "offset": whole(0, 10_000), **_BORDER},
    ),
}

RICH_TEXT_FIELDS: Fields = {"elements": list_of(one_of(_ELEMENTS), 1, 1000)}

# Inside a cell, a task card or an input the block has no identifier that anybody could use.
RICH_TEXT_VALUE: Rule = one_of({"rich_text": tagged(RICH_TEXT_FIELDS, {"block_id": string(1, 255)})})

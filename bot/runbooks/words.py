"""The small values of runbook files: durations, names, handles, addresses. Each says what is wrong."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, BeforeValidator, StringConstraints, WithJsonSchema

from bot.nearest import nearest, one_of

_PART = re.compile(r"(\d{1,4})([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_DURATION = r"best effort|(?:\d{1,4}[smhd])+"
_KEY = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_CHANNEL = r"[a-z0-9_-]{1,80}"
_HANDLE = r"[a-z0-9][a-z0-9._-]{0,79}"
_EMAIL = r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]+"
_URL = r"https?://[^\s<>|]+"
_PHONE = r"\+?[0-9][0-9 ().-]{4,24}"
_ROW = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*-[0-9]+"
_TEMPLATE_FILE = r"[a-z0-9]+(?:-[a-z0-9]+)*\.md\.j2"


def parse_duration(text: object) -> timedelta | None:
    """Read `90s`, `15m`, `4h`, `1d` or `1h30m`; `best effort` is None. Raises ValueError with a sentence."""
    if text is None or isinstance(text, timedelta):
        return text
    if not isinstance(text, str) or not re.fullmatch(_DURATION, text, re.ASCII):
        raise ValueError(f'"{text}" is not a duration; write 90s, 15m, 4h, 1d, 1h30m or best effort')
    parts = [timedelta(**{_UNITS[unit]: int(amount)}) for amount, unit in _PART.findall(text)]
    return sum(parts, timedelta()) if parts else None


def _matching(pattern: str, sentence: str) -> Callable[[str], str]:
    compiled = re.compile(pattern, re.ASCII)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise ValueError(f'"{text}" {sentence}')
        return text

    return check


def _schema(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^(?:{pattern})$"})


def _number_as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        close = one_of(nearest(name, sorted(available_timezones())))
        raise ValueError(
            f'"{name}" is not a time zone; '
            + (f"did you mean {close}?" if close else "write one like Europe/Vienna or UTC")
        ) from None
    return name


Text = Annotated[str, StringConstraints(min_length=1)]
"""Text for people: whatever they write, but not nothing."""

Word = Annotated[
    str,
    BeforeValidator(_number_as_text),
    StringConstraints(min_length=1, max_length=40),
    WithJsonSchema({"type": ["string", "integer"], "minLength": 1, "maxLength": 40}),
]
"""A word that people type; a bare number counts as its digits."""

Duration = Annotated[timedelta | None, BeforeValidator(parse_duration), _schema(_DURATION)]
"""A span of time, or None for `best effort`."""

TimeZone = Annotated[str, AfterValidator(_time_zone)]
"""A name of the IANA time zone database."""

Key = Annotated[
    str,
    AfterValidator(_matching(_KEY, "is not a name for an entry; use lower-case letters, digits and hyphens")),
    _schema(_KEY),
]
"""What an entry is called inside the file."""

ChannelName = Annotated[
    str,
    AfterValidator(
        _matching(
            _CHANNEL,
            "is not a Slack channel name; use lower-case letters, digits, - and _ (80 at most), without #",
        )
    ),
    _schema(_CHANNEL),
]
"""A Slack channel without its number sign (Slack: conversations.create docs)."""

Handle = Annotated[
    str,
    AfterValidator(
        _matching(
            _HANDLE,
            "is not a handle; use lower-case letters, digits, -, _ and . (80 at most), without @",
        )
    ),
    _schema(_HANDLE),
]
"""The handle of a Slack user group or of a person, without the @."""

Email = Annotated[str, AfterValidator(_matching(_EMAIL, "is not an e-mail address")), _schema(_EMAIL)]
Phone = Annotated[str, AfterValidator(_matching(_PHONE, "is not a telephone number")), _schema(_PHONE)]
Url = Annotated[
    str,
    AfterValidator(_matching(_URL, "is not a web address; start with https:// or http://")),
    _schema(_URL),
]

Row = Annotated[
    str,
    AfterValidator(_matching(_ROW, "is not the id of an inventory row; write it like social-051")),
    _schema(_ROW),
]
"""The id of a row of the inventory that an entry implements."""

TemplateFile = Annotated[
    str,
    AfterValidator(_matching(_TEMPLATE_FILE, "is not the name of a template; write it like announcement.md.j2")),
    _schema(_TEMPLATE_FILE),
]
"""A file in the platform's folder `templates/`."""

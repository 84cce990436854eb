"""The small values of runbook files: durations, names, handles, addresses. Each says what is wrong."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, BeforeValidator, StringConstraints, WithJsonSchema

from bot.nearest import nearest, one_of

KEY = r"[a-z0-9]+(?:-[a-z0-9]+)*"
EVENTS = ("pre-deployment", "hand-over", "on-demand")
"""What starts a checklist that is not started by the clock."""

_PART = re.compile(r"(\d{1,4})([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DURATION = r"best effort|(?:\d{1,4}[smhdw])+"
_INTERVAL = r"(?:\d{1,4}[smhdw])+"
_KEEP = rf"indefinite|\d{{1,4}} [a-z]+|{_INTERVAL}"
_VARIABLE = r"[A-Z][A-Z0-9_]{0,79}"
_HOST = r"(?:\*\.)?[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?(?::[0-9]{1,5})?"
_DNS = r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?"
_FOLDER = r"(?:/[A-Za-z0-9_][A-Za-z0-9._-]{0,99}){1,8}"
_SLASH = r"/[a-z][a-z-]*(?: .+)?"
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


def _interval(text: object) -> timedelta:
    span = parse_duration(text)
    if not span:
        raise ValueError(f'"{text}" is not an interval; write 30s, 5m or 1h')
    return span


def _cron(text: str) -> str:
    """Refuse what is no cron expression, and what will never be."""
    try:
        next(CronSim(text, datetime.now(UTC)))
    except CronSimError as error:
        raise ValueError(
            f'"{text}" is not a cron expression ({str(error).lower()}); write minute, hour, day, month and weekday, '
            "as in 0 9 * * MON"
        ) from None
    except StopIteration:
        raise ValueError(f'"{text}" never comes; look at its day and month') from None
    return text


def _schedule(text: str) -> str:
    return text if text in EVENTS else _cron(text)


Text = Annotated[str, StringConstraints(min_length=1)]
"""Text for people: whatever they write, but not nothing."""

Word = Annotated[
    str,
    BeforeValidator(_number_as_text),
    StringConstraints(min_length=1, max_length=40),
    WithJsonSchema({"type": ["string", "integer"], "minLength": 1, "maxLength": 40}),
]
"""A word that people type; a bare number counts as its digits."""

Value = Annotated[
    str,
    BeforeValidator(_number_as_text),
    StringConstraints(min_length=1, max_length=200),
    WithJsonSchema({"type": ["string", "integer"], "minLength": 1, "maxLength": 200}),
]
"""What fills a hole of a command line; a bare number counts as its digits."""

Duration = Annotated[timedelta | None, BeforeValidator(parse_duration), _schema(_DURATION)]
"""A span of time, or None for `best effort`."""

TimeZone = Annotated[str, AfterValidator(_time_zone)]
"""A name of the IANA time zone database."""

Key = Annotated[
    str,
    AfterValidator(_matching(KEY, "is not a name for an entry; use lower-case letters, digits and hyphens")),
    _schema(KEY),
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

Interval = Annotated[timedelta, BeforeValidator(_interval), _schema(_INTERVAL)]
"""A span of time that is not nothing."""

Keep = Annotated[
    str,
    AfterValidator(_matching(_KEEP, "does not say how long; write 90d, 10 versions or indefinite")),
    _schema(_KEEP),
]
"""How long something is kept."""

Cron = Annotated[str, AfterValidator(_cron)]
"""Minute, hour, day, month and weekday, as cronsim reads them; `SUN#1` is the first Sunday of a month."""

Schedule = Annotated[str, AfterValidator(_schedule)]
"""A cron expression, or what else starts a checklist."""

Variable = Annotated[
    str,
    AfterValidator(_matching(_VARIABLE, "is not an environment variable; write it like SHOP_DATABASE_URL")),
    _schema(_VARIABLE),
]
"""The name of an environment variable."""

HostName = Annotated[
    str,
    AfterValidator(_matching(_HOST, "is not a host; write it like api.example.com, *.example.com or localhost:3000")),
    _schema(_HOST),
]
"""A web host, or `*.` and what all of them end with; with a port when no other is spoken to."""

DnsName = Annotated[
    str,
    AfterValidator(_matching(_DNS, "is not a name in a cluster; use lower-case letters, digits, - and .")),
    _schema(_DNS),
]
"""The name of a namespace, a Deployment, a container."""

FolderPath = Annotated[
    str,
    AfterValidator(_matching(_FOLDER, "is not the path of a folder; write it like /work or /var/backups")),
    _schema(_FOLDER),
]
"""A folder in a container."""

SlashCommand = Annotated[
    str,
    AfterValidator(_matching(_SLASH, "is not a command of Opsroom; write it like /incident declare")),
    _schema(_SLASH),
]
"""A command of ours, with or without its words."""

"""Names of incident channels: the platform's template, filled in so that Slack accepts the result.

Slack: conversations.create docs (lower-case letters, digits, hyphens, underscores; 80 characters at most).
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from string import Formatter
from typing import TYPE_CHECKING

from bot.nearest import hint

if TYPE_CHECKING:
    from bot.runbooks.platform import Platform, Severity

LONGEST = 80
FIELDS = ("number", "platform", "severity", "slug", "declared")

_LONGEST_SLUG = 40  # more than this is cut off in Slack's sidebar anyway
_DIRECTIVES = "YymdHMSj"  # the ones that give digits, in any locale
_FORMATS = {
    "number": re.compile(r"(?:0[1-9]d?)?"),
    "declared": re.compile(rf"(?:[a-z0-9_-]|%[{_DIRECTIVES}])*"),
}
_EXAMPLES = {"number": "{number} or {number:04d}", "declared": "{declared:%Y-%m-%d-%H%M%S}"}
_ROOM = len("-999")  # for the suffix of a clash
_SAMPLE = {
    "number": 999_999_999,
    "platform": "p",
    "severity": "s",
    "declared": datetime(2030, 12, 31, tzinfo=UTC),
}


def channel_name(
    platform: "Platform", number: int, severity: "Severity", title: str, declared: datetime, attempt: int = 1
) -> str:
    """Return a name for the channel of an incident.

    The title gives the slug, which is cut where the name would be too long. `declared` is shown in UTC;
    ValueError when it has no time zone.
    `attempt` 1 is the plain name; 2, 3 … add `-2`, `-3` when Slack says that the name is taken.
    """
    if declared.tzinfo is None:
        raise ValueError("The moment of the declaration needs a time zone.")
    values = {
        "number": number,
        "platform": platform.name,
        "severity": slugged(severity.name),
        "declared": declared.astimezone(UTC),
    }
    return _filled(platform.channel_name, values, slugged(title), f"-{attempt}" if attempt > 1 else "")


def slugged(text: str) -> str:
    """Return the letters and digits that a channel name can hold, in lower case, words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))


def check_template(template: str) -> str:
    """Return the template if every name from it is legal and unique; ValueError with a sentence if not."""
    fields = _fields(template)
    for name, form in fields:
        _check_field(name, form)
    names = [name for name, _ in fields]
    if names.count("slug") > 1:
        raise ValueError("{slug} can be there only once, since it is the part that is cut")
    if "number" not in names and not any(name == "declared" and _to_the_minute(form) for name, form in fields):
        raise ValueError("two incidents would get the same channel; add {number} or {declared:%Y-%m-%d-%H%M%S}")
    literal = "".join(text for text, *_ in Formatter().parse(template))
    if odd := sorted(set(re.findall(r"[^a-z0-9_-]", literal))):
        raise ValueError(f"a channel name cannot have {' '.join(odd)!r}; use lower-case letters, digits, - and _")
    check_length(template, "p", ["s"])
    return template


def check_length(template: str, platform: str, severities: list[str]) -> None:
    """Raise ValueError when a name from the template could be too long even without the title."""
    for severity in severities:
        values = {**_SAMPLE, "platform": platform, "severity": slugged(severity)}
        longest = len(_form(template, values, "")) + _ROOM
        if longest > LONGEST:
            raise ValueError(f"makes names of {longest} characters before the title; Slack allows {LONGEST}")


def _to_the_minute(form: str) -> bool:
    """Tell whether a format of a moment has the time of day and the day, so that names do not repeat."""
    directives = set(re.findall(r"%(.)", form))
    return {"H", "M"} <= directives and bool({"d", "j"} & directives)


def _fields(template: str) -> list[tuple[str, str]]:
    try:
        parsed = list(Formatter().parse(template))
    except ValueError as error:
        raise ValueError(f"has a brace that is not closed or not opened ({error})") from None
    if any(conversion for *_, conversion in parsed):
        raise ValueError("cannot convert fields with !; write {severity} or {declared:%Y}")
    return [(name, form or "") for _, name, form, _ in parsed if name is not None]


def _check_field(name: str, form: str) -> None:
    if name not in FIELDS:
        raise ValueError(f"{{{name}}} is not a field; {hint(name, FIELDS)}")
    if name in _FORMATS and not _FORMATS[name].fullmatch(form):
        raise ValueError(f"{{{name}:{form}}} does not give a channel name; write {_EXAMPLES[name]}")
    if name == "declared" and "%" not in form:
        raise ValueError("{declared} needs a format; write {declared:%Y-%m-%d-%H%M%S}")
    if name not in _FORMATS and form:
        raise ValueError(f"{{{name}}} takes no format; write {{{name}}}")


def _form(template: str, values: Mapping[str, object], slug: str) -> str:
    name = template.format(**values, slug=slug)
    return re.sub(r"-{2,}", "-", name).strip("-")


def _filled(template: str, values: Mapping[str, object], slug: str, suffix: str) -> str:
    room = min(_LONGEST_SLUG, LONGEST - len(suffix) - len(_form(template, values, "")) - 1)
    short = _cut(slug, room)
    return f"{_form(template, values, short)}{suffix}"


def _cut(slug: str, room: int) -> str:
    if len(slug) <= room:
        return slug
    whole, _, _ = slug[: max(room, 0) + 1].rpartition("-")
    return whole if len(whole) > room // 2 else slug[: max(room, 0)]

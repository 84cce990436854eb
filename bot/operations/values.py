"""Values in the holes of a line, each so that it stays one value in the language around it.

Words are already safe from a shell: there is none. What is left is the small language inside a word: a value in SQL
must not become SQL, one in an address must not become another path, and one in a key must not become a pattern.
"""

import json
import re
from collections.abc import Callable, Mapping
from urllib.parse import quote

from bot.operations.words import Part, Place, Word, filled, refused_value

_NUMBER = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?", re.ASCII)
_NAME = re.compile(r"[A-Za-z_]\w{0,62}(?:\.[A-Za-z_]\w{0,62}){0,2}", re.ASCII)
_HOST = re.compile(r"[\w.-]+(?::\d+)?", re.ASCII)
_CLUSTER = re.compile(r"[\w./:@=+,!-]+", re.ASCII)
_WHOLE_STATEMENT = re.compile(r"\s*(?:EXPLAIN\b[\w\s(),]*)?", re.IGNORECASE)
_BEFORE_A_NAME = re.compile(
    r"\b(?:FROM|JOIN|INTO|UPDATE|TABLE|INDEX|ANALYZE|VACUUM|FULL|VERBOSE|DATABASE|SCHEMA|VIEW|CONCURRENTLY|EXISTS|SHOW)\s+$",
    re.IGNORECASE,
)

Fitted = Callable[[str, Word, Place, str], str]
"""Takes the line, the word, the place of a hole in it and its value; returns the value as it belongs there."""


def with_values(line: str, part: Part, values: Mapping[str, str]) -> Part:
    """Return the words of a command with their holes filled. Raises LineRefused for a value that does not fit."""
    fitted = _BY_HEAD.get(part[0].text)
    words: list[Word] = []
    for word in part:
        alone = any(earlier.text == "--" for earlier in words)  # what an exec runs is not in our hands
        fits = dict(values)
        if fitted is not None and not alone:
            here = [place for place in word.places if place.name in values]
            fits.update({place.name: fitted(line, word, place, values[place.name]) for place in here})
        words.append(filled(line, word, fits))
    return tuple(words)


def _in_sql(line: str, word: Word, place: Place, value: str) -> str:
    before = word.text[: place.start]
    if not re.search(r"\s", word.text):
        return value  # a connection word, or a statement that is a value as a whole
    if before.count("'") % 2 or before.count('"') % 2:
        if re.search(r"['\"\\]", value):
            raise refused_value(line, word, place, "has a quote or a backslash", "give one without")
        return value
    if _NUMBER.fullmatch(value) or _WHOLE_STATEMENT.fullmatch(before):
        return value
    if _BEFORE_A_NAME.search(before) and _NAME.fullmatch(value):
        return value
    raise refused_value(line, word, place, "must be a number here", "give a number, or put the hole in quotes")


def _in_redis(line: str, word: Word, place: Place, value: str) -> str:
    if re.search(r"[*?\[\]\\]", value):
        raise refused_value(line, word, place, "is a pattern", "give one key; write patterns in the runbook itself")
    return value


def _in_address(line: str, word: Word, place: Place, value: str) -> str:
    if word.text.lstrip()[:1] in ("{", "["):
        return json.dumps(value, ensure_ascii=False)[1:-1]
    if "://" not in word.text[: place.start]:
        return value
    if "/" in word.text[: place.start].partition("://")[2]:
        return quote(value, safe="")
    if not _HOST.fullmatch(value):
        raise refused_value(line, word, place, "is not a host", "give a host name, such as api.example.com")
    return value


def _in_promql(line: str, word: Word, place: Place, value: str) -> str:
    if re.search(r"[\"'`\\{}()]", value):
        raise refused_value(line, word, place, "has a quote, a bracket or a backslash", "give one without")
    return value


def _in_cluster(line: str, word: Word, place: Place, value: str) -> str:
    if not _CLUSTER.fullmatch(value) or ("=" in word.text[: place.start] and "," in value):
        raise refused_value(line, word, place, "is not a name", "give letters, digits and . - / : @ only")
    return value


_BY_HEAD: Mapping[str, Fitted] = {
    "psql": _in_sql,
    "redis-cli": _in_redis,
    "curl": _in_address,
    "promql": _in_promql,
    "kubectl": _in_cluster,
}

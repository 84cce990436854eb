"""Values in the holes of a line, each so that it stays one value in the language around it.

Words are already safe from a shell: there is none. What is left is the small language inside a word: a value in SQL
must not become SQL, one in an address must not become another path, and one in a key must not become a pattern.
"""

import json
import re
from collections.abc import Callable, Mapping
from urllib.parse import quote

from bot.operations.http.options import VALUED
from bot.operations.words import Part, Place, Word, filled, holes_in, refused_value

_NUMBER = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?", re.ASCII)
_NAME = re.compile(r"[A-Za-z_]\w{0,62}(?:\.[A-Za-z_]\w{0,62}){0,2}", re.ASCII)
_HOST = re.compile(r"[\w.-]+(?::\d+)?", re.ASCII)
_PLAIN = re.compile(r"[\w./:@=+,!-]+", re.ASCII)
_SCALAR = re.compile(r"-?\d{1,30}(?:\.\d{1,30})?|true|false|null", re.ASCII)
_SAMPLES = re.compile(r"[\w:.+-]+", re.ASCII)
_CURL_VALUE = re.compile(rf"-[A-Za-z]*[AdeHmouwX]|--(?:{'|'.join(VALUED)})")
_CURL_BODY = re.compile(r"-[A-Za-z]*d|--(?:data(?:-raw|-ascii|-urlencode)?|json)")
_CODE = re.compile(r"-[A-Za-z]*[ce]|--(?:eval|execute|command|print)")
_ANY_OF = re.compile(r"\b(?:I?LIKE|SIMILAR\s+TO)\s*\(?\s*'[^']*$", re.IGNORECASE)
_MATCHES = re.compile(r"~\*?\s*[eE]?['\"][^'\"]*$")
_WHOLE_STATEMENT = re.compile(r"\s*(?:EXPLAIN\b[\w\s(),]*)?", re.IGNORECASE)
_BEFORE_A_NAME = re.compile(
    r"\b(?:FROM|JOIN|INTO|UPDATE|TABLE|INDEX|ANALYZE|VACUUM|FULL|VERBOSE|DATABASE|SCHEMA|VIEW|CONCURRENTLY|EXISTS|SHOW)\s+$",
    re.IGNORECASE,
)

Fitted = Callable[[str, Word, Place, str, str], str]
"""Takes the line, the word, the place of a hole in it, its value, and the word before, which may be its option.

Returns the value as it belongs there."""


def with_values(line: str, part: Part, values: Mapping[str, str]) -> Part:
    """Return the words of a command with their holes filled. Raises LineRefused for a value that does not fit."""
    fitted = _BY_HEAD.get(part[0].text, _in_program)
    words: list[Word] = []
    for at, word in enumerate(part):
        fits = dict(values)
        here = [place for place in word.places if place.name in values]
        option = part[at - 1].text if at else ""
        fits.update({place.name: fitted(line, word, place, values[place.name], option) for place in here})
        words.append(filled(line, word, fits))
        if word.text == "--":
            fitted = _in_program
    return tuple(words)


def _in_program(line: str, word: Word, place: Place, value: str, option: str) -> str:
    """Return a value for a program of its own, which takes its words as they are; but some words are programs too."""
    if _CODE.fullmatch(option) and not _PLAIN.fullmatch(value):
        raise refused_value(line, word, place, "would be a part of a program", _LETTERS)
    return value


def _in_sql(line: str, word: Word, place: Place, value: str, _option: str) -> str:
    before = word.text[: place.start]
    if not re.search(r"\s", word.text):
        return value  # a connection word, or a statement that is a value as a whole
    if before.count("'") % 2 or before.count('"') % 2:
        if re.search(r"['\"\\]", value):
            raise refused_value(line, word, place, "has a quote or a backslash", "give one without")
        if ("%" in value and _ANY_OF.search(before)) or (re.search(_SIGNS, value) and _MATCHES.search(before)):
            raise refused_value(line, word, place, "is a pattern", "give plain text; write patterns in the runbook")
        return value
    if _NUMBER.fullmatch(value) or _WHOLE_STATEMENT.fullmatch(before):
        return value
    if _BEFORE_A_NAME.search(before) and _NAME.fullmatch(value):
        return value
    raise refused_value(line, word, place, "must be a number here", "give a number, or put the hole in quotes")


def _in_redis(line: str, word: Word, place: Place, value: str, _option: str) -> str:
    if re.search(r"[*?\[\]\\]", value):
        raise refused_value(line, word, place, "is a pattern", "give one key; write patterns in the runbook itself")
    return value


def _in_curl(line: str, word: Word, place: Place, value: str, option: str) -> str:
    attached = word.text.startswith("-d")
    takes = _CURL_VALUE.fullmatch(option) is not None or word.text.startswith("-")
    if takes and holes_in(value):
        raise refused_value(line, word, place, "reads like a parameter", "give one without $ and < >")
    if attached or _CURL_BODY.fullmatch(option):
        return _in_body(line, word, place, value, option)
    return value if takes else _in_address(line, word, place, value)


def _in_address(line: str, word: Word, place: Place, value: str) -> str:
    before = word.text[: place.start]
    if not before:
        return value  # what an address begins with: its host is looked at when it is read
    if re.search(r"[/?]", before.partition("://")[2] if "://" in before else before):
        if value in (".", ".."):
            raise refused_value(line, word, place, "leads to another path", "give a name")
        return quote(value, safe="")
    if not _HOST.fullmatch(value):
        raise refused_value(line, word, place, "is not a host", "give a host name, such as api.example.com")
    return value


def _in_body(line: str, word: Word, place: Place, value: str, option: str) -> str:
    before = word.text[: place.start].removeprefix("-d")
    if not before or option == "--data-urlencode":
        return value  # all of it is the value, or it is encoded as a whole later
    if option == "--json" or before.lstrip()[:1] in ("{", "[", '"'):
        if len(re.findall(r'(?<!\\)"', before)) % 2:
            return json.dumps(value, ensure_ascii=False)[1:-1]
        if not _SCALAR.fullmatch(value):
            raise refused_value(line, word, place, "must be a number here", "give a number, or put the hole in quotes")
        return value
    return quote(value, safe="") if "=" in before else value


def _in_promql(line: str, word: Word, place: Place, value: str, _option: str) -> str:
    if re.search(r"[\"'`\\{}()\[\]]", value):
        raise refused_value(line, word, place, "has a quote, a bracket or a backslash", "give one without")
    before = word.text[: place.start]
    if not (before.count('"') % 2 or before.count("'") % 2) and not (_SAMPLES.fullmatch(value) or word.is_hole):
        raise refused_value(line, word, place, "must be a name or a number here", "give one, or put the hole in quotes")
    if re.search(_SIGNS, value) and _MATCHES.search(before):
        raise refused_value(line, word, place, "is a pattern", "give plain text; write patterns in the runbook")
    return value


def _in_cluster(line: str, word: Word, place: Place, value: str, _option: str) -> str:
    before = word.text[: place.start]
    several = "," in value and not word.is_hole
    deeper = "/" in value and "/" in before and "=" not in before
    if not _PLAIN.fullmatch(value) or several or deeper:
        raise refused_value(line, word, place, "is not a name", _LETTERS)
    return value


_LETTERS = "give letters, digits and . - / : @ only"
_SIGNS = re.compile(r"[*+?|^$(){}\[\]]")
_BY_HEAD: Mapping[str, Fitted] = {
    "psql": _in_sql,
    "redis-cli": _in_redis,
    "curl": _in_curl,
    "promql": _in_promql,
    "kubectl": _in_cluster,
}

"""`promql EXPRESSION [--range 1h] [--step 30s] [--at TIME]` as queries."""

import re
from collections.abc import Mapping
from datetime import datetime

from bot.nearest import hint
from bot.operations.operation import Hole
from bot.operations.prometheus.nouns import PromQuery
from bot.operations.refusal import LineRefused
from bot.operations.words import Part, Word

_OPTIONS = ("--range", "--step", "--at")
_PIECE = re.compile(r"(\d{1,6})(ms|s|m|h|d|w|y)")
_DURATION = re.compile(r"(?:\d{1,6}(?:ms|[smhdwy]))+", re.ASCII)
# A year is 365 days and a day 24 hours, always: https://prometheus.io/docs/prometheus/latest/querying/basics/
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}
_UNQUOTED = re.compile(r"\{[^{}\"'`]*(?:=|!=|=~|!~)\s*[^\s\"'`=~,}][^{}\"'`]*\}")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`", re.DOTALL)
_PAIRS = {")": "(", "]": "[", "}": "{"}


def read_promql(line: str, part: Part) -> PromQuery:
    """Return the query of a `promql` line. Raises LineRefused."""
    words, options = _options(line, part)
    if not words:
        head = part[0]
        raise LineRefused(line, head.column, head.text, "there is no expression", "write one in single quotes")
    if len(words) > 1:
        extra = words[1]
        instead = "write the whole expression in single quotes"
        raise LineRefused(line, extra.column, extra.text, "the expression ended before this", instead)
    _check(line, words[0])
    span, step = _time(line, options.get("--range")), _time(line, options.get("--step"))
    if step is not None and span is None:
        at = options["--step"]
        raise LineRefused(line, at.column, at.text, "a step needs a range", "add --range 1h, or leave --step out")
    return PromQuery(words[0].text.strip(), span, step, _moment(line, options.get("--at")))


def _options(line: str, part: Part) -> tuple[list[Word], Mapping[str, Word]]:
    words: list[Word] = []
    options: dict[str, Word] = {}
    at = 1
    while at < len(part):
        word = part[at]
        name, equals, attached = word.text.partition("=")
        if not re.match(r"--[A-Za-z]", word.text):
            words.append(word)
        elif name not in _OPTIONS:
            raise LineRefused(line, word.column, name, "promql has no such option", hint(name, _OPTIONS))
        elif equals:
            options[name] = Word(attached, word.column, word.holes)
        elif at + 1 < len(part):
            at += 1
            options[name] = part[at]
        else:
            raise LineRefused(line, word.column, name, "a value is missing behind it", "write the value")
        at += 1
    return words, options


def _time(line: str, word: Word | None) -> float | Hole | None:
    if word is None or word.is_hole:
        return None if word is None else Hole(word.holes[0])
    if _DURATION.fullmatch(word.text):
        total = sum(int(amount) * _SECONDS[unit] for amount, unit in _PIECE.findall(word.text))
        if total > 0:
            return float(total)
    raise LineRefused(line, word.column, word.text, "this is no length of time", "write one such as 30s, 5m, 1h or 7d")


def _moment(line: str, word: Word | None) -> str:
    if word is None or word.text == "now":
        return ""
    if word.is_hole or re.fullmatch(r"[0-9]{1,11}(?:\.[0-9]{1,6})?", word.text):
        return word.text
    try:
        aware = datetime.fromisoformat(word.text).tzinfo is not None
    except ValueError:
        aware = False
    if not aware:
        instead = "write one such as 2026-01-31T09:00:00Z"
        raise LineRefused(line, word.column, word.text, "this is no moment with a time zone", instead)
    return word.text


def _check(line: str, word: Word) -> None:
    """Refuse what no server could read: lost quotes, and brackets that do not close."""
    lost = _UNQUOTED.search(word.text)
    if lost and not word.holes:
        instead = "write the whole expression in single quotes"
        raise LineRefused(line, word.column, lost[0], "the quotes within the braces are lost", instead)
    opened: list[str] = []
    for char in _QUOTED.sub("", word.text):
        if char in "([{":
            opened.append(char)
        elif char in _PAIRS and (not opened or opened.pop() != _PAIRS[char]):
            raise LineRefused(line, word.column, char, "this bracket was not opened", "open it, or leave it out")
    if opened:
        raise LineRefused(line, word.column, opened[-1], "this bracket does not close", "close it")
    if not word.text.strip():
        raise LineRefused(line, word.column, "", "the expression is empty", "write one, such as up")

"""The parts behind a pipe as filters."""

import re
from collections.abc import Callable, Mapping

from bot.operations.operation import Hole
from bot.operations.refusal import LineRefused
from bot.operations.text.grep import checked, escaped
from bot.operations.text.jq import read_path
from bot.operations.text.nouns import Columns, CountLines, Filter, Grep, Head, Jq, Number, Sort, Syntax, Tail, Uniq
from bot.operations.text.options import Option, Options, number, read_options
from bot.operations.words import Part, Word, filled

Values = Mapping[str, str]
_GREP = Options(
    "ivEFGPcwxnahs",
    "emABC",
    {
        "ignore-case": "i",
        "invert-match": "v",
        "extended-regexp": "E",
        "fixed-strings": "F",
        "count": "c",
        "word-regexp": "w",
        "line-regexp": "x",
        "line-number": "n",
        "regexp": "e",
        "max-count": "m",
        "after-context": "A",
        "before-context": "B",
        "context": "C",
        "text": "a",
    },
)
_ENDS = Options("q", "n", {"lines": "n", "quiet": "q"})
_SORT = Options(
    "nrfuhbs",
    "kt",
    {
        "numeric-sort": "n",
        "reverse": "r",
        "ignore-case": "f",
        "unique": "u",
        "human-numeric-sort": "h",
        "key": "k",
        "field-separator": "t",
    },
)
_UNIQ = Options("cdi", "", {"count": "c", "repeated": "d", "ignore-case": "i"})
_WC = Options("l", "", {"lines": "l"})
_JQ = Options("rcejM", "", {"raw-output": "r", "compact-output": "c", "exit-status": "e", "monochrome-output": "M"})
_PRINT = re.compile(r"\s*\{\s*print(?:\s+(\$\w+(?:\s*,\s*\$\w+)*))?\s*;?\s*\}\s*")


def read_filter(line: str, part: Part, values: Values) -> Filter:
    """Return the filter of a part behind a pipe. Raises LineRefused for one that there is not."""
    if part[0].text == "grep":
        return _grep(line, part, values)
    reader = _READERS.get(part[0].text)
    if reader is None:
        raise LineRefused(line, part[0].column, part[0].text, "this is not a filter", _instead(part[0].text))
    return reader(line, tuple(filled(line, word, values) for word in part))


def _grep(line: str, part: Part, values: Values) -> Grep:
    options, operands = read_options(line, part, _GREP)
    letters = {option.letter for option in options}
    syntax = Syntax.FIXED if "F" in letters else Syntax.EXTENDED if letters & {"E", "P"} else Syntax.BASIC
    words = [option.value for option in options if option.letter == "e" and option.value] or operands[:1]
    if not words:
        raise LineRefused(line, part[0].column, part[0].text, "grep needs what to look for", "write grep PATTERN")
    _no_file(line, part, operands if "e" in letters else operands[1:])
    context = _number(line, options, values, "C") or 0
    return Grep(
        patterns=tuple(_pattern(line, word, values, syntax) for word in words),
        syntax=syntax,
        fold="i" in letters,
        inverted="v" in letters,
        count="c" in letters,
        words="w" in letters,
        lines="x" in letters,
        numbered="n" in letters,
        most=_number(line, options, values, "m"),
        before=_number(line, options, values, "B") or context,
        after=_number(line, options, values, "A") or context,
    )


def _pattern(line: str, word: Word, values: Values, syntax: Syntax) -> str:
    """Return a pattern with its holes filled: a value is found as it stands, whatever signs it has."""
    filled(line, word, values)  # refuses a value that would be an option, before the signs in it are escaped
    text = filled(line, word, {name: escaped(value, syntax) for name, value in values.items()}).text
    checked(line, word, text, syntax)
    return text


def _head(line: str, part: Part) -> Head:
    lines = _lines(line, part)
    return Head() if lines is None else Head(lines)


def _tail(line: str, part: Part) -> Tail:
    for word in part[1:]:
        if word.text in ("-f", "-F", "--follow"):
            raise LineRefused(line, word.column, word.text, "this never ends", "leave it out")
        if re.fullmatch(r"\+\d{1,7}", word.text, re.ASCII):
            return Tail(0, since=number(line, word, word.text[1:]))
    lines = _lines(line, part)
    return Tail() if lines is None else Tail(lines)


def _lines(line: str, part: Part) -> Number | None:
    """Read `-n 20`, `-n20`, `-20` or `--lines=20`; None when nothing is said."""
    if len(part) == 2 and re.fullmatch(r"-\d{1,7}", part[1].text, re.ASCII):
        return number(line, part[1], part[1].text[1:])
    options, operands = read_options(line, part, _ENDS)
    _no_file(line, part, operands)
    return _number(line, options, {}, "n")


def _wc(line: str, part: Part) -> CountLines:
    options, operands = read_options(line, part, _WC)
    _no_file(line, part, operands)
    if not options:
        raise LineRefused(line, part[0].column, "wc", "wc without an option counts three things", "write wc -l")
    return CountLines()


def _sort(line: str, part: Part) -> Sort:
    options, operands = read_options(line, part, _SORT)
    _no_file(line, part, operands)
    letters = {option.letter for option in options}
    first: Number | None = None
    last: Number | None = None
    backwards = False
    keys = [option for option in options if option.letter == "k"]
    if len(keys) > 1:
        raise LineRefused(line, keys[1].word.column, keys[1].word.text, "there is room for one key", "leave one out")
    if keys and keys[0].value:
        first, last, own = _key(line, keys[0].value)
        backwards = "r" in own
        letters |= set(own) - {"r"}
    return Sort(
        numeric="n" in letters,
        human="h" in letters,
        reverse="r" in letters,
        fold="f" in letters,
        unique="u" in letters,
        separator=_separator(line, options, "t"),
        first=first,
        last=last,
        backwards=backwards,
    )


def _key(line: str, word: Word) -> tuple[Number, Number | None, str]:
    """Read `2`, `2,3` or `2nr`."""
    if word.is_hole:
        return Hole(word.holes[0]), None, ""
    found = re.fullmatch(r"([1-9]\d{0,3})([nrfhb]*)(?:,([1-9]\d{0,3})([nrfhb]*))?", word.text, re.ASCII)
    if not found:
        raise LineRefused(line, word.column, word.text, "this is not a field", "write its number, such as -k 2")
    return int(found[1]), int(found[3]) if found[3] else None, found[2] + (found[4] or "")


def _uniq(line: str, part: Part) -> Uniq:
    options, operands = read_options(line, part, _UNIQ)
    _no_file(line, part, operands)
    letters = {option.letter for option in options}
    return Uniq(count="c" in letters, repeated="d" in letters, fold="i" in letters)


def _jq(line: str, part: Part) -> Jq:
    options, operands = read_options(line, part, _JQ)
    _no_file(line, part, operands[1:])
    letters = {option.letter for option in options}
    path = read_path(line, operands[0] if operands else Word(".", part[0].column))
    return Jq(path, raw=bool(letters & {"r", "j"}), compact="c" in letters, strict="e" in letters)


def _awk(line: str, part: Part) -> Columns:
    options, operands = read_options(line, part, Options("", "F"))
    _no_file(line, part, operands[1:])
    found = _PRINT.fullmatch(operands[0].text) if operands else None
    names = re.findall(r"\$(\w+)", found[1] or "$0") if found else []
    if not names or not all(name == "NF" or (name.isdecimal() and len(name) < 4) for name in names):
        word = operands[0] if operands else part[0]
        raise LineRefused(line, word.column, word.text, "awk only picks columns here", "write awk '{print $2}'")
    return Columns(tuple(-1 if name == "NF" else int(name) for name in names), _separator(line, options, "F"))


def _separator(line: str, options: list[Option], letter: str) -> str | None:
    for option in options:
        if option.letter == letter and option.value:
            text = "\t" if option.value.text in ("\\t", "\t") else option.value.text
            if len(text) != 1:
                raise LineRefused(line, option.value.column, text, "this is not one character", "write one, such as ,")
            return text
    return None


def _number(line: str, options: list[Option], values: Values, letter: str) -> Number | None:
    for option in options:
        if option.letter == letter and option.value:
            return number(line, filled(line, option.value, values))
    return None


def _no_file(line: str, part: Part, operands: list[Word]) -> None:
    if operands:
        reason = f"{part[0].text} behind a pipe reads no file"
        raise LineRefused(line, operands[0].column, operands[0].text, reason, "leave it out")


def _instead(name: str) -> str:
    """Return what does the same as a program that is not among the filters, as far as something does."""
    return _INSTEAD.get(name, f"what can stand behind a pipe is grep, {', '.join(_READERS)}")


_READERS: Mapping[str, Callable[[str, Part], Filter]] = {
    "head": _head,
    "tail": _tail,
    "wc": _wc,
    "sort": _sort,
    "uniq": _uniq,
    "jq": _jq,
    "awk": _awk,
}
_INSTEAD: Mapping[str, str] = {
    "egrep": "write grep -E",
    "fgrep": "write grep -F",
    "zgrep": "write grep",
    "rg": "write grep -E",
    "ag": "write grep -E",
    "sed": "pick lines with grep, head or tail, or columns with awk '{print $2}'",
    "cut": "write awk -F, '{print $2}' for the second column between commas",
    "gawk": "write awk '{print $2}'",
    "tr": "leave it out, or pick lines with grep",
    "xargs": "name what the command is to work on; redis-cli DEL takes a pattern, and kubectl delete a selector",
    "tee": "leave it out; the output goes to Slack and into the timeline",
    "less": "leave it out; the whole output comes as a file",
    "more": "leave it out; the whole output comes as a file",
    "cat": "leave it out",
    "column": "leave it out; tables are shown as tables",
    "python": "pick a value with jq .name",
    "python3": "pick a value with jq .name",
    "json_pp": "write jq .",
    "yq": "ask for JSON and write jq .name",
    "bash": "write the command itself; there is no shell",
    "sh": "write the command itself; there is no shell",
    "psql": "write a script of the image and run it as a job",
    "mail": "leave it out; the output goes to Slack",
    "nl": 'write grep -n ""',
    "tac": "write sort -r",
    "ts": "leave it out",
    "watch": "leave it out",
}  # fmt: skip

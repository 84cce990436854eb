"""The options of psql and pg_isready, in all their spellings: which are taken, which are refused and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.nearest import hint
from bot.operations.refusal import LineRefused
from bot.operations.words import Part, Word

_QUERY = "leave it out, and write the SQL behind -c"
_SLACK = "leave it out; the output goes to Slack"
_FORMAT = "use -A, -t, -x or --csv"
_NAMES: Mapping[str, Mapping[str, str]] = {
    "psql": {
        "host": "h",
        "username": "U",
        "dbname": "d",
        "port": "p",
        "command": "c",
        "tuples-only": "t",
        "no-align": "A",
        "expanded": "x",
        "csv": "csv",
        "quiet": "q",
        "no-psqlrc": "X",
        "no-password": "w",
        "single-transaction": "1",
        "field-separator": "F",
        "set": "v",
        "variable": "v",
        "pset": "P",
        "file": "f",
        "list": "l",
        "output": "o",
        "log-file": "L",
        "password": "W",
        "html": "H",
        "echo-all": "a",
        "echo-queries": "e",
        "single-step": "s",
    },
    "pg_isready": {"host": "h", "username": "U", "dbname": "d", "port": "p", "timeout": "t", "quiet": "q"},
}
_VALUED = {"psql": frozenset("hUdpcFvPfoL"), "pg_isready": frozenset("hUdpt")}
_REFUSED: Mapping[str, tuple[str, str]] = {
    "f": ("there are no files here", "write each statement on a line of its own, or a job that restores the file"),
    "l": ("the list of databases is a query", "write SELECT datname FROM pg_database"),
    "o": ("there are no files here", _SLACK),
    "L": ("there are no files here", _SLACK),
    "W": ("nobody can type a password here", "leave it out; the target knows its password"),
    "H": ("this format is not for Slack", _FORMAT),
    "P": ("this setting is not known here", _FORMAT),
    "s": ("nobody can answer here", "leave it out"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One option with its short name and its value (None while that is in the next word); a bare word has no name."""

    name: str
    value: str | None
    word: Word


def options_of(line: str, part: Part) -> Iterator[Option]:
    """Yield the options and the bare words behind a program's name, as getopt reads them. Raises LineRefused."""
    program, rest = part[0].text, iter(part[1:])
    for word in rest:
        if word.text == "--":
            yield from (Option("", bare.text, bare) for bare in rest)
        elif word.text == "-" or not word.text.startswith("-"):
            yield Option("", word.text, word)
        else:
            read = _long if word.text.startswith("--") else _short
            for option in read(line, program, word):
                yield option if option.value is not None else _with_value(line, option, next(rest, None))


def _long(line: str, program: str, word: Word) -> Iterator[Option]:
    name, equals, value = word.text[2:].partition("=")
    short = _NAMES[program].get(name)
    if short is None:
        known = [f"--{each}" for each in _NAMES[program]]
        raise LineRefused(line, word.column, word.text, f"{program} has no such option here", hint(f"--{name}", known))
    _check(line, short, word)
    if not equals and short in _VALUED[program]:
        yield Option(short, None, word)
    else:
        yield Option(short, value, word)


def _short(line: str, program: str, word: Word) -> Iterator[Option]:
    """Yield the options of a word such as `-tAc` or `-hlocalhost`."""
    letters = word.text[1:]
    for at, letter in enumerate(letters):
        if letter not in _NAMES[program].values():
            raise LineRefused(line, word.column, word.text, f"{program} has no option -{letter} here", _QUERY)
        _check(line, letter, word)
        if letter in _VALUED[program]:
            yield Option(letter, letters[at + 1 :] or None, word)
            return
        yield Option(letter, "", word)


def _with_value(line: str, option: Option, word: Word | None) -> Option:
    if word is None:
        raise LineRefused(line, option.word.column, option.word.text, "its value is missing", "write it behind")
    return Option(option.name, word.text, word)


def _check(line: str, letter: str, word: Word) -> None:
    if letter in _REFUSED:
        raise LineRefused(line, word.column, word.text, *_REFUSED[letter])

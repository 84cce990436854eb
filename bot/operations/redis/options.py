"""The options of `redis-cli` in front of the command: those of the connection, and the modes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bot.nearest import hint
from bot.operations.refusal import LineRefused
from bot.operations.words import Part, Word

_PASSWORDS = ("-a", "--pass")
_CONNECTION = ("-h", "-p", "-s", "-u", "-n", "--user", *_PASSWORDS)
_VALUED = (*_CONNECTION, "-i", "--pattern", "--count")
_PLAIN = ("-c", "--tls", "--raw", "--no-raw", "--no-auth-warning", "-2", "-3")
MODES = ("--scan", "--bigkeys", "--memkeys", "--latency", "--latency-history")

_REFUSED: Mapping[str, tuple[str, str]] = {
    "--eval": ("nobody can tell what a script does", "write the commands themselves, one on each line"),
    "--stat": ("it never ends", "write redis-cli INFO stats"),
    "--hotkeys": ("it works with one eviction policy only", "write redis-cli --bigkeys"),
    "--latency-dist": ("it never ends", "write redis-cli --latency-history"),
    "--intrinsic-latency": ("it measures the machine it runs on, which is ours", "write redis-cli --latency"),
    "--rdb": ("it copies the whole data", "make the backup where the server runs"),
    "--pipe": ("there is nothing to read from", "write the commands themselves, one on each line"),
    "--insecure": ("certificates are always checked", "leave it out"),
    "--cluster": ("it changes where keys live", "do it by hand, as a step for a person"),
    "-x": ("there is nothing to read from", "write the value on the line"),
    "-r": ("one command runs once", "leave it out; a monitor repeats by itself"),
}
_HOLE = re.compile(r"\$\{?\w+\}?|<[\w-]+>|\[[\w-]+\]")


@dataclass(slots=True)
class Options:
    """What stands in front of the command."""

    modes: dict[str, Word] = field(default_factory=dict)
    values: dict[str, Word] = field(default_factory=dict)
    rest: Part = ()

    @property
    def pattern(self) -> Word | None:
        """The glob of `--pattern`."""
        return self.values.get("--pattern")


def read_options(line: str, words: Part) -> Options:
    """Return the options and the words behind them. Raises LineRefused; the refusal never repeats a password."""
    found, at = Options(), 0
    while at < len(words) and words[at].text.startswith("-"):
        word = words[at]
        name = word.text
        if name in _VALUED:
            if at + 1 >= len(words):
                raise LineRefused(line, word.column, name, "a value is missing behind it", "write the value")
            found.values[name] = words[at + 1]
            at += 1
        elif name in MODES:
            found.modes[name] = word
        elif name not in _PLAIN:
            raise _unknown(line, word)
        at += 1
    found.rest = words[at:]
    _no_password(line, words, found.values)
    return found


def database(line: str, options: Options) -> int | None:
    """Return the number of the database that `-n` or the path of `-u` names, or None."""
    word = options.values.get("-n")
    if word is None:
        path = _address(options.values["-u"]).path.strip("/") if "-u" in options.values else ""
        return int(path) if path.isdecimal() and path.isascii() and len(path) < 6 else None
    if not re.fullmatch(r"[0-9]{1,5}", word.text):
        raise LineRefused(line, word.column, word.text, "this is no number of a database", "write one, such as -n 0")
    return int(word.text)


def _address(word: Word) -> "Address":
    """Return the password and the path of an address; what cannot be read counts as a password."""
    try:
        parts = urlsplit(_HOLE.sub(lambda found: "$" + re.sub(r"\W", "", found[0]), word.text))
    except ValueError:
        return Address("?", "")
    return Address(parts.password or "", parts.path)


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address that matter here."""

    password: str
    path: str


def _no_password(line: str, words: Part, values: Mapping[str, Word]) -> None:
    columns = {id(value): words[at - 1] for at, value in enumerate(words) if at}
    for name, value in values.items():
        if name in _PASSWORDS:
            literal = not value.is_hole
        elif name == "-u":
            password = _address(value).password
            literal = bool(password) and not _HOLE.fullmatch(password)
        else:
            literal = False
        if literal:
            flag = columns[id(value)]
            reason = "a password does not belong on a line"
            raise LineRefused(line, flag.column, flag.text, reason, "leave it out: the target knows its own")


def _unknown(line: str, word: Word) -> LineRefused:
    name = word.text.partition("=")[0]
    if name.startswith(("-a", "--pass")):
        reason = "a password does not belong on a line"
        return LineRefused(line, word.column, "-a", reason, "leave it out: the target knows its own")
    if name in _REFUSED:
        return LineRefused(line, word.column, name, *_REFUSED[name])
    known = (*_VALUED, *_PLAIN, *MODES)
    return LineRefused(line, word.column, name, "redis-cli has no such option here", hint(name, known))

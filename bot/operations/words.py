"""A command line as words: split as a shell would, with nothing expanded and nothing run.

What a shell would do beyond splitting (`;`, `&&`, `>`, backticks, `$(…)`) is refused, with the place and what to do
instead. `$NAME`, `${NAME}`, `<name>` and `[name]` are holes: parameters that are filled in before anything is carried
out. A value fills its hole as text within its word and is never split or read again, so that nothing can be injected.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.operations.refusal import LineRefused

_HOLE = re.compile(r"\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)|<([A-Za-z][\w-]*)>|\[([a-z]+(?:[-_][a-z]+)+)\]")
_JOINERS = {
    ";": "write one command on each line",
    "&": "write one command on each line; nothing runs in the background",
    ">": "leave it out; the output goes to Slack",
    "<": "name the file in the runbook instead; there is no shell to read it",
    "`": "write the value, or a <name> that is asked for",
    "\n": "write one command on each line",
}


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a line: its text, where it starts (a column counted from 1), and the holes that are left in it."""

    text: str
    column: int
    holes: tuple[str, ...] = ()

    @property
    def is_hole(self) -> bool:
        """Whether nothing of the word is known."""
        return bool(self.holes) and _HOLE.fullmatch(self.text) is not None


Part = tuple[Word, ...]


def split(line: str, values: Mapping[str, str] | None = None) -> tuple[Part, ...]:
    """Return the words of a line, a tuple for each part between pipes; `values` fill holes by their names.

    Raises LineRefused for what only a shell could do, for quotes that do not end, and for an empty part.
    """
    parts: list[list[Word]] = [[]]
    for word in _words(line):
        if word is None:
            parts.append([])
        else:
            parts[-1].append(_filled(word, values or {}))
    if not all(parts):
        where = "the line is empty" if len(parts) == 1 else "there is nothing before or behind a pipe (|)"
        raise LineRefused(line, len(line.rstrip()) or 1, "", where, "write a command")
    return tuple(map(tuple, parts))


def hole_name(text: str) -> str:
    """Return the name of a hole as runbooks write it: `DATABASE_URL` is `database-url`."""
    return text.replace("_", "-").lower()


def _filled(word: Word, values: Mapping[str, str]) -> Word:
    left: list[str] = []

    def fill(found: "re.Match[str]") -> str:
        name = hole_name(next(filter(None, found.groups())))
        if name in values:
            return values[name]
        left.append(name)
        return found[0]

    return Word(_HOLE.sub(fill, word.text), word.column, tuple(dict.fromkeys(left)))


def _words(line: str) -> Iterator[Word | None]:
    """Yield the words of a line, and None for each pipe."""
    at, size = 0, len(line)
    while at < size:
        char = line[at]
        if char in " \t":
            at += 1
        elif char == "|":
            if line[at : at + 2] == "||":
                raise LineRefused(line, at + 1, "||", "there is no shell to choose", _JOINERS[";"])
            yield None
            at += 1
        else:
            text, end = _word(line, at)
            yield Word(text, at + 1)
            at = end


def _word(line: str, start: int) -> tuple[str, int]:
    """Return the text of the word at `start`, without its quotes, and where it ends."""
    at, text = start, ""
    while at < len(line) and line[at] not in " \t|":
        char = line[at]
        if char in "'\"":
            piece, at = _quoted(line, at)
        elif char == "\\" and at + 1 < len(line):
            piece, at = line[at + 1], at + 2
        elif hole := _HOLE.match(line, at):
            piece, at = hole[0], hole.end()
        elif char in _JOINERS or line.startswith("$(", at):
            raise _shell(line, at)
        else:
            piece, at = char, at + 1
        text += piece
    return text, at


def _quoted(line: str, start: int) -> tuple[str, int]:
    """Return what is between the quotes that open at `start`, and where the word goes on."""
    quote, at, text = line[start], start + 1, ""
    while at < len(line) and line[at] != quote:
        if quote == '"' and (line[at] == "`" or line.startswith("$(", at)):
            raise _shell(line, at)
        if quote == '"' and line[at] == "\\" and line[at + 1 : at + 2] in ('"', "\\", "$", "`"):
            at += 1
        text, at = text + line[at], at + 1
    if at >= len(line):
        raise LineRefused(line, start + 1, quote, "this quote does not end", f"close it with {quote}")
    return text, at + 1


def _shell(line: str, at: int) -> LineRefused:
    found = line[at : at + 2] if line[at : at + 2] in ("$(", "&&", ">>", "<<") else line[at]
    instead = _JOINERS["`"] if found == "$(" else _JOINERS[found[0]]
    return LineRefused(line, at + 1, found, "there is no shell here", instead)

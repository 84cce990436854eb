"""The words of SQL, told apart exactly as PostgreSQL does with `standard_conforming_strings` on.

Comments are left out here, so that nothing behind this module can be misled by one. Holes (`<name>`, `$NAME`,
`${NAME}`) are words of their own; within quotes they are left to `statement`.
Source of the rules: PostgreSQL manual, chapter 4.1, Lexical Structure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

LONGEST = 20_000  # characters; what people write in a runbook is shorter by far

HOLE = re.compile(r"<(?P<angle>[A-Za-z][\w-]*)>|\$\{(?P<brace>[A-Za-z_]\w*)\}|\$(?P<plain>[A-Za-z_]\w*)")

_SPACE = re.compile(r"[ \t\n\r\f\v]+")
_DOLLARS = re.compile(r"\$(?:[A-Za-z_\x80-\U0010ffff][\w\x80-\U0010ffff]*)?\$")
_OPENING = re.compile(r"(?:[EeBbXxNn]|[Uu]&)?'|(?:[Uu]&)?\"")
_WORD = re.compile(r"[A-Za-z_\x80-\U0010ffff][\w$\x80-\U0010ffff]*")
_NUMBER = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_OPERATOR = "+-*/<>=~!@#%^&|`?"
_ALONE = "()[],;.:"


class Kind(Enum):
    """What a token is."""

    WORD = auto()
    NAME = auto()
    """A name in double quotes."""
    TEXT = auto()
    NUMBER = auto()
    SIGN = auto()
    HOLE = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """One token.

    `text` is its plain form, in which tokens that mean the same are equal; `shown` is what is sent; `gap` the space
    before it: nothing, a space, or a line break (which joins two texts into one). `at` counts from 0; `given` says
    that it is a value somebody gave, in which nothing is a hole.
    """

    kind: Kind
    text: str
    shown: str = field(compare=False, default="")
    gap: str = field(compare=False, default="")
    at: int = field(compare=False, default=0)
    given: bool = field(compare=False, default=False)

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these words, in small letters, and not quoted."""
        return self.kind is Kind.WORD and self.text in words

    def is_sign(self, sign: str) -> bool:
        """Whether it is this sign."""
        return self.kind is Kind.SIGN and self.text == sign


class SqlFault(Exception):
    """What is wrong with a piece of SQL: where it is (from 0), the word, the reason and what to do instead."""

    def __init__(self, at: int, word: str, reason: str, instead: str) -> None:
        super().__init__(reason)
        self.at, self.word, self.reason, self.instead = at, word, reason, instead


def tokens(sql: str) -> tuple[Token, ...]:
    """Return the tokens of a text, comments left out. Raises SqlFault for what the server could not read either."""
    if len(sql) > LONGEST:
        raise SqlFault(0, sql[:20], f"this is longer than {LONGEST} characters", "write a shorter statement")
    return tuple(_tokens(sql))


def _tokens(sql: str) -> Iterator[Token]:
    at, gap = 0, ""
    while at < len(sql):
        after = _skipped(sql, at)
        if after > at:
            gap, at = "\n" if "\n" in gap + sql[at:after] else " ", after
            continue
        kind, text, end = _next(sql, at)
        yield Token(kind, text, sql[at:end], gap, at)
        at, gap = end, ""


def _skipped(sql: str, at: int) -> int:
    """Return where the space or the comment ends that begins here, if one does."""
    if space := _SPACE.match(sql, at):
        return space.end()
    if sql.startswith("--", at):
        end = sql.find("\n", at)
        return len(sql) if end < 0 else end
    return _comment_end(sql, at) if sql.startswith("/*", at) else at


def _comment_end(sql: str, start: int) -> int:
    depth, at = 1, start + 2
    while depth:
        found = re.compile(r"/\*|\*/").search(sql, at)
        if found is None:
            raise SqlFault(start, "/*", "this comment does not end", "close it with */")
        depth, at = depth + (1 if found[0] == "/*" else -1), found.end()
    return at


def _next(sql: str, at: int) -> tuple[Kind, str, int]:
    """Return the kind, the plain form and the end of the token that begins here."""
    if opening := _OPENING.match(sql, at):
        return _quoted(sql, at, opening[0])
    if dollars := _DOLLARS.match(sql, at):
        return _dollar_quoted(sql, at, dollars[0])
    if hole := HOLE.match(sql, at):
        return Kind.HOLE, hole_name(hole), hole.end()
    if word := _WORD.match(sql, at):
        return Kind.WORD, word[0].lower(), word.end()
    if number := _NUMBER.match(sql, at):
        return Kind.NUMBER, number[0].lower(), number.end()
    return _sign(sql, at)


def hole_name(hole: "re.Match[str]") -> str:
    """Return the name of a hole as runbooks write it: `<PID>` is `pid`, `$MIN_AGE` is `min-age`."""
    name: str = next(filter(None, hole.groups()))
    return name.replace("_", "-").lower()


def _quoted(sql: str, at: int, opening: str) -> tuple[Kind, str, int]:
    quote, escapes = opening[-1], opening[0] in "Ee"
    end = at + len(opening)
    while True:
        if end >= len(sql):
            raise SqlFault(at, sql[at : at + 20], "this quote does not end", f"close it with {quote}")
        if sql.startswith(quote * 2, end) or (escapes and sql[end] == "\\"):
            end += 2
        elif sql[end] == quote:
            kind = Kind.NAME if quote == '"' else Kind.TEXT
            return kind, sql[at : end + 1], end + 1
        else:
            end += 1


def _dollar_quoted(sql: str, at: int, tag: str) -> tuple[Kind, str, int]:
    close = sql.find(tag, at + len(tag))
    if close < 0:
        raise SqlFault(at, tag, "this quote does not end", f"close it with {tag}")
    return Kind.TEXT, literal(sql[at + len(tag) : close]), close + len(tag)


def literal(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def _sign(sql: str, at: int) -> tuple[Kind, str, int]:
    char = sql[at]
    if char in _OPERATOR:
        end = at + 1
        while end < len(sql) and sql[end] in _OPERATOR and not _broken_off(sql, end):
            end += 1
        return Kind.SIGN, sql[at:end], end
    if char in _ALONE:
        return Kind.SIGN, char, at + 1
    if char == "\\":
        raise SqlFault(at, sql[at:].split(maxsplit=1)[0], "psql's own commands are not SQL", "write one SQL statement")
    if found := re.match(r"\$\d+", sql[at:]):
        raise SqlFault(at, found[0], "nothing fills this", "write a <name> that is asked for")
    raise SqlFault(at, repr(char)[1:-1], "SQL has no such character", "leave it out")


def _broken_off(sql: str, at: int) -> bool:
    """Whether an operator ends before this place, because a comment or a hole begins."""
    return sql.startswith(("--", "/*"), at) or HOLE.match(sql, at) is not None

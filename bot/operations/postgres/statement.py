"""One SQL statement as a value: equal to another that means the same, with holes that are filled as literals."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.operations.postgres.tokens import HOLE, Kind, SqlFault, Token, hole_name, literal, tokens

QUERIES = frozenset({"select", "with", "values", "table", "("})
"""What a query begins with."""

_INTEGER = re.compile(r"-?\d{1,18}", re.ASCII)
_CHANGING = frozenset({"insert", "update", "delete", "merge"})


@dataclass(frozen=True, slots=True)
class Statement:
    """The tokens of one statement, with neither comments nor semicolons."""

    tokens: tuple[Token, ...]

    @property
    def head(self) -> str:
        """Its first word, in small letters."""
        return self.tokens[0].text

    @property
    def text(self) -> str:
        """The statement as it is sent."""
        return "".join(token.gap + token.shown for token in self.tokens).strip()

    @property
    def words(self) -> frozenset[str]:
        """Its words outside quotes, in small letters."""
        return frozenset(token.text for token in self.tokens if token.kind is Kind.WORD)

    @property
    def holes(self) -> tuple[str, ...]:
        """The names of what is not known yet, each once."""
        return tuple(dict.fromkeys(name for token in self.tokens for name in _holes(token)))

    @property
    def free(self) -> str:
        """The name of the hole for a whole query: `EXPLAIN <query>`, or nothing but `<query>`; empty for none."""
        last = self.tokens[-1]
        explained = self.head == "explain" and explained_at(self) == len(self.tokens) - 1
        alone = len(self.tokens) == 1
        return last.text if (explained or alone) and last.kind is Kind.HOLE else ""

    @property
    def verb(self) -> str:
        """The word that says what it does: its head, or the first one behind the queries that WITH names."""
        if self.head != "with":
            return self.head
        verbs = ("select", "values", "table", *_CHANGING)
        outer = (token.text for token, depth in depths(self.tokens) if depth == 0 and token.is_word(*verbs))
        return next(outer, "select")

    @property
    def gives_rows(self) -> bool:
        """Whether its answer is a table, even an empty one."""
        if self.verb in _CHANGING:
            return any(depth == 0 and token.is_word("returning") for token, depth in depths(self.tokens))
        return self.verb in QUERIES or self.verb in ("show", "explain", "call")


def read_statement(sql: str) -> Statement:
    """Return the only statement of a text. Raises SqlFault when there is none, or more than one."""
    found = tokens(sql)
    end = next((at for at, token in enumerate(found) if token.is_sign(";")), len(found))
    if end == 0:
        raise SqlFault(0, sql, "there is no SQL", "write one statement")
    second = next((token for token in found[end:] if not token.is_sign(";")), None)
    if second is not None:
        shown = " ".join(sql[second.at :].split()[:3])
        raise SqlFault(second.at, shown, "this is a second statement", "write each on a line of its own")
    return Statement(found[:end])


def explained_at(statement: Statement) -> int:
    """Return where, behind EXPLAIN and its options, the explained statement begins."""
    found, at = statement.tokens, 1
    if at < len(found) and found[at].is_sign("(") and not _is_query(found, at + 1):
        return closing(found, at) + 1
    while at < len(found) and found[at].is_word("analyze", "analyse", "verbose"):
        at += 1
    return at


def runs(statement: Statement) -> bool:
    """Whether an EXPLAIN carries out what it explains.

    The server takes ANALYZE in brackets with a value, in quotes too; whatever the value, it counts here. So does a
    name in the other kind of quotes (U&"…"), which may spell it in escapes.
    """
    options = statement.tokens[1 : explained_at(statement)]
    escaped = any(token.kind is Kind.NAME and token.text[0] != '"' for token in options)
    return escaped or any(token.text.strip('"') in ("analyze", "analyse") for token in options)


def _is_query(found: tuple[Token, ...], at: int) -> bool:
    return at < len(found) and (found[at].is_sign("(") or found[at].is_word("select", "with", "values", "table"))


def closing(found: tuple[Token, ...], at: int) -> int:
    """Return where the bracket that opens at `at` closes; the last token when it does not."""
    depth = 0
    for place in range(at, len(found)):
        depth += found[place].is_sign("(") - found[place].is_sign(")")
        if depth == 0:
            return place
    return len(found) - 1


def depths(found: tuple[Token, ...]) -> list[tuple[Token, int]]:
    """Return each token with the number of brackets around it."""
    depth, listed = 0, []
    for token in found:
        depth -= token.is_sign(")")
        listed.append((token, depth))
        depth += token.is_sign("(")
    return listed


def filled(statement: Statement, values: Mapping[str, str]) -> Statement:
    """Return the statement with values in its holes: integers as such, anything else as a literal, never as SQL.

    Within quotes a value is text of that quote. The hole of a whole query (`free`) stays: `sql` fills it.
    Raises SqlFault for a value that no literal can hold.
    """
    found: list[Token] = []
    behind = False  # what stands behind a value must not grow together with it
    for token in statement.tokens:
        free = token.kind is Kind.HOLE and token.text == statement.free
        now = token if free else _filled(token, values)
        apart = behind and not now.gap and not now.is_sign(",") and not now.is_sign(")")
        found.append(replace(now, gap=" ") if apart else now)
        behind = now is not token
    return Statement(tuple(found))


def _filled(token: Token, values: Mapping[str, str]) -> Token:
    names = [name for name in _holes(token) if name in values]
    if not names:
        return token
    for name in names:
        if "\0" in values[name]:
            raise SqlFault(token.at, token.shown, "its value has a zero byte", "give a value without")
    if token.kind is not Kind.HOLE:
        return _filled_quote(token, values)
    value = values[token.text]
    if _INTEGER.fullmatch(value):
        number = value if value[0] != "-" else f"({value})"
        return replace(token, kind=Kind.NUMBER, text=number, shown=number, gap=" ", given=True)
    return replace(token, kind=Kind.TEXT, text=literal(value), shown=literal(value), gap=" ", given=True)


def _filled_quote(token: Token, values: Mapping[str, str]) -> Token:
    quote = token.shown[-1]
    if token.shown[0] != quote:
        raise SqlFault(token.at, token.shown, "a value cannot be put into this kind of quote", "write '<name>'")

    def fill(hole: "re.Match[str]") -> str:
        value = values.get(hole_name(hole))
        return hole[0] if value is None else value.replace(quote, quote * 2)

    text = HOLE.sub(fill, token.text)
    return replace(token, text=text, shown=text, given=all(name in values for name in _holes(token)))


def _holes(token: Token) -> list[str]:
    if token.given:
        return []
    if token.kind is Kind.HOLE:
        return [token.text]
    if token.kind in (Kind.TEXT, Kind.NAME):
        return [hole_name(hole) for hole in HOLE.finditer(token.text)]
    return []

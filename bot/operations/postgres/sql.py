"""A text as one SQL statement that may be carried out, or a refusal."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from bot.nearest import hint
from bot.operations.effect import Effect
from bot.operations.postgres.effects import FINAL_HEADS, READING, WRITING, effect_of
from bot.operations.postgres.nouns import Sql
from bot.operations.postgres.statement import QUERIES, Statement, explained_at, filled, read_statement
from bot.operations.postgres.tokens import Kind, SqlFault, Token
from bot.operations.refusal import LineRefused

_OF_A_SESSION = ("nothing lasts from one line to the next", "leave it out; each statement is a transaction of its own")
_FILES = ("it moves data through files and programs of the database's machine", "write a SELECT, or a job with pg_dump")
REFUSED: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release"), _OF_A_SESSION),
    **dict.fromkeys(("set", "reset", "discard", "listen", "unlisten", "load", "deallocate"), _OF_A_SESSION),
    **dict.fromkeys(("declare", "fetch", "move", "close"), _OF_A_SESSION),
    **dict.fromkeys(("prepare", "execute"), ("nothing is prepared here", "write the statement itself")),
    "lock": ("a lock ends with its statement", "leave it out"),
    "copy": _FILES,
    "do": ("a block hides what it does", "write its statements on lines of their own"),
}
_KNOWN = READING | WRITING | FINAL_HEADS
_BEFORE_A_NAME = (
    *("from", "join", "into", "table", "index", "update", "view", "schema", "database", "only"),
    *("vacuum", "analyze", "verbose", "full", "concurrently", "exists", "show"),
)


def read_sql(line: str, values: Mapping[str, str] | None = None) -> Sql:
    """Return the operation of a line that is SQL as a whole, with `values` in its holes. Raises LineRefused."""
    return Sql(statement_of(line, line, 1, values))


def statement_of(line: str, sql: str, column: int, values: Mapping[str, str] | None = None) -> Statement:
    """Return the statement that a line holds from a column on. Raises LineRefused with the place in the line."""
    try:
        statement = read_statement(sql)
        _check(statement)
        return _filled_in(statement, values) if values else statement
    except SqlFault as fault:
        at = line.find(sql[fault.at :][:20], column - 1) + 1
        raise LineRefused(line, at or column, fault.word, fault.reason, fault.instead) from None


def filled_in(operation: Sql, values: Mapping[str, str]) -> Sql:
    """Return the operation with values in its holes, by their names.

    Integers stay integers, other values become literals; the hole of a whole query takes one query that is a read.
    Raises LineRefused.
    """
    try:
        return replace(operation, statement=_filled_in(operation.statement, values))
    except SqlFault as fault:
        raise LineRefused(operation.statement.text, fault.at + 1, fault.word, fault.reason, fault.instead) from None


def _filled_in(statement: Statement, values: Mapping[str, str]) -> Statement:
    free = statement.free
    done = filled(statement, values)
    if not free or free not in values:
        return done
    query = read_statement(values[free])
    _check(query)
    if query.free or query.holes or query.head not in QUERIES or effect_of(query) is not Effect.READ:
        raise SqlFault(statement.tokens[-1].at, values[free], "this may change something", "give one plain SELECT")
    return Statement((*done.tokens[:-1], *_spaced(query.tokens))) if done.tokens[1:] else query


def _spaced(found: tuple[Token, ...]) -> tuple[Token, ...]:
    return (replace(found[0], gap=" "), *found[1:])


def _check(statement: Statement) -> None:
    """Raise SqlFault for a statement that is not for us, or that leaves open what it is about."""
    first = statement.tokens[0]
    _check_open(statement.tokens)
    _check_names(statement.tokens)
    if statement.free and len(statement.tokens) == 1:
        return
    if first.kind is Kind.HOLE:
        raise SqlFault(first.at, first.shown, "a statement must be written out", "write it, with a <name> for a value")
    if first.text in REFUSED:
        raise SqlFault(first.at, first.shown, *REFUSED[first.text])
    if first.kind not in (Kind.WORD, Kind.SIGN) or first.text not in _KNOWN:
        raise SqlFault(first.at, first.shown, "no SQL statement begins so", hint(first.text, sorted(_KNOWN - {"("})))
    if first.text == "explain":
        _check_explained(statement)


def _check_explained(statement: Statement) -> None:
    at = explained_at(statement)
    if at >= len(statement.tokens):
        last = statement.tokens[-1]
        raise SqlFault(last.at, last.shown, "there is nothing to explain", "write EXPLAIN SELECT …")
    if statement.free:
        return
    first = statement.tokens[at]
    if first.kind is Kind.HOLE or first.text in REFUSED or first.text not in _KNOWN:
        raise SqlFault(first.at, first.shown, "this cannot be explained", "write EXPLAIN SELECT …")


def _check_open(found: tuple[Token, ...]) -> None:
    for token, after in zip(found, (*found[1:], None), strict=True):
        dots = token.is_sign(".") and after is not None and after.is_sign(".") and not after.gap
        if dots or (token.kind is Kind.WORD and "…" in token.text):
            kills = any(each.is_word("pg_terminate_backend", "pg_cancel_backend") for each in found)
            said = "the processes, such as pid IN (4711, 4712) or pid = <pid>" if kills else "the rows it is about"
            raise SqlFault(token.at, "...", "this is left open", f"name {said}")


def _check_names(found: tuple[Token, ...]) -> None:
    """Raise SqlFault for a hole where a name is meant: a value would become a text there, and no name."""
    for before, token in pairwise(found):
        whole_query = found[0].is_word("explain") and token is found[-1]
        if token.kind is Kind.HOLE and before.is_word(*_BEFORE_A_NAME) and not whole_query:
            raise SqlFault(token.at, token.shown, "the value of a hole is never a name", f'write "{token.shown}"')

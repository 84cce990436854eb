"""What can be known of a statement before it is carried out: how many rows it would touch, and the server's plan."""

from dataclasses import replace

from bot.operations.postgres.statement import Statement, depths, read_statement
from bot.operations.postgres.tokens import Token

_PLANNED = frozenset({"select", "values", "table", "insert", "update", "delete", "merge", "("})


def counting_of(statement: Statement) -> Statement | None:
    """Return the query that counts the rows of a DELETE or an UPDATE of one table; None for anything else.

    Joins (USING, FROM) and WITH cannot be counted so: one row may be joined to many.
    """
    words = {token.text for token, depth in depths(statement.tokens) if depth == 0}
    found = statement.tokens
    if statement.head == "delete" and len(found) > 2 and found[1].is_word("from") and "using" not in words:
        return _count(_up_to(found[2:], "where", "returning"), found)
    if statement.head == "update" and "set" in words and "from" not in words:
        return _count(_up_to(found[1:], "set"), found)
    return None


def plan_of(statement: Statement) -> Statement | None:
    """Return the EXPLAIN of a statement; None where the server has none."""
    if statement.verb not in _PLANNED:
        return None
    return Statement((*read_statement("EXPLAIN").tokens, *_apart(statement.tokens)))


def _count(table: tuple[Token, ...], found: tuple[Token, ...]) -> Statement:
    where = next((at for at, (token, depth) in enumerate(depths(found)) if depth == 0 and token.is_word("where")), None)
    which = _up_to(found[where:], "returning") if where is not None else ()
    return Statement((*read_statement("SELECT count(*) FROM").tokens, *_apart(table), *_apart(which)))


def _up_to(found: tuple[Token, ...], *words: str) -> tuple[Token, ...]:
    """Return the tokens before the first of these words outside brackets."""
    ends = (at for at, (token, depth) in enumerate(depths(found)) if depth == 0 and token.is_word(*words))
    return found[: next(ends, len(found))]


def _apart(found: tuple[Token, ...]) -> tuple[Token, ...]:
    return (replace(found[0], gap=" "), *found[1:]) if found else ()

"""Carrying out a statement that changes something."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.operations.backend import Limits
from bot.operations.postgres.reading import Answer, read_stream
from bot.operations.postgres.statement import Statement

if TYPE_CHECKING:
    from psycopg.errors import Diagnostic

    from bot.operations.postgres.connections import Connection

_ALONE = frozenset({"vacuum", "reindex", "cluster", "call", "checkpoint"})
_MOST_WARNINGS = 20
_ALONE_KINDS = frozenset({"database", "tablespace", "subscription", "system"})


def stands_alone(statement: Statement) -> bool:
    """Whether the server takes the statement only outside a transaction, or makes transactions of its own for it."""
    if statement.head in _ALONE or "concurrently" in statement.words:
        return True
    second = statement.tokens[1].text if len(statement.tokens) > 1 else ""
    return statement.head in ("create", "drop", "alter") and second in _ALONE_KINDS


async def write(connection: "Connection", statement: Statement, limits: Limits) -> tuple[Answer, str, int | None]:
    """Carry the statement out and return its rows, the server's word for what was done, and how many rows it touched.

    The extended protocol is used, which takes no second statement.
    """
    if statement.gives_rows:
        answer = await read_stream(connection, statement.text, limits)
        touched = answer.rows.seen if answer.columns else None
        return answer, statement.verb.upper(), touched
    cursor = connection.cursor()
    await cursor.execute(statement.text.encode(), binary=True)
    return Answer(limits), cursor.statusmessage or "", cursor.rowcount if cursor.rowcount >= 0 else None


@contextmanager
def warnings_of(connection: "Connection") -> Iterator[list[str]]:
    """Give a list that fills with the server's warnings, such as a table that VACUUM skipped for lack of rights."""
    said: list[str] = []

    def note(diagnostic: "Diagnostic") -> None:
        if diagnostic.severity_nonlocalized == "WARNING" and len(said) < _MOST_WARNINGS:
            said.append(f"WARNING: {diagnostic.message_primary}")

    connection.add_notice_handler(note)
    try:
        yield said
    finally:
        connection.remove_notice_handler(note)

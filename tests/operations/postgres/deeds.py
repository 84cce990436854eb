"""What tests of changes need: a notebook, hands in the database, a session that is held open."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import psycopg

from bot.operations.backend import Limits
from bot.operations.changing import Foresight
from bot.operations.postgres.backend import PostgresBackend
from bot.operations.postgres.sql import read_sql


def value(database: str, sql: str) -> object:
    with psycopg.connect(database, autocommit=True) as connection:
        row = connection.execute(sql.encode()).fetchone()
    return row[0] if row else None


def do(database: str, *statements: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


async def foreseen(backend: PostgresBackend, sql: str) -> Foresight:
    return await backend.foresee(read_sql(sql), Limits())


@asynccontextmanager
async def through(address: str) -> AsyncIterator[PostgresBackend]:
    backend = PostgresBackend(address)
    yield backend
    await backend.close()


@contextmanager
def session(database: str, *statements: str) -> Iterator[int]:
    """Hold a session open that has carried these out in a transaction; its pid."""
    connection = psycopg.connect(database)
    try:
        for statement in statements:
            connection.execute(statement.encode())
        yield connection.info.backend_pid
    finally:
        connection.close()

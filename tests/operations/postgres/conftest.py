"""A database of its own for every test, and a backend for it."""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import psycopg
import pytest

from bot.operations.backend import Limits
from bot.operations.output import Output
from bot.operations.postgres.backend import PostgresBackend
from bot.operations.postgres.sql import read_sql
from tests.operations.notebook import Notebook
from tests.servers.postgres import Postgres

_numbers = itertools.count(1)

Ask = Callable[..., Awaitable[Output]]


@pytest.fixture
def database(postgres: Postgres) -> Iterator[str]:
    """Make an empty database of this test alone; its address."""
    name = f"operations-{next(_numbers)}"
    postgres.create(name)
    yield postgres.address(name)
    postgres.drop(name)


@pytest.fixture
async def backend(database: str) -> AsyncIterator[PostgresBackend]:
    opened = PostgresBackend(database)
    yield opened
    await opened.close()


@pytest.fixture
def ask(backend: PostgresBackend) -> Ask:
    """Carry out a line of SQL."""

    async def run(sql: str, **limits: float) -> Output:
        return await backend.run(read_sql(sql), Limits(**limits))  # type: ignore[arg-type]

    return run


@pytest.fixture
def users(database: str) -> None:
    """Fill the database with three users."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("CREATE TABLE users (id int PRIMARY KEY, name text, seen timestamptz)")
        connection.execute(
            "INSERT INTO users VALUES (1, 'Ada', '2024-05-01 12:00+00'), (2, NULL, NULL), (3, 'Bo', NULL)"
        )


@pytest.fixture
def notebook() -> Notebook:
    """Return an empty notebook."""
    return Notebook()

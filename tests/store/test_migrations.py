"""The migrations make exactly the tables that the program declares."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

import bot.store
from bot.errors import StoreOutdated
from bot.store.database import open_store
from bot.store.migrate import HEAD, check, current, migrate
from tests.fixtures.tables import whole_metadata
from tests.servers.postgres import Postgres


@pytest.fixture(params=["sqlite", "postgres"])
def empty_address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    server: Postgres = request.getfixturevalue("postgres")
    server.create("empty")
    yield server.address("empty")
    server.drop("empty")


def differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, whole_metadata()))


async def test_an_empty_store_becomes_what_the_program_declares(empty_address: str) -> None:
    async with open_store(empty_address) as store:
        assert await current(store) is None
        assert await migrate(store) == HEAD
        assert await current(store) == HEAD
        async with store.read() as connection:
            assert await connection.run_sync(differences) == []


async def test_migrating_twice_changes_nothing(empty_address: str) -> None:
    async with open_store(empty_address) as store:
        await migrate(store)
        assert await migrate(store) == HEAD
        await check(store)


async def test_replicas_that_start_together_migrate_once(postgres: Postgres) -> None:
    async def start(address: str) -> str:
        async with open_store(address) as store:
            return await migrate(store)

    postgres.create("together")
    try:
        address = postgres.address("together")
        assert await asyncio.gather(*(start(address) for _ in range(3))) == [HEAD] * 3
    finally:
        postgres.drop("together")


async def test_a_migration_that_fails_leaves_the_store_as_it_was(empty_address: str) -> None:
    async with open_store(empty_address) as store:
        async with store.begin() as connection:
            await connection.execute(text("CREATE TABLE timers (surprise INTEGER)"))
        with pytest.raises(Exception, match="timers"):
            await migrate(store)
        assert await current(store) is None
        async with store.begin() as connection:
            await connection.execute(text("DROP TABLE timers"))
        assert await migrate(store) == HEAD


async def test_a_store_of_a_newer_program_is_left_alone(empty_address: str) -> None:
    async with open_store(empty_address) as store:
        await migrate(store)
        async with store.begin() as connection:
            await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        for act in (migrate, check):
            with pytest.raises(StoreOutdated, match="is at 9999, which this program does not know"):
                await act(store)
        assert await current(store) == "9999"


async def test_an_unmigrated_store_says_what_to_run(empty_address: str) -> None:
    async with open_store(empty_address) as store:
        with pytest.raises(StoreOutdated, match=r"is empty, .*: run `opsroom migrate`"):
            await check(store)


def test_the_head_is_the_newest_script() -> None:
    folder = Path(bot.store.__path__[0]) / "migrations"
    assert ScriptDirectory(str(folder)).get_heads() == [HEAD]

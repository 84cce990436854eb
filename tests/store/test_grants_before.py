"""Grants from before there were groups and environments stay as they were."""

from alembic import command
from sqlalchemy import Connection, text

from bot.store import grants
from bot.store.database import open_store
from bot.store.grants import EVERYWHERE
from bot.store.migrate import _config, migrate
from tests.store.test_migrations import empty_address  # noqa: F401 a fixture

_GIVEN = """INSERT INTO grants (person, platform, role, granted_by, granted_at)
            VALUES ('U1', '*', 'admin', 'ada', '2026-03-02 12:00:00+00:00'),
                   ('U2', 'zephyr', 'viewer', 'ada', '2026-03-02 12:00:00+00:00')"""


def _as_it_was(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "0004")
    connection.execute(text(_GIVEN))


async def test_grants_are_carried_over(empty_address: str) -> None:  # noqa: F811 the fixture
    async with open_store(empty_address) as store:
        async with store.begin() as connection:
            await connection.run_sync(_as_it_was)
        await migrate(store)
        async with store.read() as connection:
            found = await grants.of(connection)
    assert [(each.holder, each.platform, each.role, each.environment, each.handle) for each in found] == [
        ("U1", EVERYWHERE, "admin", None, None),
        ("U2", "zephyr", "viewer", None, None),
    ]

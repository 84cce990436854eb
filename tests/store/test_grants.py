"""The grants table: one role for each person or group, in each place."""

from dataclasses import replace

from bot.store import grants
from bot.store.database import Store
from bot.store.grants import EVERYWHERE, Grant
from tests.store.rows import NOW, later

VIEWER = Grant("U1", "zephyr", "viewer", "ada", NOW)


async def test_a_later_grant_takes_the_place_of_an_earlier_one(store: Store) -> None:
    operator = replace(VIEWER, role="operator", granted_by="omar", granted_at=later(1))
    everywhere = replace(VIEWER, platform=EVERYWHERE)
    async with store.begin() as connection:
        for grant in (VIEWER, everywhere, operator):
            await grants.give(connection, grant)
        assert await grants.of(connection, "U1") == [everywhere, operator]
        assert await grants.of(connection, "U2") == []


async def test_a_role_is_taken_back_once_and_on_its_platform_alone(store: Store) -> None:
    elsewhere, other = replace(VIEWER, platform="linkist"), replace(VIEWER, holder="U2")
    async with store.begin() as connection:
        for grant in (VIEWER, elsewhere, other):
            await grants.give(connection, grant)
        assert await grants.take_back(connection, "U1", "zephyr")
        assert not await grants.take_back(connection, "U1", "zephyr")
        assert await grants.of(connection) == [elsewhere, other]


async def test_each_environment_has_a_role_of_its_own(store: Store) -> None:
    staging = replace(VIEWER, role="admin", environment="staging")
    async with store.begin() as connection:
        for grant in (VIEWER, staging):
            await grants.give(connection, grant)
        assert await grants.of(connection, "U1") == [VIEWER, staging]
        assert await grants.at(connection, replace(staging, role="")) == staging
        assert not await grants.take_back(connection, "U1", "zephyr", "production")
        assert await grants.take_back(connection, "U1", "zephyr")
        assert await grants.of(connection, "U1") == [staging]


async def test_a_person_is_concerned_by_the_grants_of_every_group_and_of_nobody_else(store: Store) -> None:
    group = replace(VIEWER, holder="S1", handle="oncall")
    async with store.begin() as connection:
        for grant in (VIEWER, group, replace(VIEWER, holder="U2")):
            await grants.give(connection, grant)
        assert await grants.concerning(connection, "U1") == [group, VIEWER]
        assert await grants.concerning(connection, "U3") == [group]

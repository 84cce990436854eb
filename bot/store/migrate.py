"""Bringing the schema of a store to what this program expects."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreOutdated
from bot.store.database import Store

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0006"
"""The schema that this program expects: the name of the newest script in `migrations/versions`."""

_PATIENCE = 600.0  # seconds: a large table may take minutes, and replicas wait for the one that migrates
_ADVISORY_LOCK = 0x0B5_C0DE  # any number, as long as nothing else in the database locks the same


async def migrate(store: Store) -> str:
    """Bring the schema up to date and return its revision; replicas that start together do it once.

    Raise StoreOutdated when the store is newer than this program, and leave it as it is.
    """
    if await current(store) == HEAD:
        return HEAD
    async with store.begin(_PATIENCE) as connection:
        if not store.embedded:
            await connection.execute(text("SET LOCAL statement_timeout = 0"))
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"))
        await connection.run_sync(_upgrade, store.name)
    return HEAD


async def current(store: Store) -> str | None:
    """Return the revision of the store's schema, None for an empty store."""
    async with store.read() as connection:
        return await _revision(connection)


async def check(store: Store) -> None:
    """Raise StoreOutdated unless the schema is exactly what this program expects."""
    revision = await current(store)
    if revision == HEAD:
        return
    if revision is None or revision in _known():
        found = "empty" if revision is None else f"at {revision}"
        raise StoreOutdated(f"The store {store.name} is {found}, and this program needs {HEAD}: run `opsroom migrate`.")
    raise _newer(store.name, revision)


async def _revision(connection: AsyncConnection) -> str | None:
    return await connection.run_sync(_revision_now)


def _revision_now(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _upgrade(connection: Connection, name: str) -> None:
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)  # it lists its own parts to nobody's use
    from alembic import command  # slow to import, and needed only when there is something to do

    revision = _revision_now(connection)
    if revision is not None and revision not in _known():
        raise _newer(name, revision)
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)


def _known() -> set[str]:
    from alembic.script import ScriptDirectory  # as above

    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def _config() -> "Config":
    from alembic.config import Config  # as above

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def _newer(name: str, revision: str) -> StoreOutdated:
    return StoreOutdated(
        f"The store {name} is at {revision}, which this program does not know (it knows up to {HEAD}): "
        "start the newer Opsroom that made it."
    )

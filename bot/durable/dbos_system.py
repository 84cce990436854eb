"""The settings of DBOS and its system database: a SQLite file beside ours, or a schema in our PostgreSQL."""

import json
import logging
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from bot.store.address import file_of
from bot.store.database import Store

if TYPE_CHECKING:
    from dbos import DBOS, DBOSConfig, Serializer

APPLICATION = "opsroom"
VERSION = "1"
"""Pinned: by default it is a hash of the source, and a new one leaves all unfinished work behind for ever."""

_THREADS = 16
_CONNECTIONS = 10


def configuration(store: Store, replica_id: str) -> "DBOSConfig":
    """Return what DBOS is to be started with."""
    settings: DBOSConfig = {
        "name": APPLICATION,
        "application_version": VERSION,
        "executor_id": replica_id,
        "serializer": cast("Serializer", JsonSerializer()),
        "max_executor_threads": _THREADS,
        "sys_db_pool_size": _CONNECTIONS,
        "log_level": "WARNING",
        "enable_otlp": False,
        # We use neither its schedules nor its notifications; their threads end as fast as they look.
        "scheduler_polling_interval_sec": 3600.0,
        "notification_listener_polling_interval_sec": 0.1,
    }
    if store.embedded:
        path = file_of(store.url)
        workflows = path.with_name(f"{path.stem}-workflows.db")
        workflows.touch(mode=0o600)
        settings["system_database_url"] = f"sqlite:///{workflows}"
        settings["system_database_engine"] = _sqlite(f"sqlite:///{workflows}")
    else:
        settings["system_database_url"] = store.url.render_as_string(hide_password=False)
    return settings


def hand_over(dbos: "DBOS", replica: str) -> int:
    """Give the unfinished workflows of a replica to whoever is alive, and return how many there were.

    DBOS's own `resume_workflows` would also restart one that somebody has adopted meanwhile; this moves a
    workflow only while it still belongs to the lost replica.
    """
    from dbos._utils import INTERNAL_QUEUE_NAME  # loaded by the launch, not before

    system = dbos._sys_db
    left = system.get_pending_workflows(replica, VERSION)
    moved = [system.reenqueue_for_recovery(row.workflow_id, [replica], INTERNAL_QUEUE_NAME) for row in left]
    return sum(moved)


def _sqlite(address: str) -> Engine:
    """Make DBOS's engine as ours is made; its own writes without a log ahead and waits for the disk."""
    engine = create_engine(address, pool_size=_CONNECTIONS, max_overflow=0, hide_parameters=True)

    def connected(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = "IMMEDIATE"
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000", "foreign_keys=ON"):
            connection.cursor().execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", connected)
    return engine


def quieten() -> None:
    """Let DBOS write to our log alone, and only what somebody has to know."""
    logger = logging.getLogger("dbos")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())  # with none there, DBOS adds one that writes to the console
        logger.addFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    """Drop what DBOS warns of at every shutdown."""
    return not str(record.msg).startswith("Asyncio task cancelled")


class JsonSerializer:
    """How DBOS writes what it keeps. Its own default is pickle, which runs whatever it reads."""

    def serialize(self, data: Any) -> str:
        """Write JSON. The only other thing that comes here is an exception of DBOS, kept as its text."""
        return json.dumps({"exception": str(data)} if isinstance(data, Exception) else data, allow_nan=False)

    def deserialize(self, serialized_data: str) -> Any:
        """Read JSON."""
        read = json.loads(serialized_data)
        is_exception = isinstance(read, dict) and set(read) == {"exception"}
        return RuntimeError(read["exception"]) if is_exception else read

    def name(self) -> str:
        """Name the format, which is kept beside each value."""
        return "opsroom_json"

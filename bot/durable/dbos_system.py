"""The settings of DBOS and its system database: a SQLite file beside ours, or a schema in our PostgreSQL."""

import json
import logging
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from bot.store.address import file_of
from bot.store.database import Store
from bot.store.faults import is_outage

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
    address, settings["system_database_engine"] = _database(store)
    settings["system_database_url"] = address
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


def _database(store: Store) -> tuple[str, Engine]:
    """Make DBOS's engine and say where its database is; its own would wait for the disk at every write."""
    if store.embedded:
        path = file_of(store.url)
        workflows = path.with_name(f"{path.stem}-workflows.db")
        workflows.touch(mode=0o600)
        address, options = f"sqlite:///{workflows}", dict[str, Any]()
    else:
        address = store.url.render_as_string(hide_password=False)
        options = {
            "pool_pre_ping": True,
            "connect_args": {"connect_timeout": 5, "tcp_user_timeout": 10_000, "application_name": "opsroom-workflows"},
        }
    engine = create_engine(address, pool_size=_CONNECTIONS, max_overflow=0, hide_parameters=True, **options)
    if store.embedded:
        event.listen(engine, "connect", _connected)
    event.listen(engine, "handle_error", _wait_for_it)
    return address, engine


def _connected(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = "IMMEDIATE"
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000", "foreign_keys=ON"):
        connection.cursor().execute(f"PRAGMA {pragma}")


def _wait_for_it(context: ExceptionContext) -> None:
    """Call every outage a lost connection, for DBOS waits for those and for no other.

    It knows some by their wording and lets the rest through (a server that is not up yet, a full disk); then it
    records the failed write as the failure of the step, or of the workflow, for good.
    """
    error = context.sqlalchemy_exception
    if isinstance(error, DBAPIError) and is_outage(error):
        context.is_disconnect = True


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

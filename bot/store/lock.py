"""The lock beside an embedded store: a SQLite file belongs to one process at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import StoreLocked


@contextmanager
def held(database: Path) -> Iterator[None]:
    """Hold `<database>.lock` while the block runs; raise StoreLocked when another opener has it.

    The lock is the kernel's (flock): it ends with the process, so that a crash leaves nothing to clean up.
    The file says who had it last.
    """
    path = database.with_name(database.name + ".lock")
    with path.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreLocked(_sentence(database, path)) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def _sentence(database: Path, lock: Path) -> str:
    """Say who has the store and what to do."""
    owner = lock.read_text(encoding="ascii").strip()
    who = f"Process {owner}" if owner else "Another process"
    return (
        f"{who} has the store {database} open, and an embedded store serves one opener at a time. "
        "Stop that one first, or use PostgreSQL for several replicas."
    )

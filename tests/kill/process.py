"""The bot as a process of its own, which can be killed."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.settings import Settings
from sandbox.slack import Workspace
from sandbox.slack.doors import SocketDoor
from tests.world import HOME

PATIENCE = 30.0
"""Seconds after which a test gives up on something that should have happened."""


async def until(holds: Callable[[], object], what: object) -> None:
    """Return as soon as that holds; `what` is named, as it is then, should it not (called, if it can be)."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        late = time.monotonic() >= deadline
        assert not late, f"it did not happen in {PATIENCE:g} s: {what() if callable(what) else what}"
        await asyncio.sleep(0.005)


def environment(settings: Settings, **changes: object) -> dict[str, str]:
    """Return the variables from which a process reads these settings; a replica's name is its own affair."""
    given = {name: value for name, value in settings if value is not None and name != "replica"} | changes
    told = {f"OPSROOM_{name.upper()}": _plain(value) for name, value in given.items()}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPSROOM_")}
    return {**kept, **told}


def _plain(value: object) -> str:
    return str(value.get_secret_value()) if hasattr(value, "get_secret_value") else str(value)


@dataclass
class Process:
    """One run of `python -m bot serve`; what it says goes to `log`, `variables` are more of its environment."""

    workspace: Workspace
    settings: Settings
    log: Path
    variables: Mapping[str, str] = field(default_factory=dict)
    _child: asyncio.subprocess.Process | None = field(default=None, init=False)

    @property
    def child(self) -> asyncio.subprocess.Process:
        """The running child."""
        assert self._child is not None, "the bot was not started"
        return self._child

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._child is not None and self._child.returncode is None

    async def start(self, **changes: object) -> None:
        """Start it, with settings of its own if given, and return when it is connected to the workspace."""
        door = self.workspace.door
        assert isinstance(door, SocketDoor)
        before = set(door.connections)
        with self.log.open("ab") as log:
            self._child = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                "serve",
                cwd=HOME,
                env={**environment(self.settings, **changes), **self.variables},
                stdout=log,
                stderr=log,
            )
        await until(lambda: set(door.connections) - before or not self.alive, "the bot is ready")
        assert self.alive, self.log.read_text()

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal; one that is gone takes none."""
        if self.alive:
            self.child.send_signal(number)

    def freeze(self) -> None:
        """Let it stand still."""
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.signal(signal.SIGCONT)

    def kill(self) -> None:
        """Let it end now, whatever it is doing."""
        self.signal(signal.SIGKILL)

    async def gone(self) -> int:
        """Wait for its end and return its exit code."""
        async with asyncio.timeout(PATIENCE):
            return await self.child.wait()

    async def stop(self) -> int:
        """Ask it to stop, as a supervisor does, and return its exit code."""
        self.signal(signal.SIGTERM)
        return await self.gone()


@asynccontextmanager
async def processes(*given: Process) -> AsyncIterator[None]:
    """End these processes with the block, however it ends, and show what they said if it ends badly."""
    try:
        yield
    except BaseException as error:
        for process in given:
            if process.log.exists():
                error.add_note(f"--- {process.log.name}\n{process.log.read_text()[-6000:]}")
        raise
    finally:
        for process in given:
            if process.alive:
                process.kill()
                await process.gone()

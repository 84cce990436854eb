"""A container's command as a local process: in an empty folder, a session of its own, on a path of scripted programs.

Only programs of the given folder are started, whatever the command's path says, so that no command of a runbook ever
reaches a program of this machine.
"""

import asyncio
import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_PAGE = os.sysconf("SC_PAGE_SIZE")
_GLANCE = 0.02  # seconds between two looks at the memory
_MACHINE = "/usr/bin:/bin"  # what the scripts themselves may use


class NoSuchProgramError(Exception):
    """There is no scripted program of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f'exec: "{name}": executable file not found in $PATH: unknown')


@dataclass(frozen=True, slots=True)
class Ending:
    """How a process ended: its exit code as a shell counts it, and whether it was killed for its memory."""

    code: int
    out_of_memory: bool = False


def program(command: Sequence[str], programs: Path | None) -> Path:
    """Return the scripted program that a command means. Raises NoSuchProgramError."""
    found = programs / PurePosixPath(command[0]).name if programs and command else None
    if found is None or not found.is_file():
        raise NoSuchProgramError(command[0] if command else "")
    return found


class Process:
    """One run of a command. `memory` is the most that it may have, in bytes."""

    def __init__(self, running: asyncio.subprocess.Process, folder: str, memory: int | None) -> None:
        self._running, self._folder, self._memory = running, folder, memory
        self._over = False

    @classmethod
    async def start(
        cls,
        command: Sequence[str],
        programs: Path | None,
        variables: Mapping[str, str],
        *,
        memory: int | None = None,
        apart: bool = False,
    ) -> "Process":
        """Start it; `apart` keeps what it says on stderr apart from stdout. Raises NoSuchProgramError."""
        path = program(command, programs)
        folder = tempfile.mkdtemp(prefix="opsroom-container-")
        running = await asyncio.create_subprocess_exec(
            str(path),
            *command[1:],
            cwd=folder,
            env={**variables, "PATH": f"{programs}:{_MACHINE}", "HOME": folder},
            stdin=asyncio.subprocess.PIPE if apart else asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE if apart else asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        return cls(running, folder, memory)

    @property
    def stdin(self) -> asyncio.StreamWriter | None:
        """Where it reads, when `apart`."""
        return self._running.stdin

    @property
    def stdout(self) -> asyncio.StreamReader:
        """What it says."""
        assert self._running.stdout is not None
        return self._running.stdout

    @property
    def stderr(self) -> asyncio.StreamReader | None:
        """What it says on stderr, when `apart`."""
        return self._running.stderr

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to it and to all that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._running.pid, number)

    async def ended(self) -> Ending:
        """Wait for its end, and leave no trace of it."""
        watching = asyncio.create_task(self._watch_memory()) if self._memory else None
        try:
            code = await self._running.wait()
        finally:
            if watching is not None:
                watching.cancel()
            self.signal(signal.SIGKILL)
            shutil.rmtree(self._folder, ignore_errors=True)
        return Ending(128 - code if code < 0 else code, self._over)

    async def _watch_memory(self) -> None:
        """Kill it when it, and what it started, has more memory than it may."""
        while True:
            if sum(map(_resident, _family(self._running.pid))) > (self._memory or 0):
                self._over = True
                self.signal(signal.SIGKILL)
            await asyncio.sleep(_GLANCE)


def _family(process: int) -> list[int]:
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    return [process, *(member for child in children for member in _family(int(child)))]


def _resident(process: int) -> int:
    """Return the resident memory of a process in bytes; 0 when it is gone."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) * _PAGE
    except OSError:
        return 0

"""A program that runs beside the benchmark, until it has said that it is ready and then until it is told to stop."""

import asyncio
import re
import sys
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

HOME = Path(__file__).parent.parent
READY_WITHIN = 60.0
"""Seconds that a program may take to start."""
_STOP_WITHIN = 20.0


class BenchmarkError(Exception):
    """The benchmark could not be run, and why."""


@dataclass(frozen=True, slots=True)
class Running:
    """A running program: its process, what its line of readiness said, and the last lines that it wrote."""

    process: asyncio.subprocess.Process
    ready: re.Match[str]
    said: deque[str] = field(default_factory=lambda: deque(maxlen=40))

    @property
    def pid(self) -> int:
        """The process's id."""
        return self.process.pid


@asynccontextmanager
async def python_module(
    module: str, arguments: Sequence[str], env: Mapping[str, str], ready: re.Pattern[str]
) -> AsyncIterator[Running]:
    """Run `python -m module` while the block runs; yields once it has written a line that matches `ready`.

    Raises BenchmarkError when it ends before that, with its last words.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, env=dict(env), cwd=HOME,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said: deque[str] = deque(maxlen=40)
    reading: asyncio.Task[None] | None = None
    try:
        try:
            async with asyncio.timeout(READY_WITHIN):
                found = await _line(process, ready, said)
        except TimeoutError:
            raise BenchmarkError(f"{module} was not ready after {READY_WITHIN:g} s.") from None
        if found is None:
            raise BenchmarkError(f"{module} ended before it was ready:\n" + "\n".join(said))
        reading = asyncio.create_task(_read_on(process, said))
        yield Running(process, found, said)
    finally:
        if reading is not None:
            reading.cancel()
        await _stopped(process)


async def _line(process: asyncio.subprocess.Process, ready: re.Pattern[str], said: deque[str]) -> re.Match[str] | None:
    """Read until a line matches; None when there are no more."""
    assert process.stdout is not None
    async for raw in process.stdout:
        said.append(raw.decode(errors="replace").rstrip())
        if found := ready.search(said[-1]):
            return found
    return None


async def _read_on(process: asyncio.subprocess.Process, said: deque[str]) -> None:
    """Keep the pipe empty, so that the program never waits for it."""
    assert process.stdout is not None
    async for raw in process.stdout:
        said.append(raw.decode(errors="replace").rstrip())


async def _stopped(process: asyncio.subprocess.Process) -> None:
    """End the program, gently if it listens."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(_STOP_WITHIN):
            await process.communicate()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()

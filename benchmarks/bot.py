"""The bot as a process of its own, on a SQLite file, as `opsroom serve` runs."""

import os
import re
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.processes import HOME, BenchmarkError, Running, python_module
from benchmarks.workspace import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Workspace

_READY = re.compile(r"Opsroom is ready, web doorway on port (\d+)")


@dataclass(frozen=True, slots=True)
class Bot:
    """A running bot: the seconds that it took until it was ready, its port, its process."""

    ready_after: float
    port: int
    running: Running

    @property
    def memory(self) -> int:
        """Bytes of its process that are in memory now."""
        return int(psutil.Process(self.running.pid).memory_info().rss)

    @property
    def busy(self) -> float:
        """Seconds of processor time that it has used."""
        used = psutil.Process(self.running.pid).cpu_times()
        return float(used.user + used.system)

    @property
    def said(self) -> str:
        """The last lines of its log."""
        return "\n".join(self.running.said)


def address_of(folder: Path) -> str:
    """Return the address of the store in a folder."""
    return f"sqlite:///{folder}/opsroom.db"


@asynccontextmanager
async def bot(
    slack: Workspace, folder: Path, *, socket: bool = True, targets: Mapping[str, str] | None = None
) -> AsyncIterator[Bot]:
    """Run the bot while the block runs; yields once Slack is connected and `/readyz` says so.

    `targets` are the variables that say how to reach them; none is set up if left out.
    """
    began = time.perf_counter()
    environment = {**_environment(slack, folder, socket=socket), **(targets or {})}
    async with python_module("bot", ["serve"], environment, _READY) as running:
        port = int(running.ready[1])
        async with slack.session.get(f"http://127.0.0.1:{port}/readyz") as answer:
            said = await answer.text()
            if answer.status != 200:
                raise BenchmarkError(f"The bot says that it is ready, and then that it is not: {said}")
        ready_after = time.perf_counter() - began
        if not socket:
            await slack.control("POST", "/app", {"url": f"http://127.0.0.1:{port}/slack/events"})
        yield Bot(ready_after, port, running)


def _environment(slack: Workspace, folder: Path, *, socket: bool) -> dict[str, str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("OPSROOM_")}
    secret = {"OPSROOM_SLACK_APP_TOKEN": APP_TOKEN} if socket else {"OPSROOM_SLACK_SIGNING_SECRET": SIGNING_SECRET}
    return {
        **others,
        **secret,
        "OPSROOM_SLACK_BOT_TOKEN": BOT_TOKEN,
        "OPSROOM_SLACK_MODE": "socket" if socket else "http",
        "OPSROOM_SLACK_URL": f"{slack.url}/api/",
        "OPSROOM_SLACK_PACING": "false",
        "OPSROOM_DATABASE_URL": address_of(folder),
        "OPSROOM_RUNBOOKS": str(HOME / "runbooks"),
        "OPSROOM_PORT": "0",
    }

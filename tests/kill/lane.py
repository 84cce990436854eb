"""A lane: a workspace, one bot beside it as a process on SQLite, and what is declared there."""

import hashlib
import itertools
import signal
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.store.database import open_store
from sandbox.slack.doors import SocketDoor
from tests.kill.evidence import Evidence, check_channels, check_store, join_announcements
from tests.kill.process import Process, processes, until
from tests.kill.tripwire import Moment, Tripwire
from tests.world import World, world


def _answer(path: str, question: str) -> Any:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return connection.execute(question).fetchone()[0]


@dataclass
class Lane:
    """What a test kills."""

    world: World
    bot: Process
    tripwire: Tripwire
    declared: list[Evidence] = field(default_factory=list)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def title(self, occasion: object) -> str:
        """Return a title like no other: else the declarer would be asked whether it is the same incident."""
        return hashlib.sha256(f"{occasion} {next(self._numbers)}".encode()).hexdigest()[:14]

    async def declare(self, occasion: object) -> Evidence:
        """Declare an incident, and return where to look for it; it was acknowledged."""
        evidence = Evidence(self.world, self.title(occasion))
        result = await self.world.say(f"/incident declare P1 social-live {evidence.title}")
        assert result.acked, result
        self.declared.append(evidence)
        return evidence

    @property
    def address(self) -> str:
        """The store's address."""
        return self.world.settings.database_url.get_secret_value()

    def ask(self, question: str) -> Any:
        """Return what the store answers at this moment to a question with one answer."""
        return _answer(self.address.removeprefix("sqlite:///"), question)

    def unfinished(self) -> int:
        """Return how many workflows have begun and not come to their end."""
        path = self.address.removeprefix("sqlite:///").removesuffix(".db")
        asked = "SELECT count(*) FROM workflow_status WHERE status != 'SUCCESS'"
        return int(_answer(f"{path}-workflows.db", asked))

    def begun(self, workflow: str) -> bool:
        """Return whether the workflow of that id has begun."""
        path = self.address.removeprefix("sqlite:///").removesuffix(".db")
        asked = f"SELECT count(*) FROM workflow_status WHERE workflow_uuid = '{workflow}'"
        return bool(_answer(f"{path}-workflows.db", asked))

    def runner(self, workflow: str) -> Process:
        """Return the bot that runs that workflow."""
        return self.bot

    def taker(self) -> Process:
        """Return the bot that took the latest request."""
        return self.bot

    async def replace(self) -> None:
        """Start a new process for each that has ended."""
        for bot in self.bots:
            if not bot.alive:
                await bot.start()

    def receipts(self) -> int:
        """Return how many requests were written down."""
        return int(self.ask("SELECT count(*) FROM receipts"))

    def at_rest(self) -> bool:
        """Whether every request has come to its end, and every workflow, which is begun before that."""
        open_requests = self.ask("SELECT count(*) FROM receipts WHERE state = 'open'")
        opened = self.ask("SELECT count(*) FROM timers WHERE kind = 'unacknowledged'")
        return bool(open_requests == 0 and opened == len(self.declared) and not self.unfinished())

    @property
    def unacknowledged(self) -> int:
        """How many payloads were sent to the bot without an acknowledgement."""
        door = self.world.workspace.door
        assert isinstance(door, SocketDoor)
        return sum(len(connection.unacked) for connection in door.connections)

    def terminate_at(self, method: str, stage: str) -> None:
        """Ask the bot to stop at the first call of that method."""
        self.tripwire.set(Moment(method, 1, stage), lambda: self.bot.signal(signal.SIGTERM))

    async def restart(self) -> None:
        """Kill the bot unless it is dead already, and start the next one at once."""
        self.bot.kill()
        await self.bot.gone()
        await self.bot.start()

    async def check(self) -> None:
        """Stop every bot and assert that there is one of everything for each incident and nothing else."""
        await until(self.at_rest, "everything ends")
        for bot in self.bots:
            assert await bot.stop() == 0
        check_channels(self.world, len(self.declared))
        async with open_store(self.address) as store:
            await check_store(store, len(self.declared))

    @property
    def bots(self) -> list[Process]:
        """The bots."""
        return [self.bot]


@asynccontextmanager
async def lane(folder: Path, variables: Mapping[str, str] | None = None, **changes: Any) -> AsyncIterator[Lane]:
    """Yield a lane whose bot runs, with variables and settings of its own if given.

    It hears no heartbeat while a test goes on: the restart alone takes work over.
    """
    folder.mkdir()
    async with world(folder, start=False, heartbeat=3.0, dead_after=15.0, **changes) as local:
        join_announcements(local)
        bot = Process(local.workspace, local.settings, folder / "bot.log", variables or {})
        made = Lane(local, bot, Tripwire(local.workspace))
        async with processes(made.bot):
            await made.bot.start()
            yield made

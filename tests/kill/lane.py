"""A lane: a workspace, one bot beside it as a process on SQLite, and what is declared there."""

import hashlib
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.store.database import open_store
from tests.kill.evidence import Evidence, check_channels, check_store, join_announcements
from tests.kill.process import Process, processes
from tests.kill.tripwire import Tripwire
from tests.world import World, world


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

    async def restart(self) -> None:
        """Kill the bot unless it is dead already, and start the next one at once."""
        self.bot.kill()
        await self.bot.gone()
        await self.bot.start()

    async def check(self) -> None:
        """Stop the bot and assert that there is one of everything for each incident and nothing else."""
        assert await self.bot.stop() == 0
        check_channels(self.world, len(self.declared))
        async with open_store(self.world.settings.database_url.get_secret_value()) as store:
            await check_store(store, len(self.declared))


@asynccontextmanager
async def lane(folder: Path) -> AsyncIterator[Lane]:
    """Yield a lane whose bot runs. It hears no heartbeat while a test goes on: the restart alone takes work over."""
    folder.mkdir()
    async with world(folder, start=False, heartbeat=3.0, dead_after=15.0) as local:
        join_announcements(local)
        made = Lane(local, Process(local.workspace, local.settings, folder / "bot.log"), Tripwire(local.workspace))
        async with processes(made.bot):
            await made.bot.start()
            yield made

"""An incident of a platform whose one target is the test's own web server: a bot can be killed while it looks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.slack.state.channels import Channel
from tests.kill.evidence import marked
from tests.kill.lane import Lane
from tests.kill.process import until
from tests.servers.web import Asked, Route, answer, running
from tests.world import HOME

_HOST = "api.shop.example"
_LOG = "\n".join(f"line {number}" for number in range(40))
_PLATFORM = """\
title: Shop
summary: Sells things.
time-zone: Europe/Vienna
on-call-group: shop-oncall
severities: [{name: P1, title: High, meaning: Nobody can buy}]
channels: {incidents: {name: shop-incidents, purpose: Incidents}}
announcement: {channel: incidents}
targets: {web: {kind: http, hosts: [api.shop.example], private: true}}
"""
_PROBES = """\
probes:
  log: {title: Log, run: "curl https://api.shop.example/log"}
  health: {title: Health, run: "curl https://api.shop.example/health"}
"""
_PROCEDURE = """\
procedure: look-around
title: Look around
diagnose: [{probe: log}, {probe: health}, {human: Ask the others}]
"""


@dataclass
class Shop:
    """The web server behind the platform: `asked` is set when somebody looks, who waits until it is `free`."""

    settings: dict[str, Any]
    asked: asyncio.Event
    free: asyncio.Event


@asynccontextmanager
async def shop(folder: Path) -> AsyncIterator[Shop]:
    """Yield a shop that is asked through the settings given."""
    home = folder / "runbooks" / "shop"
    (home / "procedures").mkdir(parents=True)
    (home / "templates").mkdir()
    (home / "platform.yml").write_text(_PLATFORM, encoding="utf-8")
    (home / "probes.yml").write_text(_PROBES, encoding="utf-8")
    (home / "procedures" / "look-around.yml").write_text(_PROCEDURE, encoding="utf-8")
    template = HOME / "tests" / "data" / "runbooks" / "shop" / "templates" / "announcement.md.j2"
    (home / "templates" / template.name).write_bytes(template.read_bytes())
    asked, free = asyncio.Event(), asyncio.Event()
    free.set()

    def watched(route: Route) -> Route:
        async def answered(request: Asked, writer: asyncio.StreamWriter) -> None:
            asked.set()
            await free.wait()
            await route(request, writer)

        return answered

    async with running({"/log": watched(answer(_LOG)), "/health": watched(answer("ok"))}) as web:
        where = f"{_HOST}=http://127.0.0.1:{web.port}"
        yield Shop({"runbooks": folder / "runbooks", "hosts": where}, asked, free)
        free.set()


@dataclass
class Room:
    """An incident's room in the shop, in which everything happens."""

    lane: Lane
    channel: Channel

    async def say(self, text: str) -> None:
        """Type a command; it is acknowledged."""
        assert (await self.lane.world.say(text, channel=self.channel.name)).acked

    def posted(self, kind: str) -> list[Any]:
        """Return the messages of a kind, the first part of their keys."""
        return marked(self.channel, f"{kind}:")

    def shared(self) -> list[str]:
        """Return the titles of the files that are there."""
        return [str(file["title"]) for message in self.channel.messages.values() for file in message.files]

    def noted(self, kind: str) -> int:
        """Return how many entries of a kind the timeline has."""
        return int(self.lane.ask(f"SELECT count(*) FROM timeline WHERE kind = '{kind}'"))

    async def at_rest(self) -> None:
        """Wait until every request has come to its end."""
        await until(lambda: self.lane.ask("SELECT count(*) FROM receipts WHERE state = 'open'") == 0, "all ends")
        assert self.lane.ask("SELECT count(*) FROM receipts WHERE state = 'failed'") == 0


async def opened(lane: Lane) -> Room:
    """Declare an incident of the shop, and return its room once it is ready."""
    await lane.world.say("/incident declare P1 shop nobody can buy")
    made = lane.world.workspace.channels
    bot = lane.world.workspace.bot.id
    await until(lambda: any(channel.creator == bot and channel.pins for channel in made.values()), "the room is open")
    room = Room(lane, next(channel for channel in made.values() if channel.creator == bot))
    await until(lambda: lane.unfinished() == 0, "the room is furnished")
    await room.at_rest()
    return room

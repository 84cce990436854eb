"""A workspace with people in it and Opsroom running beside them: tests speak to the bot as a person does."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import yaml

from bot.app import EngineOf, Opsroom, opsroom
from bot.diagnosis.ports import Targets
from bot.durable.dbos import DbosEngine
from bot.durable.engine import Engine, Guard
from bot.durable.memory import Memory, MemoryEngine
from bot.runbooks.loader import load_platforms
from bot.settings import Settings
from bot.store import grants, incidents
from bot.store.database import Store, open_store
from bot.store.grants import EVERYWHERE, Grant
from bot.store.incidents import Incident
from bot.store.migrate import migrate
from bot.wallclock import Clock
from sandbox.slack import CommandResult, Workspace, serve

T = TypeVar("T")

HOME = Path(__file__).parent.parent
RUNBOOKS = HOME / "runbooks"
PATIENCE = 15.0
"""Seconds after which a test gives up on something that should have happened."""

ROLES: Mapping[str, tuple[str, str] | None] = {
    "olivia": ("operator", EVERYWHERE),
    "omar": ("operator", "social-live"),
    "ada": ("approver", EVERYWHERE),
    "vera": ("viewer", EVERYWHERE),
    "nils": None,
    "rita": ("responder", EVERYWHERE),
}
"""The fixed people of the tests, and what they may do where."""


def manifest(*, socket: bool = True) -> dict[str, Any]:
    """Return our manifest, for Socket Mode or for HTTP."""
    read: dict[str, Any] = yaml.safe_load((HOME / "manifest.yml").read_text(encoding="utf-8"))
    read["settings"]["socket_mode_enabled"] = socket
    return read


def furnished(workspace: Workspace, runbooks: Path = RUNBOOKS) -> Workspace:
    """Put the people, the platforms' channels and their user groups into a workspace."""
    people = [workspace.add_person(name, display_name=name.capitalize()).id for name in ROLES]
    workspace.add_channel("general", members=people, is_general=True)
    platforms = load_platforms(runbooks)
    for name in dict.fromkeys(c.name for platform in platforms for c in platform.channels.values()):
        workspace.add_channel(name, members=people)
    groups = (group for p in platforms for severity in p.severities for group in p.groups_for(severity))
    for handle in dict.fromkeys(groups):
        workspace.add_usergroup(handle, users=[workspace.user_names["rita"]])
    return workspace


async def seed_roles(store: Store, workspace: Workspace) -> None:
    """Give the people their roles."""
    async with store.begin() as connection:
        for name, granted in ROLES.items():
            if granted:
                role, platform = granted
                grant = Grant(workspace.user_names[name], platform, role, "the tests", datetime.now(UTC))
                await grants.give(connection, grant)


def in_memory(memory: Memory) -> EngineOf:
    """Return what makes the engine that works in memory."""

    def make(_store: Store, replica: str, clock: Clock, guard: Guard) -> Engine:
        return MemoryEngine(memory, replica, clock, guard)

    return make


@dataclass
class World:
    """Everything a test needs: the workspace, the running bot, and people by name."""

    workspace: Workspace
    url: str
    settings: Settings
    engine_of: EngineOf = DbosEngine
    clock: Clock | None = None
    targets: Targets | None = None
    _bot: Opsroom | None = field(default=None, init=False)

    @property
    def bot(self) -> Opsroom:
        """The running bot."""
        assert self._bot is not None, "the bot does not run"
        return self._bot

    @asynccontextmanager
    async def running(self) -> AsyncIterator["World"]:
        """Run the bot while the block runs; may be entered again, as a restart."""
        async with opsroom(self.settings, self.clock, self.engine_of, self.targets) as bot:
            self._bot = bot
            if self.settings.slack_mode == "http":
                await self.workspace.connect_app(f"http://127.0.0.1:{bot.port}/slack/events")
            yield self
        self._bot = None

    def person(self, name: str) -> str:
        """Return a person's id."""
        return self.workspace.user_names[name]

    def channel(self, name: str) -> str:
        """Return a channel's id."""
        return self.workspace.channel_names[name]

    async def say(self, text: str, by: str = "olivia", channel: str = "general") -> CommandResult:
        """Type something; a command if it begins with a slash."""
        return await self.workspace.people.command(self.person(by), self.channel(channel), text)

    def messages(self, channel: str, by: str = "olivia") -> list[dict[str, Any]]:
        """Return what a person sees in a channel, by its name or id."""
        channel_id = self.workspace.channel_names.get(channel, channel)
        seen: list[dict[str, Any]] = self.workspace.screen(self.person(by))["messages"].get(channel_id, [])
        return seen

    def texts(self, channel: str, by: str = "olivia") -> list[str]:
        """Return the texts of what a person sees in a channel."""
        return [str(message["text"]) for message in self.messages(channel, by)]

    def answers(self, by: str = "olivia", channel: str = "general") -> list[dict[str, Any]]:
        """Return the ephemeral messages that a person sees in a channel."""
        return [message for message in self.messages(channel, by) if message.get("ephemeral")]

    async def answer(self, by: str = "olivia", channel: str = "general", *, holding: str = "") -> str:
        """Wait for an answer that holds some words, and return its text."""
        found = await self.until(lambda: [m for m in self.answers(by, channel) if holding in m["text"]])
        return str(found[-1]["text"])

    def modal(self, by: str = "olivia") -> dict[str, Any] | None:
        """Return the form that a person sees."""
        seen: dict[str, Any] | None = self.workspace.screen(self.person(by))["modal"]
        return seen

    async def until(self, look: Callable[[], T]) -> T:
        """Look until there is something to see, and return it."""
        deadline = time.monotonic() + PATIENCE
        while not (seen := look()):
            assert time.monotonic() < deadline, f"it did not happen in {PATIENCE:g} s"
            await asyncio.sleep(0.01)
        return seen

    async def sooner_or_later(self, look: Callable[[], Awaitable[object]]) -> None:
        """Look into the store until it is so."""
        deadline = time.monotonic() + PATIENCE
        while not await look():
            assert time.monotonic() < deadline, f"it did not happen in {PATIENCE:g} s"
            await asyncio.sleep(0.01)

    async def incident(self, number: int = 1) -> Incident | None:
        """Return an incident as the store has it."""
        async with self.bot.store.read() as connection:
            return await incidents.by_number(connection, number)

    async def room(self, number: int = 1) -> Incident:
        """Wait until an incident's room is open and its declarer was told, and return it."""
        deadline = time.monotonic() + PATIENCE
        while True:
            found = await self.incident(number)
            if found and found.header_ts:
                return found
            assert time.monotonic() < deadline, f"INC-{number} has no room after {PATIENCE:g} s"
            await asyncio.sleep(0.01)

    async def button(self, label: str, channel: str = "general", by: str = "olivia") -> tuple[str, str]:
        """Wait for a button and return its message's timestamp and its action id."""

        def look() -> tuple[str, str] | None:
            for message in reversed(self.messages(channel, by)):
                for block in message["blocks"]:
                    for element in block.get("elements", []) if block["type"] == "actions" else []:
                        if element["text"]["text"] == label:
                            return message["ts"], element["action_id"]
            return None

        found = await self.until(look)
        assert found is not None
        return found

    async def press(self, label: str, channel: str = "general", by: str = "olivia") -> None:
        """Press a button, once it is there."""
        ts, action = await self.button(label, channel, by)
        channel_id = self.workspace.channel_names.get(channel, channel)
        await self.workspace.people.click(self.person(by), channel_id, ts, action)

    def calls(self, method: str) -> list[Any]:
        """Return the calls of a Web API method that worked."""
        return [call for call in self.workspace.calls if call.method == method and call.response.get("ok")]


@asynccontextmanager
async def world(
    folder: Path,
    *,
    database_url: str = "",
    engine_of: EngineOf | None = None,
    socket: bool = True,
    start: bool = True,
    targets: Targets | None = None,
    **changes: Any,
) -> AsyncIterator[World]:
    """Yield a world; the bot runs in it unless `start` is False. `changes` are settings."""
    runbooks = changes.get("runbooks", RUNBOOKS)
    workspace = furnished(Workspace(manifest=manifest(socket=socket), rate_limits=False), runbooks)
    async with serve(workspace, port=0) as server:
        settings = settings_for(
            workspace, server.url, database_url or f"sqlite:///{folder}/opsroom.db", socket, changes
        )
        async with open_store(settings.database_url.get_secret_value()) as store:
            await migrate(store)
            await seed_roles(store, workspace)
        made = World(workspace, server.url, settings, engine_of or in_memory(Memory()), targets=targets)
        if not start:
            yield made
            return
        async with made.running():
            yield made


def settings_for(
    workspace: Workspace, url: str, database_url: str, socket: bool, changes: Mapping[str, Any]
) -> Settings:
    """Return settings with which the bot finds the workspace."""
    given: dict[str, Any] = {
        "slack_bot_token": workspace.secrets.bot_token,
        "slack_app_token": workspace.secrets.app_token if socket else None,
        "slack_signing_secret": None if socket else workspace.secrets.signing_secret,
        "slack_mode": "socket" if socket else "http",
        "slack_url": f"{url}/api/",
        "slack_pacing": False,
        "database_url": database_url,
        "runbooks": RUNBOOKS,
        "port": None if socket else 0,
        "heartbeat": 0.2,
        "dead_after": 1.0,
        **changes,
    }
    return Settings(_env_file=None, **given)  # type: ignore[call-arg]  # pydantic-settings takes it

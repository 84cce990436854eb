"""An outbox with everything that it needs: a local workspace, a store, a clock that both share."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.slack.client import SlackClient, Wire
from bot.slack.outbox import Outbox
from bot.slack.pacing import Pacing
from bot.store import outbox as rows
from bot.store.database import Store
from bot.wallclock import Clock
from sandbox.slack import Workspace, serve

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Opsroom"},
    "features": {"bot_user": {"display_name": "Opsroom"}},
    "oauth_config": {"scopes": {"bot": ["chat:write", "channels:history", "channels:read", "users:read"]}},
    "settings": {"socket_mode_enabled": True},
}


@dataclass(frozen=True)
class SharedClock:
    """Lets the workspace read the clock of a test."""

    clock: Clock

    def now(self) -> float:
        return self.clock.now().timestamp()

    async def sleep(self, seconds: float) -> None:
        await self.clock.sleep(seconds)


class Killed(Exception):
    """Stands for the end of the process: nothing of ours expects it."""


@dataclass
class Replica:
    """One process: its client, which can be made to die before or after a call is done, and its outbox."""

    client: SlackClient
    dies: dict[str, str] = field(default_factory=dict)

    async def call(self, method: str, args: Mapping[str, Any] | None = None, **options: Any) -> dict[str, Any]:
        when = self.dies.pop(method, "")
        if when == "before":
            raise Killed
        answer = await self.client.call(method, args, **options)
        if when == "after":
            raise Killed
        return answer


@dataclass
class Rig:
    """What a test of the outbox holds in its hands."""

    workspace: Workspace
    store: Store
    clock: Clock
    channel: str
    replicas: list[tuple[Replica, Outbox]] = field(default_factory=list)

    def replica(
        self, name: str, *, paced: bool = True, timeout: float = 10.0, settle: float = 2.0
    ) -> tuple[Replica, Outbox]:
        """Start another replica; `timeout` is its client's, both in seconds."""
        url = f"{self.workspace.base_url}/api/"
        pacing = Pacing(self.clock, enforce=paced)
        token = self.workspace.secrets.bot_token
        client = SlackClient(
            token, self.clock, base_url=url, pacing=pacing, wire=Wire(timeout=timeout), spread=lambda: 0.5
        )
        process = Replica(client)
        self.replicas.append((process, Outbox(self.store, process, self.clock, name, settle=settle)))
        return self.replicas[-1]

    def texts(self, channel: str | None = None) -> list[str]:
        """Return what the channel says, oldest first."""
        messages = self.workspace.channels[channel or self.channel].messages
        return [message.text for message in messages.values() if message.subtype is None]

    def calls(self, method: str) -> int:
        """Return how often a method was called."""
        return len(self.workspace.calls.of(method))

    async def row(self, key: str) -> rows.Row:
        """Return a message's row."""
        async with self.store.read() as connection:
            row = await rows.find(connection, key)
        assert row is not None, f"the outbox has no {key}"
        return row


@asynccontextmanager
async def rig_with(store: Store, clock: Clock, *, rate_limits: bool = True) -> AsyncIterator[Rig]:
    """Serve a workspace with one channel that the bot is in, while the block runs."""
    workspace = Workspace(manifest=MANIFEST, clock=SharedClock(clock), rate_limits=rate_limits)
    channel = workspace.add_channel("ops", members=[workspace.bot])
    async with serve(workspace):
        rig = Rig(workspace, store, clock, channel.id)
        try:
            yield rig
        finally:
            for process, outbox in rig.replicas:
                await outbox.close()
                await process.client.close()

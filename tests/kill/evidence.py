"""What must be found after a crash: everything, and everything once."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.incidents.opening import UNACKNOWLEDGED
from bot.runbooks.loader import load_platforms
from bot.store import incidents, outbox, receipts, timeline, timers
from bot.store.database import Store
from bot.store.outbox import SENT
from sandbox.slack.state.channels import Channel
from tests.kill.process import until
from tests.world import RUNBOOKS, World

PLATFORM = next(platform for platform in load_platforms(RUNBOOKS) if platform.name == "social-live")
ANNOUNCED_IN = PLATFORM.announcement_channel
LINKS = sorted(str(link.url) for link in PLATFORM.links.values() if link.url)
KEPT = ("header", "announcement")
"""What is posted through the outbox for each incident."""


def join_announcements(world: World) -> None:
    """Invite the bot where it announces: after a crash it must be able to look there."""
    if ANNOUNCED_IN in world.workspace.channel_names:
        world.workspace.enrol(world.workspace.channel(ANNOUNCED_IN), world.workspace.bot.id)


@dataclass(frozen=True)
class Evidence:
    """What the workspace shows of the incident with a title."""

    world: World
    title: str
    by: str = "olivia"

    @property
    def rooms(self) -> list[Channel]:
        """The channels whose header or topic has the title, or that were made for it and are still bare."""
        return [channel for channel in self._made() if self.title in channel.topic.value or self._headers(channel)]

    def _made(self) -> Iterator[Channel]:
        bot = self.world.workspace.bot.id
        return (channel for channel in self.world.workspace.channels.values() if channel.creator == bot)

    def _headers(self, channel: Channel) -> list[Any]:
        return [message for message in marked(channel, "header:") if self.title in message.text]

    @property
    def announcements(self) -> list[Any]:
        """The announcements of it."""
        there = self.world.workspace.channel(ANNOUNCED_IN)
        return [message for message in marked(there, "announcement:") if self.title in message.text]

    @property
    def answers(self) -> list[str]:
        """What its declarer was told."""
        rooms = [f"<#{room.id}>" for room in self.rooms]
        seen = self.world.answers(self.by)
        return [message["text"] for message in seen if any(room in message["text"] for room in rooms)]

    @property
    def whole(self) -> bool:
        """Whether everything has been done at least once."""
        room = next(iter(self.rooms), None)
        if room is None or not (self.announcements and self.answers and room.pins and room.topic.value):
            return False
        return len(room.bookmarks) >= len(LINKS) and self._people <= set(room.members) and bool(self._headers(room))

    @property
    def _people(self) -> set[str]:
        return {self.world.person(self.by), self.world.person("rita")}

    async def complete(self) -> None:
        """Wait until everything is there."""
        await until(lambda: self.whole, self)

    def __str__(self) -> str:
        """Say what is there, for whoever reads a failure."""
        rooms = [(room.name, len(room.pins), len(room.bookmarks), len(self._headers(room))) for room in self.rooms]
        return f"“{self.title}”: rooms {rooms}, {len(self.announcements)} announcements, answers {self.answers}"

    def check(self, *, most_answers: int = 1) -> None:
        """Assert that nothing is doubled; only the answer to the declarer may have been given `most_answers` times."""
        (room,) = self.rooms
        (header,) = self._headers(room)
        assert [pin.ts for pin in room.pins.values()] == [header.ts]
        assert sorted(bookmark["link"] for bookmark in room.bookmarks.values()) == LINKS
        assert len(self.announcements) == 1, str(self)
        assert 1 <= len(self.answers) <= most_answers, str(self)
        assert self._people <= set(room.members)
        assert self.title in room.topic.value
        assert [message.text for message in room.messages.values() if "⚠️" in message.text] == []


def marked(channel: Channel, prefix: str) -> list[Any]:
    """Return the messages of a channel whose metadata has a key of that kind."""
    return [
        message
        for message in channel.messages.values()
        if message.metadata and str(message.metadata["event_payload"]["key"]).startswith(prefix)
    ]


def check_channels(world: World, count: int) -> None:
    """Assert that the bot made so many channels, bare ones included."""
    made = [channel for channel in world.workspace.channels.values() if channel.creator == world.workspace.bot.id]
    assert len(made) == count, [channel.name for channel in made]


async def check_store(store: Store, count: int) -> None:
    """Assert that the store has so many incidents, each declared once, and that nothing is left to do for them."""
    async with store.read() as connection:
        found = await incidents.still_open(connection, ["social-live"], 1000)
        assert len(found) == count
        for incident in found:
            kinds = [entry.kind for entry in await timeline.entries(connection, incident.number)]
            assert (kinds.count("declared"), kinds.count("room"), kinds.count("trouble")) == (1, 1, 0)
        messages = {row.key: row.state for row in await connection.execute(select(outbox.outbox))}
        assert messages == {f"{kind}:{incident.number}": SENT for incident in found for kind in KEPT}
        due = await connection.execute(select(timers.timers.c.key).where(timers.timers.c.kind == UNACKNOWLEDGED))
        assert sorted(map(int, due.scalars())) == sorted(incident.number for incident in found)
        assert await _open_receipts(connection) == 0


async def _open_receipts(connection: AsyncConnection) -> int:
    counted = select(func.count()).where(receipts.receipts.c.state == "open")
    return int((await connection.execute(counted)).scalar_one())

"""Incidents that exist before the load begins: open, unacknowledged, each with a room and a header."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.furniture import PEOPLE, WHERE
from benchmarks.stores import opened
from benchmarks.workspace import Workspace
from bot.runbooks.platforms import Platforms
from bot.store import incidents

_LONG_AGO = timedelta(hours=2)
"""Declares are compared with what was declared within the last minute, and these are not meant."""


@dataclass(frozen=True, slots=True)
class Room:
    """A channel and the timestamp of its header."""

    channel: str
    name: str
    header: str


async def seed(folder: Path, slack: Workspace, platforms: Platforms, count: int) -> None:
    """Open that many rooms and write their incidents, INC-1 and so on, into the store."""
    side_by_side = asyncio.Semaphore(8)

    async def room(number: int) -> Room:
        async with side_by_side:
            return await _room(slack, number)

    rooms = await asyncio.gather(*(room(number) for number in range(1, count + 1)))
    everywhere = list(platforms)
    async with opened(folder) as store, store.begin() as connection:
        for number, made in enumerate(rooms, 1):
            platform = everywhere[number % len(everywhere)]
            rank = number % len(platform.severities)
            declared = await incidents.add(
                connection,
                origin=f"seed:{number}",
                platform=platform.name,
                severity=platform.severities[rank].name,
                rank=rank,
                title=f"Seeded incident number {number}",
                summary=f"Seeded incident number {number}",
                declared_by=slack.people[PEOPLE[0]],
                declared_at=datetime.now(UTC) - _LONG_AGO,
                declared_in=slack.channels[WHERE],
                reply_to=None,
            )
            room_of = {"channel_name": made.name, "channel_id": made.channel, "header_ts": made.header}
            await incidents.change(connection, declared.number, **room_of)


async def _room(slack: Workspace, number: int) -> Room:
    name = f"seeded-{number:05d}"
    channel = (await slack.as_app("conversations.create", name=name))["channel"]["id"]
    posted = await slack.as_app("chat.postMessage", channel=channel, text=f"Header of the seeded incident {number}")
    return Room(channel, name, posted["ts"])

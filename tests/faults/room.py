"""What a test asks of an incident's room."""

from collections.abc import Callable
from typing import Any

from sandbox.slack.state.channels import Channel
from tests.kill.evidence import ANNOUNCED_IN, LINKS
from tests.world import World

DECLARE = "/incident declare P1 social-live checkout returns 500"
TRY_AGAIN = "Try again"


async def declared(world: World, text: str = DECLARE, number: int = 1) -> Channel:
    """Declare and return the room's channel, once it is there."""
    assert (await world.say(text)).acked
    room = await world.room(number)
    return world.workspace.channels[room.channel_id or ""]


def texts(channel: Channel, holding: str = "") -> list[str]:
    """Return what was said in a channel, the oldest first."""
    return [message.text for message in channel.messages.values() if holding in message.text]


def announcements(world: World) -> list[Any]:
    """Return what was said where incidents are announced."""
    there = next(channel for channel in world.workspace.channels.values() if channel.name == ANNOUNCED_IN)
    return [message for message in there.messages.values() if "INC-" in message.text]


async def works(world: World, channel: Channel, *but: str) -> None:
    """Wait until everything is there except some parts, and these are not."""
    parts: dict[str, Callable[[], object]] = {
        "header": lambda: texts(channel, "*INC-"),
        "topic": lambda: channel.topic.value,
        "invitation": lambda: world.person("olivia") in channel.members,
        "responders": lambda: world.person("rita") in channel.members,
        "answer": lambda: [m for m in world.answers() if "is open" in m["text"]],
        "pin": lambda: len(channel.pins) == 1,
        "bookmarks": lambda: len(channel.bookmarks) == len(LINKS),
        "announcement": lambda: len(announcements(world)) == 1,
    }
    await world.until(lambda: all(there() for part, there in parts.items() if part not in but))
    assert [part for part, there in parts.items() if there() and part in but] == []

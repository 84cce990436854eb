"""The parts of an incident's room, one function each. Every one may be repeated: what is there already stays."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.diagnosis.reporting import Reports
from bot.errors import Conflict, SlackRefused
from bot.incidents.nouns import Announcement, Header, Named, Opened
from bot.incidents.ports import Rooms
from bot.runbooks.platform import Platform
from bot.runbooks.platforms import Platforms
from bot.store import incidents, troubles
from bot.store.database import Store
from bot.store.incidents import Incident

Part = Callable[["Workshop", Incident, Platform], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Workshop:
    """What the parts are made with."""

    store: Store
    rooms: Rooms
    platforms: Platforms
    reports: Reports | None = None

    async def make(self, part: str, number: int) -> None:
        """Make one part of an incident's room."""
        named = await self.named(number)
        await PARTS[part](self, named.incident, named.platform)

    async def named(self, number: int) -> Named:
        """Return an incident with its platform. Raises Conflict when the runbooks no longer have that."""
        incident = await self.incident(number)
        platform = self.platforms.get(incident.platform)
        if platform is None:
            raise Conflict(f"The platform {incident.platform} of {incident.ref} is no longer in the runbooks.")
        return Named(incident, platform)

    async def incident(self, number: int) -> Incident:
        """Return an incident that was declared."""
        async with self.store.read() as connection:
            incident = await incidents.by_number(connection, number)
        assert incident is not None, "incidents are never deleted"
        return incident


def _room(incident: Incident) -> str:
    if incident.channel_id is None:
        raise Conflict(f"The room of {incident.ref} is not open yet.")
    return incident.channel_id


async def _invite_declarer(shop: Workshop, incident: Incident, _: Platform) -> None:
    await shop.rooms.invite(_room(incident), [incident.declared_by])


async def _invite_responders(shop: Workshop, incident: Incident, platform: Platform) -> None:
    severity = Named(incident, platform).severity
    refused: SlackRefused | None = None
    for group in platform.groups_for(severity):
        try:
            people = await shop.rooms.members(group)
            await shop.rooms.invite(_room(incident), [person for person in people if person != incident.declared_by])
        except SlackRefused as error:
            refused = error
    if refused:
        raise refused


async def _post_header(shop: Workshop, incident: Incident, platform: Platform) -> None:
    header = await shop.rooms.post(f"header:{incident.number}", _room(incident), Header(incident, platform))
    async with shop.store.begin() as connection:
        now = await incidents.change(connection, incident.number, header_ts=header)
    if now.status != "declared":  # since the header was written, which says that nobody has acknowledged
        await shop.rooms.edit(f"header:{now.number}", _room(now), header, Header(now, platform))


async def _set_topic(shop: Workshop, incident: Incident, platform: Platform) -> None:
    label = Named(incident, platform).severity.label
    await shop.rooms.set_topic(_room(incident), f"{incident.ref} · {label} · {platform.title} · {incident.title}")


async def _pin_header(shop: Workshop, incident: Incident, _: Platform) -> None:
    if incident.header_ts is None:
        raise Conflict("There is no header to pin yet.")
    await shop.rooms.pin(_room(incident), incident.header_ts)


async def _look_over(shop: Workshop, incident: Incident, platform: Platform) -> None:
    if incident.header_ts is None:
        raise Conflict("There is no header in whose thread to look.")
    if shop.reports is not None:
        channel, header = _room(incident), incident.header_ts
        await shop.reports.first_look(platform, incident.number, channel, header, incident.declared_at)


async def _add_bookmarks(shop: Workshop, incident: Incident, platform: Platform) -> None:
    for link in platform.links.values():
        if link.url:
            await shop.rooms.bookmark(_room(incident), link.title, str(link.url))


async def _announce(shop: Workshop, incident: Incident, platform: Platform) -> None:
    channel = f"#{platform.announcement_channel}"
    await shop.rooms.post(f"announcement:{incident.number}", channel, Announcement(incident, platform))


async def _tell_declarer(shop: Workshop, incident: Incident, platform: Platform) -> None:
    async with shop.store.read() as connection:
        inside = not await troubles.of(connection, incident.number, "invitation")
    opened = Opened(incident, platform, inside)
    await shop.rooms.answer(incident.reply_to, incident.declared_in, incident.declared_by, opened)


PARTS: Mapping[str, Part] = {
    "invitation": _invite_declarer,
    "header": _post_header,
    "topic": _set_topic,
    "responders": _invite_responders,
    "answer": _tell_declarer,
    "pin": _pin_header,
    "assessment": _look_over,
    "bookmarks": _add_bookmarks,
    "announcement": _announce,
}
"""Every part by the name under which its trouble is kept; people read the names in `bot.slack.views.troubles`."""
CHAINS = (
    ("invitation", "answer"),
    ("header", "pin", "assessment"),
    ("topic",),
    ("responders",),
    ("bookmarks",),
    ("announcement",),
)
"""What waits for what; everything else is made side by side, so that no part holds another up."""
NEEDED = frozenset({"header"})
"""Parts without which the rest of their chain makes no sense."""


def from_part(part: str) -> Sequence[str]:
    """Return a part and what comes after it."""
    chain = next(chain for chain in CHAINS if part in chain)
    return chain[chain.index(part) :]

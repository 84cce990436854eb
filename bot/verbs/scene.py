"""The scene of a request: what can be known about the person and the place before the words are read."""

from dataclasses import dataclass, replace

from bot.access.roles import Rights, rights_of
from bot.runbooks.platforms import Platforms
from bot.store import incidents
from bot.store.database import Store
from bot.store.incidents import Incident
from bot.verbs.request import Request

_CHOICES = 100
"""As many open incidents as a Slack select can offer."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Who asks, and where: `incident` is the one whose room this is, `platform` the one this channel belongs to."""

    platforms: Platforms
    rights: Rights
    incident: Incident | None = None
    platform: str | None = None
    choices: tuple[Incident, ...] = ()

    @property
    def likely_platform(self) -> str | None:
        """The platform that needs no saying: the channel's, else the only one that the person works on."""
        own = tuple(name for name in self.rights.own_platforms if name in self.platforms.names)
        return self.platform or (own[0] if len(own) == 1 else None)


async def scene_of(request: Request, store: Store, platforms: Platforms) -> Scene:
    """Look up the person's rights and what the channel is."""
    async with store.read() as connection:
        incident = await incidents.by_channel(connection, request.channel)
    home = platforms.of_channel(request.channel_name)
    platform = incident.platform if incident else home.name if home else None
    return Scene(platforms, await rights_of(store, request.by), incident, platform)


async def with_choices(scene: Scene, store: Store) -> Scene:
    """Return the scene with the open incidents that the person may choose from."""
    readable = scene.rights.readable(scene.platforms.names)
    async with store.read() as connection:
        found = await incidents.still_open(connection, readable, _CHOICES)
    return replace(scene, choices=tuple(found))

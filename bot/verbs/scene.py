"""The scene of a request: what can be known about the person and the place before the words are read."""

from dataclasses import dataclass, replace

from bot.access.holding import Holding
from bot.access.roles import Rights, Role
from bot.runbooks.platforms import Platforms
from bot.store import grants, incidents
from bot.store.database import Store
from bot.store.incidents import Incident
from bot.verbs.request import Request

GLANCE = 0.5
"""Seconds for one look into the store while Slack waits for an answer to a submitted form."""
_CHOICES = 100
"""As many open incidents as a Slack select can offer."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Who asks, and where: `incident` is the one whose room this is, `platform` the one this channel belongs to.

    `needs` is the role that the verb asks for: what the person has it for can be chosen, all else is refused.
    """

    platforms: Platforms
    rights: Rights
    needs: Role = Role.NOBODY
    incident: Incident | None = None
    platform: str | None = None
    choices: tuple[Incident, ...] = ()

    @property
    def likely_platform(self) -> str | None:
        """The platform that needs no saying: the channel's, else the only one that the person works on."""
        known = tuple(name for name in self.rights.own_platforms if name in self.platforms.names)
        own = self.rights.reach(self.needs, known)
        return self.platform or (own[0] if len(own) == 1 else None)


@dataclass(frozen=True, slots=True)
class Scenery:
    """Where scenes are looked up: the store, the platforms as they are now, and who holds which grants."""

    store: Store
    platforms: Platforms
    holding: Holding

    async def scene_of(self, request: Request, needs: Role = Role.NOBODY, within: float | None = None) -> Scene:
        """Look up the person's rights and what the channel is, for a verb that needs that role.

        `within` is how many seconds the store has for it, and after it Slack for the members of groups; raises
        StoreUnavailable.
        """
        async with self.store.read(within) as connection:
            incident = await incidents.by_channel(connection, request.channel)
            concerning = await grants.concerning(connection, request.by)
        environments = {platform.name: platform.environment for platform in self.platforms}
        rights = await self.holding.rights(request.by, concerning, environments, within)
        home = self.platforms.of_channel(request.channel_name)
        platform = incident.platform if incident else home.name if home else None
        return Scene(self.platforms, rights, needs, incident, platform)


async def with_choices(scene: Scene, store: Store, within: float | None = None) -> Scene:
    """Return the scene with the open incidents that the person may choose from."""
    names = scene.rights.reach(scene.needs, scene.platforms.names)
    async with store.read(within) as connection:
        found = await incidents.still_open(connection, names, _CHOICES)
    return replace(scene, choices=tuple(found))

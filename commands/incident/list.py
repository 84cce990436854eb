"""List the open incidents, the worst first.

`/incident list` shows all that you may see, `/incident list social-live` those of one platform.
"""

from dataclasses import dataclass

from bot.access.roles import Role
from bot.incidents.desk import Desk
from bot.incidents.nouns import IncidentList
from bot.runbooks.platform import Platform
from bot.verbs.scene import Scene

ACCESS = Role.VIEWER


@dataclass(frozen=True, slots=True)
class Arguments:
    """Of which platform, if not of all."""

    platform: Platform | None = None


async def run(scene: Scene, arguments: Arguments, desk: Desk) -> IncidentList:
    """List."""
    return await desk.listed(scene.rights, arguments.platform)

"""Show an incident: what, how bad, since when, who is on it, and what happened last.

`/incident show` in its room, `/incident show INC-12` anywhere.
"""

from dataclasses import dataclass

from bot.access.roles import Role
from bot.incidents.desk import Desk
from bot.incidents.nouns import IncidentCard
from bot.verbs.readers import IncidentNumber
from bot.verbs.scene import Scene

ACCESS = Role.VIEWER


@dataclass(frozen=True, slots=True)
class Arguments:
    """Which one."""

    incident: IncidentNumber


async def run(scene: Scene, arguments: Arguments, desk: Desk) -> IncidentCard:
    """Show."""
    return await desk.card(arguments.incident, scene.rights)

"""Join the room of an incident.

`/incident join INC-12`
"""

from dataclasses import dataclass

from bot.access.roles import Role
from bot.incidents.desk import Desk
from bot.incidents.nouns import Joined
from bot.verbs.readers import IncidentNumber
from bot.verbs.scene import Scene

ACCESS = Role.RESPONDER


@dataclass(frozen=True, slots=True)
class Arguments:
    """Which one."""

    incident: IncidentNumber


async def run(scene: Scene, arguments: Arguments, desk: Desk) -> Joined:
    """Join."""
    return await desk.join(arguments.incident, scene.rights)

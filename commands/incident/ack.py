"""Acknowledge an incident: everybody sees that you are on it.

`/incident ack` in its room, `/incident ack INC-12` anywhere.
"""

from dataclasses import dataclass

from bot.access.roles import Role
from bot.incidents.desk import Desk
from bot.incidents.nouns import Acknowledged, AcknowledgedBefore
from bot.verbs.readers import IncidentNumber
from bot.verbs.request import Request
from bot.verbs.scene import Scene

ACCESS = Role.RESPONDER


@dataclass(frozen=True, slots=True)
class Arguments:
    """Which one."""

    incident: IncidentNumber


async def run(request: Request, scene: Scene, arguments: Arguments, desk: Desk) -> Acknowledged | AcknowledgedBefore:
    """Acknowledge."""
    return await desk.acknowledge(arguments.incident, scene.rights, request.at)

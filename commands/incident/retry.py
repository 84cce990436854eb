"""Retry a part of a room that did not work.

The room says which part has trouble and has a button for this; `/incident retry INC-12 pin` does the same.
"""

from dataclasses import dataclass
from typing import Annotated

from bot.access.roles import Role
from bot.incidents.desk import Desk
from bot.verbs.arguments import Hint
from bot.verbs.readers import IncidentNumber, WordText
from bot.verbs.replies import Said
from bot.verbs.scene import Scene

ACCESS = Role.RESPONDER


@dataclass(frozen=True, slots=True)
class Arguments:
    """Which part of which room."""

    incident: IncidentNumber
    part: Annotated[WordText, Hint("The part that the room complained about, for example pin.")]


async def run(scene: Scene, arguments: Arguments, desk: Desk) -> Said:
    """Retry."""
    named = await desk.retry(arguments.incident, arguments.part, scene.rights)
    return Said(f"Trying again: {arguments.part} of {named.incident.ref}. The room will say how it went.")

"""Begin your own request, if it needs nobody's approval: what was planned is shown, and you say go.

`/request begin REQ-7`, or the button below it. When the world has moved since it was planned, nothing is changed.
"""

from dataclasses import dataclass

from bot.access.roles import Role
from bot.remediation.deciding import Deciding, Hand
from bot.verbs.readers import RequestNumber
from bot.verbs.request import Request
from bot.verbs.scene import Scene

ACCESS = Role.OPERATOR


@dataclass(frozen=True, slots=True)
class Arguments:
    """Which request."""

    request: RequestNumber


async def run(request: Request, scene: Scene, arguments: Arguments, deciding: Deciding) -> None:
    """Begin; the message shows it."""
    await deciding.begin(arguments.request, scene.rights, Hand(request.by, request.at, request.id))

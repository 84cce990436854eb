"""Allow a request: the plan that it shows is carried out, and nothing else.

`/request approve REQ-7`, or the button below it. Whoever asked for it cannot allow it. When the world has moved since
it was planned, nothing is changed, and the message says what moved.
"""

from dataclasses import dataclass

from bot.access.roles import Role
from bot.remediation.deciding import Deciding, Hand
from bot.verbs.readers import RequestNumber
from bot.verbs.request import Request
from bot.verbs.scene import Scene

ACCESS = Role.APPROVER


@dataclass(frozen=True, slots=True)
class Arguments:
    """Which request."""

    request: RequestNumber


async def run(request: Request, scene: Scene, arguments: Arguments, deciding: Deciding) -> None:
    """Approve; the message shows it."""
    await deciding.approve(arguments.request, scene.rights, Hand(request.by, request.at, request.id))

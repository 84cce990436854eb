"""Take your own request back before anything was done.

`/request withdraw REQ-7`, or the button below it.
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
    """Withdraw; the message shows it."""
    await deciding.withdraw(arguments.request, scene.rights, Hand(request.by, request.at, request.id))

"""Begin a request without its approvals, when nobody else can be reached: everybody is told.

`/request break-glass REQ-7 nobody answers and checkout is down`, or the button below it, which asks for the reason. For
admins, and for the operator who is on the incident; the platform's channel is told, and the audit log keeps it.
"""

from dataclasses import dataclass
from typing import Annotated

from bot.access.roles import Role
from bot.remediation.deciding import Deciding, Hand
from bot.verbs.arguments import Hint
from bot.verbs.readers import RequestNumber
from bot.verbs.request import Request
from bot.verbs.scene import Scene

ACCESS = Role.OPERATOR


@dataclass(frozen=True, slots=True)
class Arguments:
    """Which request, and why nobody else allows it."""

    request: RequestNumber
    reason: Annotated[str, Hint("Why it cannot wait; everybody reads it.", 500)]


async def run(request: Request, scene: Scene, arguments: Arguments, deciding: Deciding) -> None:
    """Begin it; the message shows it, and the platform's channel is told."""
    hand = Hand(request.by, request.at, request.id)
    await deciding.break_glass(arguments.request, scene.rights, arguments.reason, hand)

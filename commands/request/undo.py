"""Ask for the way back of what a request has done; it needs the same approvals.

`/request undo REQ-7`, or the button below its result.
"""

from dataclasses import dataclass

from bot.access.roles import Role
from bot.remediation.asking import Asking, ConfirmationMissing, Return
from bot.verbs.confirming import confirmation
from bot.verbs.readers import RequestNumber, Typed
from bot.verbs.replies import Form
from bot.verbs.request import Request
from bot.verbs.scene import Scene

ACCESS = Role.OPERATOR
WAITS = True


@dataclass(frozen=True, slots=True)
class Arguments:
    """Which request."""

    request: RequestNumber
    typed: Typed | None = None


async def run(request: Request, scene: Scene, arguments: Arguments, asking: Asking) -> Form | None:
    """Plan the way back and ask for it."""
    wish = Return(request.id, request.by, request.at, request.channel, arguments.typed or "")
    try:
        await asking.take_back(arguments.request, scene.rights, wish)
    except ConfirmationMissing as missing:
        return confirmation("request undo", "Take it back", missing, {"request": f"REQ-{arguments.request}"})
    return None

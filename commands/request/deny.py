"""Refuse a request for good, and say why.

`/request deny REQ-7 wait for the backup`, or the button below it, which asks for the reason.
"""

from dataclasses import dataclass
from typing import Annotated

from bot.access.roles import Role
from bot.remediation.deciding import Deciding, Hand
from bot.verbs.arguments import Hint
from bot.verbs.readers import RequestNumber
from bot.verbs.request import Request
from bot.verbs.scene import Scene

ACCESS = Role.APPROVER


@dataclass(frozen=True, slots=True)
class Arguments:
    """Which request, and why not."""

    request: RequestNumber
    reason: Annotated[str, Hint("Why not; whoever asked reads it.", 500)]


async def run(request: Request, scene: Scene, arguments: Arguments, deciding: Deciding) -> None:
    """Deny; the message shows it."""
    hand = Hand(request.by, request.at, request.id)
    await deciding.deny(arguments.request, scene.rights, arguments.reason, hand)

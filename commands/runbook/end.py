"""End a walkthrough: its buttons go, what was done stays.

`/runbook end WALK-7`
"""

from dataclasses import dataclass

from bot.access.roles import Role
from bot.verbs.readers import WalkNumber
from bot.verbs.request import Request
from bot.verbs.scene import Scene
from bot.walkthroughs.walking import Hand, Walkthroughs

ACCESS = Role.RESPONDER


@dataclass(frozen=True, slots=True)
class Arguments:
    """Which one."""

    walk: WalkNumber


async def run(request: Request, scene: Scene, arguments: Arguments, walkthroughs: Walkthroughs) -> None:
    """End it."""
    board = await walkthroughs.find(arguments.walk, scene.rights)
    await walkthroughs.end(board, Hand(request.by, request.at, request.id))

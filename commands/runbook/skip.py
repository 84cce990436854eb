"""Skip a step: everybody sees it, and why.

`/runbook skip WALK-7 3 the provider says that all is well`
"""

from dataclasses import dataclass
from typing import Annotated

from bot.access.roles import Role
from bot.store.walkthroughs import SKIPPED
from bot.verbs.arguments import Hint
from bot.verbs.readers import StepNumber, WalkNumber
from bot.verbs.request import Request
from bot.verbs.scene import Scene
from bot.walkthroughs.walking import Hand, Walkthroughs

ACCESS = Role.RESPONDER


@dataclass(frozen=True, slots=True)
class Arguments:
    """Which step of which walkthrough, and why."""

    walk: WalkNumber
    step: StepNumber
    note: Annotated[str, Hint("Why it is skipped.", 500)]


async def run(request: Request, scene: Scene, arguments: Arguments, walkthroughs: Walkthroughs) -> None:
    """Settle the step; the message shows it."""
    board = await walkthroughs.find(arguments.walk, scene.rights)
    hand = Hand(request.by, request.at, request.id)
    await walkthroughs.settle(board, arguments.step, SKIPPED, arguments.note, hand)

"""Say that a step is done: everybody sees it, and by whom.

`/runbook done WALK-7 3`, or with a note: `/runbook done WALK-7 3 restarted one pod at a time`.
"""

from dataclasses import dataclass
from typing import Annotated

from bot.access.roles import Role
from bot.store.walkthroughs import DONE
from bot.verbs.arguments import Hint
from bot.verbs.readers import StepNumber, WalkNumber
from bot.verbs.request import Request
from bot.verbs.scene import Scene
from bot.walkthroughs.walking import Hand, Walkthroughs

ACCESS = Role.RESPONDER


@dataclass(frozen=True, slots=True)
class Arguments:
    """Which step of which walkthrough, and what to know of it."""

    walk: WalkNumber
    step: StepNumber
    note: Annotated[str, Hint("What others should know of it.", 500)] = ""


async def run(request: Request, scene: Scene, arguments: Arguments, walkthroughs: Walkthroughs) -> None:
    """Settle the step; the message shows it."""
    board = await walkthroughs.find(arguments.walk, scene.rights)
    hand = Hand(request.by, request.at, request.id)
    await walkthroughs.settle(board, arguments.step, DONE, arguments.note, hand)

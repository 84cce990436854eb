"""Run the command of a step that only looks; it can be run again.

`/runbook run WALK-7 2`, or the button beside the step. A value that its command line needs is asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from bot.access.roles import Role
from bot.diagnosis.binding import missing_values
from bot.verbs.arguments import Hint
from bot.verbs.parameters import form_for_values
from bot.verbs.readers import Given, StepNumber, WalkNumber
from bot.verbs.replies import Form
from bot.verbs.request import Request
from bot.verbs.scene import Scene
from bot.walkthroughs.walking import Hand, Walkthroughs

ACCESS = Role.RESPONDER
WAITS = True


@dataclass(frozen=True, slots=True)
class Arguments:
    """Which step of which walkthrough."""

    walk: WalkNumber
    step: StepNumber
    given: Annotated[Given | None, Hint("Values that the command line needs, like pod-name=web-1.")] = None


async def run(request: Request, scene: Scene, arguments: Arguments, walkthroughs: Walkthroughs) -> Form | None:
    """Look; what was found shows beside the step."""
    board = await walkthroughs.find(arguments.walk, scene.rights)
    probe = walkthroughs.probe(board, arguments.step)
    given: Mapping[str, str] = {**board.walkthrough.given, **(arguments.given or {})}
    if missing := missing_values(board.platform, (probe,), given):
        kept = {"walk": board.walkthrough.ref, "step": str(arguments.step)}
        return form_for_values("runbook run", probe.title, missing, given, kept)
    await walkthroughs.look(board, arguments.step, given, Hand(request.by, request.at, request.id))
    return None

"""Run the command of a step that only looks; it can be run again.

`/runbook run WALK-7 2`, or the button beside the step. A value that its command line needs is asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from bot.access.roles import Role
from bot.diagnosis.binding import missing_values, refuse_strangers, wrong_values
from bot.verbs.arguments import Hint
from bot.verbs.parameters import field_name, form_for_values
from bot.verbs.readers import Given, StepNumber, WalkNumber
from bot.verbs.replies import Form
from bot.verbs.request import Request
from bot.verbs.scene import GLANCE, Scene
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
    refuse_strangers((probe,), arguments.given or {})
    wrong = wrong_values((probe,), given)
    if missing := missing_values(board.platform, (probe,), given):
        kept = {"walk": board.walkthrough.ref, "step": str(arguments.step)}
        return form_for_values("runbook run", probe.title, missing, arguments.given or {}, kept, wrong)
    await walkthroughs.look(board, arguments.step, given, Hand(request.by, request.at, request.id))
    return None


async def check(scene: Scene, arguments: Arguments, walkthroughs: Walkthroughs) -> Mapping[str, str]:
    """Return what is wrong with the values of the form, by field."""
    board = await walkthroughs.find(arguments.walk, scene.rights, within=GLANCE)
    probe = walkthroughs.probe(board, arguments.step)
    return {field_name(name): said for name, said in wrong_values((probe,), arguments.given or {}).items()}

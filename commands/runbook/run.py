"""Run the command of a step that only looks; it can be run again.

`/runbook run WALK-7 2`, or the button beside the step. A value that its command line needs is asked for.
What is restricted operators run, and the one who does alone sees what was found.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from bot.access.roles import Role
from bot.diagnosis.binding import missing_values, refuse_strangers, wrong_values
from bot.diagnosis.report import Inquiry
from bot.diagnosis.reporting import Reports
from bot.diagnosis.restricted import require_rights
from bot.runbooks.probes import Probe
from bot.verbs.arguments import Hint
from bot.verbs.parameters import field_name, form_for_values
from bot.verbs.readers import Given, StepNumber, WalkNumber
from bot.verbs.replies import Form
from bot.verbs.request import Request
from bot.verbs.scene import GLANCE, Scene
from bot.walkthroughs.nouns import WalkthroughBoard
from bot.walkthroughs.walking import Hand, Walkthroughs

ACCESS = Role.RESPONDER
WAITS = True


@dataclass(frozen=True, slots=True)
class Arguments:
    """Which step of which walkthrough."""

    walk: WalkNumber
    step: StepNumber
    given: Annotated[Given | None, Hint("Values that the command line needs, like pod-name=web-1.")] = None


async def run(
    request: Request, scene: Scene, arguments: Arguments, walkthroughs: Walkthroughs, reports: Reports
) -> Form | None:
    """Look; what was found shows beside the step, or to the one who asked alone."""
    board = await walkthroughs.find(arguments.walk, scene.rights)
    probe = walkthroughs.probe(board, arguments.step)
    require_rights(scene.rights, board.platform, (probe,))
    given: Mapping[str, str] = {**board.walkthrough.given, **(arguments.given or {})}
    refuse_strangers((probe,), arguments.given or {})
    wrong = wrong_values((probe,), given)
    if missing := missing_values(board.platform, (probe,), given):
        kept = {"walk": board.walkthrough.ref, "step": str(arguments.step)}
        return form_for_values("runbook run", probe.title, missing, arguments.given or {}, kept, wrong)
    found = await walkthroughs.look(board, arguments.step, given, Hand(request.by, request.at, request.id))
    if probe.restricted:
        await reports.tell(_inquiry(request, board, probe, given), (found,))
    return None


def _inquiry(request: Request, board: WalkthroughBoard, probe: Probe, given: Mapping[str, str]) -> Inquiry:
    return Inquiry(
        key=request.id,
        platform=board.platform,
        subject=probe,
        given=given,
        by=request.by,
        at=request.at,
        channel=request.channel,
        reply_to=request.reply_to,
    )


async def check(scene: Scene, arguments: Arguments, walkthroughs: Walkthroughs) -> Mapping[str, str]:
    """Return what is wrong with the values of the form, by field."""
    board = await walkthroughs.find(arguments.walk, scene.rights, within=GLANCE)
    probe = walkthroughs.probe(board, arguments.step)
    return {field_name(name): said for name, said in wrong_values((probe,), arguments.given or {}).items()}

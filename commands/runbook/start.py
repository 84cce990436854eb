"""Start a walkthrough: the procedure becomes a message with its steps, for everybody in the channel.

`/runbook start social-live service-down pod-name=web-1`
In an incident's room the platform is known, and what is done becomes part of the incident's timeline. Values that the
command lines need can be given now, or are asked for at the step.
"""

from dataclasses import dataclass
from typing import Annotated

from bot.access.roles import Role
from bot.diagnosis.binding import refuse_strangers, wrong_values
from bot.errors import BadInput
from bot.runbooks.platform import Platform
from bot.store.walkthroughs import Start
from bot.verbs.arguments import Hint
from bot.verbs.readers import Given, ProcedureNamed
from bot.verbs.request import Request
from bot.verbs.scene import Scene
from bot.walkthroughs.walking import Walkthroughs

ACCESS = Role.RESPONDER


@dataclass(frozen=True, slots=True)
class Arguments:
    """Which one, and what its command lines need."""

    platform: Annotated[Platform, Hint("Whose runbooks.")]
    procedure: Annotated[ProcedureNamed, Hint("By its name or its title.")]
    given: Annotated[Given | None, Hint("Values that the command lines need, like pod-name=web-1.")] = None


async def run(request: Request, scene: Scene, arguments: Arguments, walkthroughs: Walkthroughs) -> None:
    """Start; the message with the steps is the answer."""
    platform, procedure = arguments.platform, arguments.procedure
    scene.rights.require(ACCESS, platform.name)
    given = {name: value for name, value in (arguments.given or {}).items() if value}
    entries = [entry for _, step in procedure.steps() if (entry := platform.entry_of(step))]
    refuse_strangers(entries, given)
    for name, said in wrong_values(entries, given).items():
        raise BadInput(f"Nothing was started. The value of {name}: {said}")
    own_room = scene.incident is not None and scene.incident.platform == platform.name
    start = Start(
        origin=request.id,
        platform=platform.name,
        procedure=procedure.name,
        title=procedure.title,
        incident=scene.incident.number if scene.incident and own_room else None,
        channel=request.channel,
        given=given,
        started_by=request.by,
        started_at=request.at,
    )
    await walkthroughs.begin(start, platform, procedure)

"""Only rehearse for a while: requests are planned and allowed as ever, and then nothing is changed.

`/ops dryrun on social-live the database is being moved` for one platform; without one for all of them.
`/ops dryrun off` ends it. What is being carried out already goes on to its end. For admins.
"""

from dataclasses import dataclass
from typing import Annotated

from bot.access.roles import Role
from bot.errors import BadInput
from bot.remediation.nouns import SwitchBoard
from bot.remediation.switching import Switches
from bot.runbooks.platform import Platform
from bot.store.grants import EVERYWHERE
from bot.store.switches import DRY_RUN, Switch
from bot.verbs.arguments import Hint
from bot.verbs.readers import OnOff
from bot.verbs.request import Request
from bot.verbs.scene import Scene

ACCESS = Role.ADMIN


@dataclass(frozen=True, slots=True)
class Arguments:
    """On or off, where, and why."""

    state: Annotated[OnOff, Hint("on or off.")]
    platform: Annotated[Platform | None, Hint("One platform; all of them if left out.")] = None
    reason: Annotated[str, Hint("Why; everybody who asks for a change reads it.", 300)] = ""


async def run(request: Request, scene: Scene, arguments: Arguments, switches: Switches) -> SwitchBoard:
    """Switch, and show what is on now."""
    if arguments.state and not arguments.reason:
        raise BadInput("Say why, for everybody who asks for a change: /ops dryrun on the database is being moved.")
    platform = arguments.platform.name if arguments.platform else EVERYWHERE
    switch = Switch(DRY_RUN, platform, arguments.reason, request.by, request.at)
    return await switches.turn(switch, scene.rights, on=arguments.state)

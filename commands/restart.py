"""Ask for a service to be restarted: short for the runbook's own action.

`/restart social-live` restarts the first service that the runbook can, `/restart social-live backend` that one; other
words are the reason. Nothing is changed before it was approved.
"""

from dataclasses import dataclass
from typing import Annotated

from bot.access.roles import Role
from bot.remediation.asking import Asking
from bot.remediation.short_forms import restarting
from bot.runbooks.platform import Platform
from bot.verbs.arguments import Hint
from bot.verbs.readers import ServiceName
from bot.verbs.request import Request
from bot.verbs.scene import Scene
from bot.verbs.wishing import wish_of

ACCESS = Role.OPERATOR
WAITS = True


@dataclass(frozen=True, slots=True)
class Arguments:
    """What, where, and why."""

    platform: Annotated[Platform, Hint("Where it runs.")]
    service: Annotated[ServiceName | None, Hint("The service; the first that can be if left out.")] = None
    reason: Annotated[str, Hint("Why, for whoever is to allow it.", 500)] = ""


async def run(request: Request, scene: Scene, arguments: Arguments, asking: Asking) -> None:
    """Plan it and ask for it in this channel."""
    scene.rights.require(ACCESS, arguments.platform.name)
    action = restarting(arguments.platform, arguments.service)
    wish = wish_of(request, scene, arguments.platform, action, reason=arguments.reason)
    await asking.ask(wish, scene.rights)

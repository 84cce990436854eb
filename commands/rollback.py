"""Go back to a release that was healthy: choose one, somebody else allows it, and it is watched.

`/rollback social-live` shows the releases of its first service and the reasons to go back, `/rollback social-live
backend` those of another one, `/rollback social-live backend 41` asks for a revision at once. Nothing is changed before
it was approved. A database's schema does not go back with it.
"""

from dataclasses import dataclass, replace
from typing import Annotated

from bot.access.roles import Role
from bot.remediation.asking import Asking
from bot.remediation.nouns import RollbackOffer
from bot.remediation.rolling_back import RollingBack, service_named, to_revision
from bot.runbooks.platform import Platform
from bot.verbs.arguments import Hint
from bot.verbs.readers import RevisionNumber, ServiceName
from bot.verbs.request import Request
from bot.verbs.scene import Scene
from bot.verbs.wishing import wish_of

ACCESS = Role.OPERATOR
WAITS = True


@dataclass(frozen=True, slots=True)
class Arguments:
    """What goes back, where, and to what."""

    platform: Annotated[Platform, Hint("Where it runs.")]
    service: Annotated[ServiceName | None, Hint("A service that the runbook can roll back; the first if left out.")] = (
        None
    )
    revision: Annotated[RevisionNumber | None, Hint("The revision to go back to; a list if left out.")] = None
    reason: Annotated[str, Hint("Why, for whoever is to allow it.", 500)] = ""


async def run(
    request: Request, scene: Scene, arguments: Arguments, rolling_back: RollingBack, asking: Asking
) -> RollbackOffer | None:
    """Show what there is, or ask for one."""
    platform = arguments.platform
    scene.rights.require(ACCESS, platform.name)
    service = service_named(platform, arguments.service)
    if arguments.revision is None:
        return await rolling_back.offer(platform, service)
    action = to_revision(platform, service, arguments.revision)
    criteria = await rolling_back.criteria(platform, service.name)
    wish = wish_of(request, scene, platform, action, reason=arguments.reason)
    await asking.ask(replace(wish, criteria=criteria), scene.rights)
    return None

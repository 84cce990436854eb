"""Only rehearse for a while: requests are planned and allowed as ever, and then nothing is changed.

`/ops dryrun on social-live the database is being moved` for one platform; without one for all of them.
`/ops dryrun off` ends it. What is being carried out already goes on to its end. For admins.
"""

from bot.access.roles import Role
from bot.remediation.nouns import SwitchBoard
from bot.remediation.switching import Switches
from bot.store.switches import DRY_RUN
from bot.verbs.request import Request
from bot.verbs.scene import Scene
from bot.verbs.switching import Arguments, switched

ACCESS = Role.ADMIN


async def run(request: Request, scene: Scene, arguments: Arguments, switches: Switches) -> SwitchBoard:
    """Switch, and show what is on now."""
    return await switched(DRY_RUN, request, scene, arguments, switches)

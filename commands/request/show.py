"""Show a request as it is now: its plan, who decided, how far it is.

`/request show REQ-7`. Only you see it.
"""

from dataclasses import dataclass

from bot.access.roles import Role
from bot.remediation.deciding import Deciding
from bot.remediation.nouns import RequestBoard
from bot.verbs.readers import RequestNumber
from bot.verbs.scene import Scene

ACCESS = Role.VIEWER


@dataclass(frozen=True, slots=True)
class Arguments:
    """Which request."""

    request: RequestNumber


async def run(scene: Scene, arguments: Arguments, deciding: Deciding) -> RequestBoard:
    """Show it."""
    return await deciding.find(arguments.request, scene.rights)

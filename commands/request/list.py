"""List the requests that wait for somebody, for their target, or are being carried out.

`/request list`, or of one platform: `/request list social-live`.
"""

from dataclasses import dataclass
from typing import Annotated

from bot.access.roles import Role
from bot.remediation.looking import Requests
from bot.remediation.nouns import RequestList
from bot.runbooks.platform import Platform
from bot.verbs.arguments import Hint
from bot.verbs.scene import Scene

ACCESS = Role.VIEWER


@dataclass(frozen=True, slots=True)
class Arguments:
    """Of which platform."""

    platform: Annotated[Platform | None, Hint("Of one platform.")] = None


async def run(scene: Scene, arguments: Arguments, requests: Requests) -> RequestList:
    """List."""
    return await requests.listed(scene.rights, arguments.platform)

"""List a platform's procedures, and the walkthroughs that go on.

`/runbook list social-live`
"""

from dataclasses import dataclass
from typing import Annotated

from bot.access.roles import Role
from bot.runbooks.platform import Platform
from bot.verbs.arguments import Hint
from bot.verbs.scene import Scene
from bot.walkthroughs.nouns import ProcedureList
from bot.walkthroughs.walking import Walkthroughs

ACCESS = Role.VIEWER


@dataclass(frozen=True, slots=True)
class Arguments:
    """Of which platform."""

    platform: Annotated[Platform, Hint("Whose runbooks.")]


async def run(scene: Scene, arguments: Arguments, walkthroughs: Walkthroughs) -> ProcedureList:
    """List."""
    scene.rights.require(ACCESS, arguments.platform.name)
    return await walkthroughs.listed(arguments.platform)

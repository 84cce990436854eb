"""Show a procedure: symptoms, what it looks at, what to do, and its commands.

`/runbook show social-live service-down`
"""

from dataclasses import dataclass
from typing import Annotated

from bot.access.roles import Role
from bot.runbooks.platform import Platform
from bot.verbs.arguments import Hint
from bot.verbs.readers import ProcedureNamed
from bot.verbs.scene import Scene
from bot.walkthroughs.nouns import ProcedurePage

ACCESS = Role.VIEWER


@dataclass(frozen=True, slots=True)
class Arguments:
    """Which one."""

    platform: Annotated[Platform, Hint("Whose runbooks.")]
    procedure: Annotated[ProcedureNamed, Hint("By its name or its title.")]


async def run(scene: Scene, arguments: Arguments) -> ProcedurePage:
    """Show."""
    scene.rights.require(ACCESS, arguments.platform.name)
    return ProcedurePage(arguments.platform, arguments.procedure)

"""Show whether Opsroom is read-only or only rehearses anywhere, why, and since when.

`/ops status`. Only you see it.
"""

from bot.access.roles import Role
from bot.remediation.nouns import SwitchBoard
from bot.remediation.switching import Switches
from bot.verbs.scene import Scene

ACCESS = Role.VIEWER


async def run(scene: Scene, switches: Switches) -> SwitchBoard:
    """Show."""
    return await switches.board(scene.rights)

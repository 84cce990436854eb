"""Show whether Opsroom is read-only or only rehearses anywhere, why, and since when.

`/ops status`. Only you see it.
"""

from bot.access.roles import Role
from bot.remediation.nouns import SwitchBoard
from bot.remediation.switching import Switches

ACCESS = Role.VIEWER


async def run(switches: Switches) -> SwitchBoard:
    """Show."""
    return await switches.board()

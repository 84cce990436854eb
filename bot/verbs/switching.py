"""Switches as verbs: what all of them take, and what they do with it."""

from dataclasses import dataclass
from typing import Annotated

from bot.errors import BadInput
from bot.remediation.nouns import SwitchBoard
from bot.remediation.switching import Switches
from bot.runbooks.platform import Platform
from bot.store.grants import EVERYWHERE
from bot.store.switches import Switch
from bot.verbs.arguments import Hint
from bot.verbs.readers import OnOff
from bot.verbs.request import Request
from bot.verbs.scene import Scene


@dataclass(frozen=True, slots=True)
class Arguments:
    """On or off, where, and why."""

    state: Annotated[OnOff, Hint("on or off.")]
    platform: Annotated[Platform | None, Hint("One platform; all of them if left out.")] = None
    reason: Annotated[str, Hint("Why; everybody who asks for a change reads it.", 300)] = ""


async def switched(mode: str, request: Request, scene: Scene, arguments: Arguments, switches: Switches) -> SwitchBoard:
    """Turn the switch of a mode, and return those that are on then. Raises BadInput when nobody says why."""
    if arguments.state and not arguments.reason:
        raise BadInput(f"Say why, for everybody who asks for a change: /{request.path} on the database is being moved.")
    platform = arguments.platform.name if arguments.platform else EVERYWHERE
    switch = Switch(mode, platform, arguments.reason, request.by, request.at)
    return await switches.turn(switch, scene.rights, on=arguments.state)

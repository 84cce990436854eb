"""Declare an incident: open its room and bring the right people in.

`/incident declare P1 social-live checkout returns 500`
The severity comes first, then the platform, then what you see in your own words. Leave the platform out in one of its
channels, or when you work on only one. What is missing is asked for. A severity that is a word of the language counts
in front of the platform (`high social-live …`) or before a colon (`high: …`), for much begins with “high error rate”.
"""

from dataclasses import dataclass
from typing import Annotated

from bot.access.roles import Role
from bot.incidents.declaring import Declaration, Declarations
from bot.incidents.nouns import Opened, Similar
from bot.runbooks.platform import Platform, Severity
from bot.verbs.arguments import Hint
from bot.verbs.request import Request
from bot.verbs.scene import Scene

ACCESS = Role.RESPONDER


@dataclass(frozen=True, slots=True)
class Arguments:
    """What is wrong, where, and how bad it is."""

    severity: Annotated[Severity, Hint("How bad it is.")]
    platform: Annotated[Platform, Hint("What it happens on.")]
    summary: Annotated[str, Hint("What people see, in your own words. The first line becomes the title.")]


async def run(
    request: Request, scene: Scene, arguments: Arguments, declarations: Declarations
) -> Similar | Opened | None:
    """Declare; the room answers when it is open."""
    scene.rights.require(ACCESS, arguments.platform.name)
    return await declarations.declare(
        Declaration(
            origin=request.id,
            by=request.by,
            at=request.at,
            platform=arguments.platform,
            severity=arguments.severity,
            summary=arguments.summary,
            channel=request.channel,
            reply_to=request.reply_to,
            insist=request.insist,
        )
    )

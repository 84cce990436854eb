"""Show who changed what: rights and systems, the newest first.

`/audit` shows the last 20 entries, `/audit social-live` those of a platform, `/audit REQ-7` what happened to one
request (or incident, or whatever has a name), `/audit @person` what somebody did and what was done to them,
`/audit role.granted` one kind of deed. These can be combined. Only you see it. On the command line,
`opsroom audit verify` finds whatever was changed in it afterwards.
"""

import re
from dataclasses import dataclass, replace
from typing import Annotated

from bot.access.audit import OPSROOM, AuditLog, AuditPage, Wanted
from bot.access.roles import Role
from bot.runbooks.platform import Platform
from bot.verbs.arguments import Hint
from bot.verbs.readers import BeforeNumber, PersonId, WordText
from bot.verbs.scene import Scene

ACCESS = Role.ADMIN

_REFERENCE = re.compile(r"[a-z]{2,8}-\d+", re.IGNORECASE)
_ACTION = re.compile(r"[a-z]+\.[a-z-]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Arguments:
    """Which entries."""

    platform: Annotated[Platform | None, Hint("Of one platform.")] = None
    person: Annotated[PersonId | None, Hint("What somebody did, or what was done to them.")] = None
    before: Annotated[BeforeNumber | None, Hint("Older than this entry: before 120.")] = None
    subject: Annotated[WordText | None, Hint("REQ-7, INC-3, another name, or an action like role.granted.", 255)] = None


async def run(scene: Scene, arguments: Arguments, log: AuditLog) -> AuditPage:
    """Show."""
    wanted = replace(
        _meant(arguments.subject or ""),
        platforms=(arguments.platform.name,) if arguments.platform else None,
        person=arguments.person,
        before=arguments.before,
    )
    return await log.page(scene.rights, wanted)


def _meant(word: str) -> Wanted:
    """Return what a word is: an actor that is no person, an action, else a subject."""
    if word == OPSROOM or word.startswith("shell:"):
        return Wanted(actor=word)
    if _ACTION.fullmatch(word):
        return Wanted(action=word.lower())
    return Wanted(subject=(word.upper() if _REFERENCE.fullmatch(word) else word) or None)

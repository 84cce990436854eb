"""Say what `/ops` can do for you.

`/ops help readonly` tells more about one verb.
"""

from dataclasses import dataclass
from typing import Annotated

from bot.access.roles import Role
from bot.verbs.arguments import Hint
from bot.verbs.catalogue import Catalogue
from bot.verbs.help import help_page
from bot.verbs.readers import WordText
from bot.verbs.replies import HelpPage
from bot.verbs.request import Request
from bot.verbs.scene import Scene

ACCESS = Role.NOBODY


@dataclass(frozen=True, slots=True)
class Arguments:
    """About which verb, if not about all."""

    verb: Annotated[WordText | None, Hint("A verb, for example readonly.")] = None


async def run(request: Request, scene: Scene, arguments: Arguments, catalogue: Catalogue) -> HelpPage:
    """Help."""
    return help_page(catalogue, request.command, arguments.verb or "", scene.rights)

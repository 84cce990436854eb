"""Ask for something to be done on a platform: you get a plan, somebody else allows it, then it is done.

`/run social-live` lists what there is, `/run social-live restart-backend` asks for it. Values that its command line
needs are given behind it (`replicas=5`), or asked for; other words are the reason. Nothing is changed before it was
approved.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from bot.access.roles import Role
from bot.diagnosis.binding import missing_values, refuse_strangers, wrong_values
from bot.remediation.asking import Asking, ConfirmationMissing
from bot.remediation.nouns import ActionList
from bot.runbooks.platform import Platform
from bot.verbs.arguments import Hint
from bot.verbs.confirming import confirmation
from bot.verbs.parameters import field_name, form_for_values
from bot.verbs.readers import ActionNamed, Given, Typed
from bot.verbs.replies import Form
from bot.verbs.request import Request
from bot.verbs.scene import Scene
from bot.verbs.wishing import wish_of

ACCESS = Role.OPERATOR
WAITS = True


@dataclass(frozen=True, slots=True)
class Arguments:
    """What is to be done, where, with which values, and why."""

    platform: Annotated[Platform, Hint("Where it is done.")]
    action: Annotated[ActionNamed | None, Hint("One of the platform's actions; a list of them if left out.")] = None
    given: Annotated[Given | None, Hint("Values that its command lines need, like replicas=5.")] = None
    reason: Annotated[str, Hint("Why, for whoever is to allow it.", 500)] = ""
    typed: Typed | None = None


async def run(request: Request, scene: Scene, arguments: Arguments, asking: Asking) -> Form | ActionList | None:
    """Plan it and ask for it in this channel."""
    platform, action = arguments.platform, arguments.action
    scene.rights.require(ACCESS, platform.name)
    if action is None:
        return ActionList(platform)
    given: Mapping[str, str] = {name: value for name, value in (arguments.given or {}).items() if value}
    refuse_strangers((action,), given)
    kept = {"platform": platform.name, "action": action.name, "reason": arguments.reason}
    if missing := missing_values(platform, (action,), given):
        return form_for_values("run", action.title, missing, given, kept, wrong_values((action,), given))
    try:
        wish = wish_of(request, scene, platform, action, given, reason=arguments.reason, typed=arguments.typed or "")
        await asking.ask(wish, scene.rights)
    except ConfirmationMissing as unconfirmed:
        said = {field_name(name): value for name, value in given.items()}
        return confirmation("run", action.title, unconfirmed, {**kept, **said})
    return None


async def check(arguments: Arguments) -> Mapping[str, str]:
    """Return what is wrong with the values of the form, by field."""
    if arguments.action is None:
        return {}
    return {field_name(name): said for name, said in wrong_values((arguments.action,), arguments.given or {}).items()}

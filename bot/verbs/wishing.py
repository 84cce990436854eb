"""From a request to a wish: who wants what done, where it was said, and in which incident."""

from collections.abc import Mapping

from bot.remediation.asking import Wish
from bot.runbooks.actions import Action
from bot.runbooks.platform import Platform
from bot.verbs.request import Request
from bot.verbs.scene import Scene


def wish_of(
    request: Request,
    scene: Scene,
    platform: Platform,
    action: Action,
    given: Mapping[str, str] | None = None,
    *,
    reason: str = "",
    typed: str = "",
) -> Wish:
    """Return the wish of a request; it belongs to the incident whose room this is, if that is the platform's."""
    here = scene.incident if scene.platform == platform.name else None
    return Wish(
        origin=request.id,
        platform=platform,
        action=action,
        given=given or {},
        by=request.by,
        at=request.at,
        channel=request.channel,
        incident=here.number if here else None,
        reason=reason,
        typed=typed,
    )

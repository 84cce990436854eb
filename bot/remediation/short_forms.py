"""Short forms: `/restart` and `/scale` find the action of a runbook that does just that to a service."""

from collections.abc import Mapping

from bot.errors import BadInput
from bot.nearest import hint
from bot.operations.kubernetes.changes import Restart, Scale
from bot.operations.operation import Hole, Operation
from bot.runbooks.actions import Action
from bot.runbooks.platform import Platform


def restarting(platform: Platform, service: str | None) -> Action:
    """Return the action that restarts a service, or the platform's first. Raises BadInput when there is none."""
    return _chosen(platform, service, Restart, "restarts")


def scaling(platform: Platform, service: str | None) -> tuple[Action, str]:
    """Return the action that scales a service, or the platform's first, and the name of its number's parameter.

    Raises BadInput when there is none, or none that takes a number.
    """
    action = _chosen(platform, service, Scale, "scales")
    replicas = getattr(action.run[0].operation, "replicas", None)
    if not isinstance(replicas, Hole):
        raise BadInput(f"“{action.title}” sets a number of its own: /run {platform.name} {action.name}.")
    return action, replicas.name


def _chosen(platform: Platform, service: str | None, kind: type[Operation], does: str) -> Action:
    known = _by_service(platform, kind)
    if not known:
        raise BadInput(f"No action of {platform.title} {does} a service. /run {platform.name} shows what there is.")
    if service is None:
        return next(iter(known.values()))
    if service in known:
        return known[service]
    raise BadInput(f"No action of {platform.title} {does} “{service}”; {hint(service, list(known))}.")


def _by_service(platform: Platform, kind: type[Operation]) -> Mapping[str, Action]:
    """Return the actions whose only line does this to one thing, by its name; of several the first."""
    found: dict[str, Action] = {}
    for action in platform.actions.values():
        things = [thing for line in action.run if isinstance(line.operation, kind) for thing in _things(line.operation)]
        if len(action.run) == 1 and len(things) == 1:
            found.setdefault(things[0], action)
    return found


def _things(operation: Operation) -> tuple[str, ...]:
    things = getattr(operation, "things", ())
    return tuple(thing.name for thing in things if thing.name)

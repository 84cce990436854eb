"""Which backend stands behind a target, made from what the runbook says and the environment knows.

The backends are imported when the first target of their kind is asked: some of them bring large libraries.
"""

from collections.abc import Callable

from bot.errors import TargetRefused
from bot.operations.backend import Backend
from bot.runbooks.platform import Platform
from bot.runbooks.targets import (
    AnyTarget,
    RedisTarget,
    Target,
)

Secrets = Callable[[str], str | None]
"""Returns the value of a variable of the environment, if it is set."""


def backend_of(platform: Platform, target: Target, secrets: Secrets) -> Backend:
    """Return the backend of a target. Raises TargetRefused that names the variable when one is not set."""
    match target:
        case RedisTarget():
            from bot.operations.redis.backend import RedisBackend

            return RedisBackend(required(target, target.url_from, secrets))
    raise TargetRefused(f"The target {target.name} of {platform.title} cannot be connected.")


def required(target: AnyTarget, variable: str, secrets: Secrets) -> str:
    """Return the value of a variable. Raises TargetRefused that says to set it."""
    if value := secrets(variable):
        return value
    raise TargetRefused(f"The target {target.name} is not set up yet: set {variable}.")

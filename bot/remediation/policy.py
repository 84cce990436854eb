"""Policy: who has to allow a plan, how many of them, and until when."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Self

from bot.operations.effect import Effect
from bot.remediation.plan import Plan
from bot.runbooks.actions import APPROVALS, Action
from bot.runbooks.platform import Platform

EXPIRY = timedelta(minutes=30)
"""How long an approval can be waited for where a platform says nothing else: by then the plan is old."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a plan needs: so many `approvals`, of people in one of the `groups` if some are named, within `seconds`.

    `typed` is the name that whoever asks has to type, empty when nothing has to be typed.
    """

    approvals: int
    seconds: float
    groups: tuple[str, ...] = ()
    typed: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> Self:
        """Return the policy that `as_json` wrote."""
        return cls(**{**written, "groups": tuple(written["groups"])})


def policy_for(platform: Platform, plan: Plan, action: Action | None = None) -> Policy:
    """Return what a plan needs: the action's number of approvals, else the platform's rule, else the effect's.

    What destroys something never needs fewer approvals than the platform's rule for that says.
    """
    rule = platform.approval_rule_for(plan.effect, platform.environment)
    least = rule.count if rule and rule.count is not None else APPROVALS[plan.effect]
    stated = action.approvals if action else None
    needed = least if stated is None else max(stated, least if plan.effect is Effect.DESTROY else 0)
    expiry = (rule.expires if rule else None) or EXPIRY
    final = plan.is_final or (action is not None and action.confirm)
    name = plan.worst.target if plan.worst else platform.name
    return Policy(needed, expiry.total_seconds(), rule.groups if rule else (), name if final else "")

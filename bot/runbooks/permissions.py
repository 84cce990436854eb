"""Who has to allow a change on a platform, and when nothing may be changed there."""

from datetime import datetime
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from bot.access.environments import Environment
from bot.operations.effect import Effect
from bot.runbooks.deeds import EffectWord
from bot.runbooks.entry import Entry, Named, Sourced
from bot.runbooks.objectives import Promises
from bot.runbooks.words import Duration, Handle, Text

_MOMENT = "%Y-%m-%d %H:%M"


class ApprovalRule(Entry):
    """What changes of one effect need, in one environment or in all."""

    effect: EffectWord | None = Field(default=None, strict=False, description="write or destroy; write if left out.")
    environment: Environment | None = Field(
        default=None, strict=False, description="The environment that it is for; all if left out."
    )
    count: int | None = Field(default=None, ge=0, le=5, description="People who have to allow it; 1 or 2 if left out.")
    groups: tuple[Handle, ...] = Field(default=(), description="User groups of which they are; any if left out.")
    expires: Duration = Field(default=None, description="Nobody can allow it any more after; 30m if left out.")
    note: Text | None = None

    def is_about(self, effect: Effect, environment: Environment) -> bool:
        """Tell whether it says what a change of this effect needs in this environment."""
        # Who means what destroys something has to say so: a rule for all else must not let one person do it.
        said = self.effect.effect if self.effect else Effect.WRITE
        same_effect = said is effect
        return same_effect and self.environment in (None, environment)


def _moment(text: Any) -> str:
    try:
        datetime.strptime(str(text), _MOMENT)  # noqa: DTZ007 it is meant in the platform's zone
    except ValueError:
        raise ValueError(f'"{text}" is no moment; write it like "2026-12-24 18:00"') from None
    return str(text)


Moment = Annotated[str, AfterValidator(_moment)]
"""A clock time on a day, in the platform's zone: `2026-12-24 18:00`."""


class Blackout(Sourced):
    """A span of time in which nothing is changed, but by breaking the glass."""

    title: Text = Field(description="Why nothing is changed then.")
    from_: Moment = Field(alias="from", description='It begins: "2026-12-24 18:00", in the platform\'s zone.')
    until: Moment = Field(description="It ends.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until <= self.from_:
            raise ValueError(f"ends ({self.until}) before it begins ({self.from_})")
        return self

    def covers(self, at: datetime, zone: str) -> bool:
        """Tell whether a moment falls into it."""
        local = at.astimezone(ZoneInfo(zone)).strftime(_MOMENT)
        return self.from_ <= local < self.until


class Permissions(Promises):
    """The sections of `platform.yml` about how changes are allowed."""

    approvals: tuple[ApprovalRule, ...] = Field(default=(), description="The first that is about a change counts.")
    blackouts: Named[Blackout] = Field(default={}, description="When nothing is changed.")

    def approval_rule_for(self, effect: Effect, environment: Environment) -> ApprovalRule | None:
        """Return what is said about changes of this effect in an environment."""
        return next((rule for rule in self.approvals if rule.is_about(effect, environment)), None)

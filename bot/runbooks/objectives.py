"""What a platform promises and where its limits are: service levels, scaling triggers, rollback criteria, retention."""

from datetime import timedelta
from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.runbooks.commands import Query
from bot.runbooks.conditions import ConditionText
from bot.runbooks.entry import Entry, Named, Ref, Sourced
from bot.runbooks.words import Duration, Keep, Key, Text, parse_duration


class Objective(Sourced):
    """A service level objective."""

    title: Text
    target: Text = Field(description='What is promised: "99.9%", "p95 <= 100ms".')
    measure: Text | None = Field(default=None, description="What is measured, as people say it.")
    query: Query | None = Field(default=None, description="The PromQL expression that measures it.")
    probe: Annotated[Key | None, Ref("probe")] = None
    window: Duration = Field(default=None, description="Over which span of time.")


class ScalingTrigger(Sourced):
    """From where on there is too little of something, and what is done then."""

    title: Text | None = None
    when: Text
    then: Text
    probe: Annotated[Key | None, Ref("probe")] = None
    action: Annotated[Key | None, Ref("action")] = None


class Criterion(Sourced):
    """A reason to go back to the last version."""

    criterion: Text
    probe: Annotated[Key | None, Ref("probe")] = None
    when: ConditionText | None = Field(default=None, description='What the probe\'s value is then: "> 10".')
    lasting: Duration = Field(default=None, alias="for", description="It counts after that was so for.")

    @model_validator(mode="after")
    def _measured(self) -> Self:
        if self.lasting and not (self.probe and self.when):
            raise ValueError("says for, which needs a probe and when: what is so that long")
        return self


class Rollback(Sourced):
    """When to go back to the last version, and how one sees that it helped."""

    verify_within: Duration = Field(default=None, description="It has helped within.")
    watch: Duration = Field(default=None, description="It is watched for, after a deployment or a rollback.")
    action: Annotated[Key | None, Ref("action")] = Field(default=None, description="What goes back.")
    services: dict[Key, tuple[Criterion, ...]] = Field(default={}, description="The criteria, by service.")


class Retention(Sourced):
    """How long something is kept."""

    title: Text
    keep: Keep = Field(description="A span of time, `10 versions`, or `indefinite`.")
    what: Text | None = None
    action: Annotated[Key | None, Ref("action")] = Field(default=None, description="What removes the rest.")

    @property
    def span(self) -> timedelta | None:
        """How long it is kept; None when that is not a span of time."""
        return None if " " in self.keep or self.keep == "indefinite" else parse_duration(self.keep)


class Promises(Entry):
    """The sections of `platform.yml` about what is promised and where the limits are."""

    objectives: Named[Objective] = Field(default={})
    scaling_triggers: Named[ScalingTrigger] = Field(default={})
    rollback: Rollback | None = None
    retention: Named[Retention] = Field(default={})

"""Alerts: what claims that something is wrong, how bad that is, and what to do then."""

from typing import Annotated

from pydantic import Field

from bot.runbooks.commands import Query
from bot.runbooks.conditions import ConditionText
from bot.runbooks.entry import Entry, Named, Ref, Sourced
from bot.runbooks.words import Duration, Key, Text, Word


class Alert(Sourced):
    """A condition that somebody is told about."""

    title: Text
    condition: Text = Field(description="When it fires, as people say it.")
    probe: Annotated[Key | None, Ref("probe")] = Field(default=None, description="The probe that measures it.")
    query: Query | None = Field(default=None, description="The PromQL expression that measures it.")
    warning: ConditionText | None = Field(default=None, description="What the value is then: a warning.")
    critical: ConditionText | None = Field(default=None, description="What the value is then: critical.")
    lasting: Duration = Field(default=None, alias="for", description="It fires after the condition held for.")
    severity: Annotated[Word | None, Ref("severity")] = Field(
        default=None, description="A severity of the platform, or warning or critical."
    )
    respond_within: Duration = Field(default=None, description="Somebody answers within.")
    procedure: Annotated[Key | None, Ref("procedure")] = Field(default=None, description="What to do then.")

    @property
    def name(self) -> str:
        """Its name on its platform."""
        return self.name_in_file


class AlertsFile(Entry):
    """The content of `alerts.yml`."""

    alerts: Named[Alert] = Field(default={})

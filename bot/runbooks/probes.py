"""Probes: what is measured, and from where on it is a warning or critical."""

from pydantic import Field

from bot.runbooks.conditions import Condition, ConditionText
from bot.runbooks.deeds import Deed, DoneHere
from bot.runbooks.entry import Entry, Named
from bot.runbooks.readings import ReadingText
from bot.runbooks.words import Text


class Measured(Deed):
    """A deed whose output can be read as a value and compared with thresholds."""

    value: ReadingText | None = Field(
        default=None, description="How the output is read: number, lines, rows, text, json PATH, max COLUMN …"
    )
    unit: Text | None = Field(default=None, description="What the number counts: lines, ms, %.")
    warning: ConditionText | None = Field(
        default=None, description='When it is a warning: "> 10", "is not ok", "contains x".'
    )
    critical: ConditionText | None = Field(default=None, description="When it is critical.")


class Probe(Measured, DoneHere):
    """A named thing to look at. It changes nothing."""

    title: Text = Field(description="What is looked at, in a few words.")
    restricted: bool = Field(
        default=False, description="Its answer is personal: operators alone may ask, and only who asked sees it."
    )

    @property
    def name(self) -> str:
        """Its name on its platform."""
        return self.name_in_file


def probe_in(measured: Measured, name: str, title: str) -> Probe | None:
    """Return the probe that is written inside another entry; None when that has no command line."""
    if not measured.run:
        return None
    told = {field: getattr(measured, field) for field in Measured.model_fields}
    probe = Probe.model_construct(**told, title=title)
    probe._name = name  # it has the name of what it stands in
    return probe


def under_condition(probe: Probe, name: str, condition: Condition | None) -> Probe:
    """Return a probe under another name; critical when the condition holds, and never a warning, if there is one."""
    told = {field: getattr(probe, field) for field in Measured.model_fields}
    if condition is not None:
        told |= {"critical": condition, "warning": None}
    copy = Probe.model_construct(**told, title=name)
    copy._name = name
    return copy


class ProbesFile(Entry):
    """The content of `probes.yml`."""

    probes: Named[Probe] = Field(default={})

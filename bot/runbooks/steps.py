"""The steps of a procedure: a probe or an action (by name, or written in place), a person's step, another procedure."""

from typing import Annotated, Any, Self

from pydantic import Discriminator, Field, Tag, model_validator

from bot.runbooks.actions import Action
from bot.runbooks.conditions_met import OfferWhen
from bot.runbooks.deeds import WAYS, DoneHere
from bot.runbooks.entry import Entry, Ref
from bot.runbooks.probes import Probe
from bot.runbooks.words import Key, Text, Value


class Offered(Entry):
    """A step that is there when a finding says so, or always."""

    offer_when: tuple[OfferWhen, ...] = Field(
        default=(), description="`PROBE is critical`; when there are several, one is enough. Always if left out."
    )


class _Presetting(Offered):
    """A step that can say values for what it names."""

    preset: dict[Key, Value] = Field(
        default={}, alias="with", description="Values for its parameters; nobody is asked for them."
    )


class ProbeStep(_Presetting):
    """Look at a probe that stands in probes.yml or in another procedure."""

    probe: Annotated[Key, Ref("probe")]
    note: Text | None = None


class ActionStep(_Presetting):
    """Do an action that stands in actions.yml or in another procedure."""

    action: Annotated[Key, Ref("action")]
    note: Text | None = None


class ProcedureStep(Offered):
    """Go on with another procedure."""

    procedure: Annotated[Key, Ref("procedure")]
    note: Text | None = None


class _InPlace(Entry):
    """A step that defines what it names; its title is its name if it has no other."""

    @model_validator(mode="before")
    @classmethod
    def _titled(cls, value: Any) -> Any:
        if not isinstance(value, dict) or "title" in value:
            return value
        name = value.get("probe") or value.get("action")
        return {"title": str(name).replace("-", " ").capitalize(), **value} if name else value


class ProbeHere(Offered, _InPlace, Probe):
    """A probe, written where it is used; other procedures may name it."""

    probe: Key = Field(description="Its name.")
    title: Text = Field(default="", description="Its name with blanks if left out.")

    @property
    def name(self) -> str:
        """Its name on its platform."""
        return self.probe


class ActionHere(Offered, _InPlace, Action):
    """An action, written where it is used; other procedures may name it."""

    action: Key = Field(description="Its name.")
    title: Text = Field(default="", description="Its name with blanks if left out.")

    @property
    def name(self) -> str:
        """Its name on its platform."""
        return self.action


class PlainStep(Offered, DoneHere):
    """A step without a name: something for a person, or one of Opsroom's own commands."""

    title: Text | None = None

    @model_validator(mode="after")
    def _no_lines(self) -> Self:
        if self.run:
            raise ValueError("runs command lines and has no name; write probe: NAME or action: NAME above run")
        return self


def _tag(value: Any) -> str:
    keys = set(value) if isinstance(value, dict) else set(type(value).model_fields)
    here = bool(keys & {*WAYS, "title"})
    for key in ("probe", "action"):
        if key in keys:
            return f"<{key} here>" if here else f"<{key}>"
    return "<procedure>" if "procedure" in keys else "<plain>"


Step = Annotated[
    Annotated[ProbeStep, Tag("<probe>")]
    | Annotated[ProbeHere, Tag("<probe here>")]
    | Annotated[ActionStep, Tag("<action>")]
    | Annotated[ActionHere, Tag("<action here>")]
    | Annotated[ProcedureStep, Tag("<procedure>")]
    | Annotated[PlainStep, Tag("<plain>")],
    Discriminator(_tag),
]
"""One step."""

"""What people do with forms and what they see of them, and the time in their hands."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.slack import SubmitResult
from tests.world import World


@dataclass(frozen=True, slots=True)
class FormSeen:
    """A form as a person sees it: what is said above it, and its fields with what is in them."""

    id: str
    title: str
    notes: tuple[str, ...]
    fields: dict[str, str]
    choices: dict[str, dict[str, str]]
    errors: dict[str, str]


def seen(modal: dict[str, Any]) -> FormSeen:
    """Return a form as a person sees it; fields, choices (label to description) and errors by argument."""
    view = modal["view"]
    inputs = {block["element"]["action_id"]: block for block in view["blocks"] if block["type"] == "input"}
    state = {name: value for fields in modal["state"].values() for name, value in fields.items()}
    return FormSeen(
        id=modal["id"],
        title=view["title"]["text"],
        notes=tuple(block["text"]["text"] for block in view["blocks"] if block["type"] == "section"),
        fields={name: _value(state[name]) for name in inputs},
        choices={
            name: {o["text"]["text"]: o.get("description", {}).get("text", "") for o in block["element"]["options"]}
            for name, block in inputs.items()
            if "options" in block["element"]
        },
        errors={name: modal["errors"][b["block_id"]] for name, b in inputs.items() if b["block_id"] in modal["errors"]},
    )


def _value(state: dict[str, Any]) -> str:
    chosen = state.get("selected_option")
    return str(chosen["value"] if chosen else state.get("value") or "")


async def form(world: World, by: str = "olivia", *, holding: str = "") -> FormSeen:
    """Wait for a form (that has a field of this name) and return it."""

    def look() -> FormSeen | None:
        modal = world.modal(by)
        found = seen(modal) if modal else None
        return found if found and (not holding or holding in found.fields) else None

    found = await world.until(look)
    assert found is not None
    return found


async def choose(world: World, name: str, value: str, by: str = "olivia") -> None:
    """Choose something in the form that is open."""
    await world.workspace.people.click_in_view(world.person(by), None, name, value=value)


async def submit(world: World, by: str = "olivia", **values: str) -> SubmitResult:
    """Fill in fields and submit the form that is open."""
    return await world.workspace.people.submit(world.person(by), None, values)


async def settled(world: World) -> None:
    """Wait until nothing of what was asked for is being worked on."""
    await world.workspace.settled()
    await world.bot.reception.drain(10)


@dataclass
class LeapingClock:
    """The machine's clock, and as much later as a test leaps."""

    ahead: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def leap(self, by: timedelta) -> None:
        self.ahead += by

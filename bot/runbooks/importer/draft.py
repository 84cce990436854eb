"""What is drafted: procedures and checklists with their steps, and what could not be placed."""

from dataclasses import dataclass, field
from typing import Any

from bot.operations.effect import Effect
from bot.operations.line import Line


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something in the document that is not in the draft, and why."""

    line: int
    text: str
    why: str

    def __str__(self) -> str:
        shown = " ".join(self.text.split())
        return f"{self.line}: {shown if len(shown) <= 90 else f'{shown[:87]}...'} ({self.why})"


@dataclass(slots=True)
class Step:
    """One step: a command line, or, without one, something for a person. `number` is its line in the document."""

    number: int
    title: str
    command: Line | None = None
    human: str = ""
    because: str = ""
    notes: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """`probe` when it only looks, `action` when it changes something, `human` for a person."""
        if self.command is None:
            return "human"
        return "probe" if self.command.effect is Effect.READ else "action"


@dataclass(slots=True)
class Procedure:
    """What stands below one heading. `parts` are diagnose, resolve and follow-up; `open` are steps in doubt."""

    number: int
    path: tuple[str, ...]
    summary: list[tuple[int, str]] = field(default_factory=list)
    symptoms: list[str] = field(default_factory=list)
    parts: dict[str, list[Step]] = field(default_factory=lambda: {"diagnose": [], "resolve": [], "follow-up": []})
    settings: dict[str, str] = field(default_factory=dict)
    acted: bool = False
    open: list[Step] = field(default_factory=list)

    @property
    def steps(self) -> list[Step]:
        """All steps."""
        return [step for part in self.parts.values() for step in part]

    def add(self, step: Step, phase: str | None) -> None:
        """Put a step where it belongs; without a label, what comes behind the first change stays behind it."""
        if phase in ("resolve", "follow-up"):
            part = phase
        elif step.kind == "action":
            part = "resolve"
        else:
            part = "resolve" if self.acted and phase is None else "diagnose"
        if step.kind == "human" and phase is None and part == "diagnose":
            self.open.append(step)
        self.acted = self.acted or step.kind == "action"
        self.parts[part].append(step)

    def settle(self) -> None:
        """Where nothing is measured, the steps for people that no label puts elsewhere are what is done."""
        if not any(step.kind == "probe" for step in self.parts["diagnose"]):
            moved = {id(step) for step in self.open}
            self.parts["diagnose"] = [step for step in self.parts["diagnose"] if id(step) not in moved]
            self.parts["resolve"] = [*self.open, *self.parts["resolve"]]


@dataclass(slots=True)
class Draft:
    """Everything that a document gave. `facts` are sections of platform.yml and of alerts.yml by their keys."""

    title: str
    front: dict[str, Any]
    procedures: list[Procedure] = field(default_factory=list)
    checklists: list[Procedure] = field(default_factory=list)
    facts: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    severities: list[dict[str, Any]] = field(default_factory=list)
    templates: dict[str, str] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    summary: str = ""

    def leave_out(self, line: int, text: str, why: str) -> None:
        """Note what could not be placed."""
        if text.strip():
            self.left_out.append(LeftOut(line, text, why))

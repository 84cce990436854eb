"""A plan: what a request would change, as the world was when it was made. What is approved is the plan, and no more."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from bot.operations import kept
from bot.operations.changing import Foresight
from bot.operations.effect import Effect
from bot.operations.operation import Operation

_KEPT_APART = ("operation", "then", "effect")


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a plan: the command `line` as people know it, where, and what was foreseen of it.

    The fields from `before` to `final` are those of a `Foresight`.
    """

    line: str
    target: str
    effect: Effect
    operation: Operation
    before: str = ""
    after: str = ""
    world: Mapping[str, str] = field(default_factory=dict)
    reach: str = ""
    undo: str = ""
    rehearsal: str = ""
    then: tuple[Operation, ...] = ()
    final: bool = False

    @classmethod
    def foreseen(cls, line: str, target: str, effect: Effect, foresight: Foresight) -> Self:
        """Return a change as it was foreseen; what is final is at least as bad as `destroy`."""
        known = {each.name: getattr(foresight, each.name) for each in fields(foresight)}
        return cls(line, target, Effect.DESTROY if foresight.final else effect, **known)

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON keeps it."""
        plain = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in _KEPT_APART}
        operations = [kept.as_json(operation) for operation in (self.operation, *self.then)]
        return {**plain, "world": dict(self.world), "effect": self.effect.name, "operations": operations}

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> Self:
        """Return the change that `as_json` wrote. Raises BadInput when another version wrote it otherwise."""
        plain = {key: value for key, value in written.items() if key not in ("operations", "effect")}
        operation, *then = [kept.from_json(each) for each in written["operations"]]
        return cls(**plain, effect=Effect[written["effect"]], operation=operation, then=tuple(then))


@dataclass(frozen=True, slots=True)
class Criterion:
    """One sign that speaks for a change, as a probe saw it: whether it is met, None when nobody can tell."""

    title: str
    met: bool | None
    said: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a request would change, in order; `criteria` speak for it or do not."""

    changes: tuple[Change, ...]
    criteria: tuple[Criterion, ...] = ()

    @property
    def effect(self) -> Effect:
        """The worst of it."""
        return max((change.effect for change in self.changes), default=Effect.READ)

    @property
    def is_final(self) -> bool:
        """Whether something of it cannot be taken back."""
        return any(change.final for change in self.changes)

    @property
    def targets(self) -> tuple[str, ...]:
        """The names of the targets that it changes, each once."""
        return tuple(dict.fromkeys(change.target for change in self.changes if change.effect is not Effect.READ))

    @property
    def worst(self) -> Change | None:
        """The change that does the worst, the first of several; None when there is none."""
        return max(self.changes, key=lambda change: (change.final, change.effect), default=None)

    @property
    def fingerprint(self) -> str:
        """A short name for what was planned and how the world was then: the same only for the same."""
        said = json.dumps([[each.line, each.after, sorted(each.world.items())] for each in self.changes])
        return hashlib.sha256(said.encode()).hexdigest()[:12]

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON keeps it."""
        criteria = [asdict(criterion) for criterion in self.criteria]
        return {"changes": [change.as_json() for change in self.changes], "criteria": criteria}

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> Self:
        """Return the plan that `as_json` wrote. Raises BadInput when another version wrote it otherwise."""
        criteria = tuple(Criterion(**each) for each in written.get("criteria", ()))
        return cls(tuple(Change.from_json(each) for each in written["changes"]), criteria)


def targets_of(written: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the targets of a plan as JSON keeps it, whichever version of Opsroom wrote it."""
    changing = (change for change in written["changes"] if change["effect"] != Effect.READ.name)
    return tuple(dict.fromkeys(str(change["target"]) for change in changing))


def moved(before: Plan, now: Plan) -> tuple[str, ...]:
    """Return what is no longer as it was when the plan was made, a clause each; nothing when all is."""
    return tuple(said for was, here in zip(before.changes, now.changes, strict=True) for said in _moved(was, here))


def _moved(was: Change, now: Change) -> Iterable[str]:
    for name in dict.fromkeys((*was.world, *now.world)):
        then, here = was.world.get(name), now.world.get(name)
        if then != here:
            yield f"{name} was {then or 'not there'} and is now {here or 'gone'}"
    if now.final and not was.final:
        yield "it could no longer be taken back"
    if was.world == now.world and was.after != now.after:
        yield f"it would now lead to {now.after or 'nothing'}, and not to {was.after or 'nothing'}"

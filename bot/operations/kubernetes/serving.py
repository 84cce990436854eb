"""The revisions of a workload, and how long each of them served."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.operations.kubernetes.connection import Json
from bot.operations.kubernetes.nouns import Thing
from bot.operations.kubernetes.rollouts import Revision, revisions, running
from bot.operations.kubernetes.session import Session


@dataclass(frozen=True, slots=True)
class Served:
    """A revision and its time.

    `number` is what an undo takes; `images` are those of its containers in their order; `cause` is what the change
    said of itself, or an empty text; `made` is when it was made the first time, which a rollback to it does not
    change; `running` says whether the workload is to run it; `seconds` is how long it served: until the next newer
    one began, the running one until now. It is None where that cannot be told: a revision that was brought back does
    not say when, unless its rollout is through.
    """

    number: int
    images: tuple[str, ...]
    cause: str
    made: datetime
    running: bool
    seconds: float | None


async def served(session: Session, thing: Thing) -> tuple[Served, ...]:
    """Return the revisions of a Deployment, StatefulSet or DaemonSet, the newest first."""
    resource, workload = await session.find(thing)
    known = await revisions(session, resource, workload)
    now = running(known, workload)
    begun = _beginnings(known, workload)
    ends = [*begun[1:], datetime.now(UTC)]
    rows = [
        Served(one.number, one.images, one.cause, _moment(one.made), one is now, _between(start, end))
        for one, start, end in zip(known, begun, ends, strict=True)
    ]
    return tuple(reversed(rows))


def _beginnings(known: Sequence[Revision], workload: Json) -> list[datetime | None]:
    """Return when each revision began: when it was made, if no older one was made after it."""
    made = [_moment(one.made) for one in known]
    latest = [datetime.min.replace(tzinfo=UTC), *itertools.accumulate(made, max)]
    begun: list[datetime | None] = [one if one >= before else None for one, before in zip(made, latest, strict=False)]
    if begun and begun[-1] is None:
        begun[-1] = _through(workload)
    return begun


def _through(workload: Json) -> datetime | None:
    """Return when the last rollout of a Deployment was through."""
    for one in (workload.get("status") or {}).get("conditions") or []:
        if one["type"] == "Progressing" and one.get("reason") == "NewReplicaSetAvailable" and one.get("lastUpdateTime"):
            return _moment(one["lastUpdateTime"])
    return None


def _between(start: datetime | None, end: datetime | None) -> float | None:
    return max((end - start).total_seconds(), 0.0) if start and end else None


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)

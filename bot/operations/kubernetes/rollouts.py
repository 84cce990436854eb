"""Rollouts: history, undo, restart, pause and resume, as kubectl does them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.errors import TargetRefused
from bot.nearest import one_of
from bot.operations.kubernetes.changes import Pause, Restart, Undo
from bot.operations.kubernetes.connection import STRATEGIC, Json
from bot.operations.kubernetes.nouns import History
from bot.operations.kubernetes.printing import table_text
from bot.operations.kubernetes.resources import Resource
from bot.operations.kubernetes.session import Session, selector_of
from bot.operations.output import Output, Table

REVISION, CAUSE = "deployment.kubernetes.io/revision", "kubernetes.io/change-cause"
_RESTARTED = "kubectl.kubernetes.io/restartedAt"
_REPLICA_SETS = Resource("apps", "v1", "replicasets", "ReplicaSet")
_CONTROLLER_REVISIONS = Resource("apps", "v1", "controllerrevisions", "ControllerRevision")
_OWN = (
    "kubectl.kubernetes.io/last-applied-configuration",
    REVISION,
    *(f"deployment.kubernetes.io/{name}" for name in ("revision-history", "desired-replicas", "max-replicas")),
    "deprecated.deployment.rollback.to",
)
"""Annotations that are about the object that has them, and are not put back."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A revision of a workload: its number, its images, why it came and when, and its pod template.

    `data` is what a ControllerRevision puts back; `annotations` are those of a ReplicaSet.
    """

    number: int
    images: tuple[str, ...]
    cause: str
    made: str
    template: Any
    data: Any = None
    annotations: Mapping[str, str] = field(default_factory=dict)

    @property
    def image(self) -> str:
        """The images as one text."""
        return ",".join(self.images)


async def revisions(session: Session, resource: Resource, workload: Json) -> list[Revision]:
    """Return the revisions of a Deployment, StatefulSet or DaemonSet, the oldest first.

    A Deployment's are its ReplicaSets: selected by its labels, and owned by its uid.
    """
    deployment = resource.plural == "deployments"
    owned = await session.objects(_REPLICA_SETS if deployment else _CONTROLLER_REVISIONS, selector_of(workload))
    uid = workload["metadata"]["uid"]
    mine = [one for one in owned if any(owner["uid"] == uid for owner in one["metadata"].get("ownerReferences") or [])]
    found = [_of_replica_set(one) if deployment else _of_controller_revision(one) for one in mine]
    return sorted((one for one in found if one.number), key=lambda one: one.number)


async def history(session: Session, operation: History) -> Output:
    """Carry out `kubectl rollout history`, with the image and the time of each revision."""
    resource, workload = await session.find(operation.thing)
    known = await revisions(session, resource, workload)
    if operation.revision is not None:
        asked = [one for one in known if one.number == operation.revision]
        if not asked:
            raise _no_revision(resource, workload, operation.revision, known)
        known = asked
    rows = tuple((str(one.number), one.image, one.made, one.cause or "<none>") for one in known)
    table = Table(("REVISION", "IMAGE", "CREATED", "CHANGE-CAUSE"), rows)
    latest = float(max((one.number for one in known), default=0))
    return Output(table_text(table), table=table, facts={"count": float(len(rows)), "revision": latest})


async def undo(session: Session, operation: Undo) -> Output:
    """Carry out `kubectl rollout undo`. Raises TargetRefused when paused, or when there is nothing to go back to."""
    resource, workload = await session.find(operation.thing)
    known = await revisions(session, resource, workload)
    target = wanted(resource, workload, operation.revision, known)
    latest = known[-1]
    if resource.plural == "deployments":
        patch = _restoring(workload, target)
        content = "application/json-patch+json"
    else:
        patch, content = target.data, STRATEGIC
    await session.patch(resource, workload, patch, content)
    facts: dict[str, float | str] = {"from": float(latest.number), "to": float(target.number), "image": target.image}
    text = f"{resource.full}/{workload['metadata']['name']} rolled back to revision {target.number} ({target.image})"
    return Output(text, facts=facts)


async def restart(session: Session, operation: Restart) -> Output:
    """Carry out `kubectl rollout restart`: the time in the pod template makes new pods."""
    lines = []
    for resource, workload in await session.selected(operation.things, operation.labels):
        check_moving(resource, workload)
        now = session.moment or datetime.now(UTC).isoformat(timespec="milliseconds")
        body = {"spec": {"template": {"metadata": {"annotations": {_RESTARTED: now}}}}}
        await session.patch(resource, workload, body, STRATEGIC)
        lines.append(f"{resource.full}/{workload['metadata']['name']} restarted")
    return done(lines)


async def pause(session: Session, operation: Pause) -> Output:
    """Carry out `kubectl rollout pause` and `resume`."""
    resource, workload = await session.find(operation.thing)
    word = "paused" if operation.paused else "resumed"
    name = f"{resource.full}/{workload['metadata']['name']}"
    if bool(workload["spec"].get("paused")) is operation.paused:
        raise TargetRefused(f"{called(resource, workload)} is {'already' if operation.paused else 'not'} paused.")
    await session.patch(resource, workload, {"spec": {"paused": operation.paused or None}})
    return done([f"{name} {word}"])


def done(lines: Sequence[str]) -> Output:
    """Return what was changed, a line for each."""
    return Output("\n".join(lines), facts={"count": float(len(lines))})


def check_moving(resource: Resource, workload: Json) -> None:
    """Raise TargetRefused for a paused Deployment."""
    if workload["spec"].get("paused"):
        raise TargetRefused(f"{called(resource, workload)} is paused; resume it first.")


def wanted(resource: Resource, workload: Json, number: object, known: Sequence[Revision]) -> Revision:
    """Return the revision that an undo goes to; a `number` that is none means the one before the newest.

    Raises TargetRefused when paused, when there is no such revision, and for the one that runs already.
    """
    check_moving(resource, workload)
    target = _target(resource, workload, number, known)
    if runs(target, workload):
        raise TargetRefused(f"{called(resource, workload)} already runs revision {target.number} ({target.image}).")
    return target


def runs(revision: Revision, workload: Json) -> bool:
    """Whether a workload is to run this revision."""
    return _same(revision.template, workload["spec"]["template"])


def running(known: Sequence[Revision], workload: Json) -> Revision | None:
    """Return the revision that a workload is to run; None when its controller has not made it yet."""
    return next((one for one in reversed(known) if runs(one, workload)), None)


def _target(resource: Resource, workload: Json, number: object, known: Sequence[Revision]) -> Revision:
    """Return the revision that is asked for, else the one before the newest."""
    if isinstance(number, int):
        found = [one for one in known if one.number == number]
        if not found:
            raise _no_revision(resource, workload, number, known)
        return found[0]
    if len(known) < 2:
        raise TargetRefused(f"{called(resource, workload)} has no earlier revision to go back to.")
    return known[-2]


def _no_revision(resource: Resource, workload: Json, number: object, known: Sequence[Revision]) -> TargetRefused:
    there = one_of((str(one.number) for one in known), "and") if known else "none"
    return TargetRefused(f"{called(resource, workload)} has no revision {number}; it has {there}.")


def _restoring(workload: Json, target: Revision) -> Json:
    """Return the JSON patch that puts a revision's template and its annotations back, as kubectl does."""
    held = workload["metadata"].get("annotations") or {}
    kept = {key: value for key, value in held.items() if key in _OWN}
    back = {key: value for key, value in target.annotations.items() if key not in _OWN}
    return [
        {"op": "replace", "path": "/spec/template", "value": target.template},
        {"op": "add", "path": "/metadata/annotations", "value": {**kept, **back}},
    ]


def _of_replica_set(found: Json) -> Revision:
    annotations = found["metadata"].get("annotations") or {}
    template = found["spec"]["template"]
    meta = dict(template.get("metadata") or {})
    meta["labels"] = {key: value for key, value in (meta.get("labels") or {}).items() if key != "pod-template-hash"}
    number = annotations.get(REVISION, "0")
    made = found["metadata"].get("creationTimestamp") or ""
    bare = {**template, "metadata": meta}
    revision = int(number) if number.isdigit() else 0
    return Revision(revision, _images(template), annotations.get(CAUSE, ""), made, bare, annotations=annotations)


def _of_controller_revision(found: Json) -> Revision:
    template = found["data"]["spec"]["template"]
    annotations = found["metadata"].get("annotations") or {}
    made = found["metadata"].get("creationTimestamp") or ""
    bare = {key: value for key, value in template.items() if key != "$patch"}
    return Revision(int(found["revision"]), _images(bare), annotations.get(CAUSE, ""), made, bare, found["data"])


def _images(template: Json) -> tuple[str, ...]:
    return tuple(one.get("image", "") for one in template["spec"]["containers"])


def _same(left: Json, right: Json) -> bool:
    return bool(_plain(left) == _plain(right))


def _plain(template: Json) -> Json:
    """Return a template without what is empty, and without the time that the API server adds as null."""
    meta = {key: value for key, value in (template.get("metadata") or {}).items() if value}
    return {**template, "metadata": meta}


def called(resource: Resource, workload: Json) -> str:
    """Return how people name an object: `Deployment web`."""
    return f"{resource.kind} {workload['metadata']['name']}"

"""Deployments: a ReplicaSet for each pod template, one after the other in the place of the last."""

import hashlib
import json
import math
from typing import Any

from sandbox.cluster.control import progress
from sandbox.cluster.control.hands import owned, reference, set_status, tell
from sandbox.cluster.store import Store

Thing = dict[str, Any]
REVISION = "deployment.kubernetes.io/revision"
HASH = "pod-template-hash"
_NOT_COPIED = ("kubectl.kubernetes.io/last-applied-configuration", REVISION)


def sync(store: Store) -> None:
    """Bring every Deployment a step further."""
    sets = owned(store.each("replicasets", "apps"))
    for one in store.each("deployments", "apps"):
        if not one["metadata"].get("deletionTimestamp"):
            _Rollout(store, one, sets.get(one["metadata"]["uid"], [])).step()


class _Rollout:
    """One Deployment and its ReplicaSets."""

    def __init__(self, store: Store, one: Thing, sets: list[Thing]) -> None:
        self._store, self._one = store, one
        self._kind = store.kinds.get("deployments", "apps")
        self._set_kind = store.kinds.get("replicasets", "apps")
        self._sets = {found["metadata"]["name"]: found for found in sets}
        self._replicas: int = one["spec"]["replicas"]

    def step(self) -> None:
        """Do what is to be done now."""
        current = self._current()
        if not self._one["spec"].get("paused"):
            current = self._numbered(current or self._made())
        if current is not None:
            self._roll(current["metadata"]["name"])
            self._forget(current["metadata"]["name"])
        self._report(self._sets[current["metadata"]["name"]] if current else None)

    def _current(self) -> Thing | None:
        """Return the ReplicaSet of the present template, if there is one."""
        wanted = _bare(self._one["spec"]["template"])
        found = [one for one in self._sets.values() if _bare(one["spec"]["template"]) == wanted]
        return min(found, key=lambda one: str(one["metadata"]["creationTimestamp"])) if found else None

    def _made(self) -> Thing:
        meta, template = self._one["metadata"], self._one["spec"]["template"]
        mark = hashlib.sha256(json.dumps([template, meta["uid"]], sort_keys=True).encode()).hexdigest()[:10]
        labels = {**((template.get("metadata") or {}).get("labels") or {}), HASH: mark}
        selector = {"matchLabels": {**self._one["spec"]["selector"].get("matchLabels", {}), HASH: mark}}
        fresh = {
            "metadata": {
                "name": f"{meta['name']}-{mark}",
                "labels": labels,
                "annotations": {REVISION: "0"},
                "ownerReferences": [reference(self._kind, self._one)],
            },
            "spec": {
                "replicas": 0,
                "selector": selector,
                "template": {**template, "metadata": {**(template.get("metadata") or {}), "labels": labels}},
            },
            "status": {"replicas": 0},
        }
        made = self._store.add(self._set_kind, self._store.complete(self._set_kind, meta["namespace"], fresh))
        self._sets[made["metadata"]["name"]] = made
        return made

    def _numbered(self, current: Thing) -> Thing:
        """Give the current ReplicaSet the highest revision, and what the Deployment has in annotations."""
        others = [_revision(one) for name, one in self._sets.items() if name != current["metadata"]["name"]]
        number = str(max(_revision(current), max(others, default=0) + 1))
        theirs = self._one["metadata"].get("annotations") or {}
        copied = {key: value for key, value in theirs.items() if key not in _NOT_COPIED}
        notes = {**(current["metadata"].get("annotations") or {}), **copied, REVISION: number}
        current = self._put(current, annotations=notes)
        if theirs.get(REVISION) != number:
            meta = {**self._one["metadata"], "annotations": {**theirs, REVISION: number}}
            self._one = self._store.change(self._kind, {**self._one, "metadata": meta})
        return current

    def _roll(self, current: str) -> None:
        """Scale the ReplicaSets one step towards the current one having all replicas."""
        surge, missing = self._latitude()
        old = [name for name in self._sets if name != current and self._size(name)]
        if self._one["spec"].get("paused"):
            return self._scale_paused(current)
        if self._one["spec"]["strategy"].get("type") == "Recreate" and (old or self._living(current)):
            for name in old:
                self._scale(name, 0)
            return None
        total = sum(map(self._size, self._sets))
        room = self._replicas + surge - total
        if self._size(current) > self._replicas:
            self._scale(current, self._replicas)
        elif self._size(current) < self._replicas and room > 0:
            self._scale(current, min(self._replicas, self._size(current) + room))
        self._shrink(old, current, self._replicas - missing)
        return None

    def _scale_paused(self, current: str) -> None:
        if sum(map(self._size, self._sets)) != self._replicas and len([n for n in self._sets if self._size(n)]) <= 1:
            name = next((found for found in self._sets if self._size(found)), current)
            self._scale(name, self._replicas)

    def _shrink(self, old: list[str], current: str, least: int) -> None:
        """Scale old ReplicaSets down as far as that many pods stay available; those that are not go first."""
        waiting = self._size(current) - self._available(current)
        spare = sum(map(self._size, self._sets)) - least - waiting
        ordered = sorted(old, key=lambda found: _revision(self._sets[found]))
        healthy = sum(map(self._available, self._sets)) - least
        for name in ordered:
            ill = min(self._size(name) - self._available(name), max(0, spare))
            well = min(self._available(name), max(0, healthy), max(0, spare - ill))
            spare, healthy = spare - ill - well, healthy - well
            self._scale(name, self._size(name) - ill - well)

    def _latitude(self) -> tuple[int, int]:
        """Return how many pods there may be too many and too few."""
        rolling = self._one["spec"]["strategy"].get("rollingUpdate") or {}
        surge = _part(rolling.get("maxSurge", "25%"), self._replicas, up=True)
        missing = _part(rolling.get("maxUnavailable", "25%"), self._replicas, up=False)
        return surge, missing if surge or missing else 1

    def _living(self, current: str) -> bool:
        """Whether pods of old templates are still there."""
        mine = {self._sets[name]["metadata"]["uid"] for name in self._sets if name != current}
        return any(uid in mine for uid, pods in owned(self._store.each("pods")).items() if pods)

    def _scale(self, name: str, size: int) -> None:
        before = self._size(name)
        if before == size:
            return
        one = self._sets[name]
        self._sets[name] = self._store.change(self._set_kind, {**one, "spec": {**one["spec"], "replicas": size}})
        word = "up" if size > before else "down"
        message = f"Scaled {word} replica set {name} to {size}"
        tell(self._store, self._kind, self._one, "Normal", "ScalingReplicaSet", message)

    def _forget(self, current: str) -> None:
        """Remove the oldest ReplicaSets beyond those that are kept for going back."""
        kept = self._one["spec"].get("revisionHistoryLimit", 10)
        idle = [name for name in self._sets if name != current and not self._size(name)]
        idle = [name for name in idle if not self._sets[name]["status"].get("replicas")]
        for name in sorted(idle, key=lambda found: _revision(self._sets[found]))[: max(0, len(idle) - kept)]:
            self._store.remove(self._set_kind, self._sets.pop(name))

    def _report(self, current: Thing | None) -> None:
        status = progress.status(self._one, list(self._sets.values()), current)
        set_status(self._store, self._kind, self._one, status)

    def _put(self, one: Thing, **meta: Any) -> Thing:
        put = self._store.change(self._set_kind, {**one, "metadata": {**one["metadata"], **meta}})
        self._sets[put["metadata"]["name"]] = put
        return put

    def _size(self, name: str) -> int:
        return int(self._sets[name]["spec"]["replicas"])

    def _available(self, name: str) -> int:
        return int(self._sets[name].get("status", {}).get("availableReplicas", 0))


def _bare(template: Thing) -> Thing:
    """Return a template without the label that its ReplicaSet adds."""
    meta = dict(template.get("metadata") or {})
    meta["labels"] = {key: value for key, value in (meta.get("labels") or {}).items() if key != HASH}
    return {**template, "metadata": {key: value for key, value in meta.items() if value}}


def _revision(one: Thing) -> int:
    return int((one["metadata"].get("annotations") or {}).get(REVISION, 0))


def _part(value: int | str, whole: int, *, up: bool) -> int:
    if isinstance(value, int):
        return value
    share = int(value.removesuffix("%")) * whole / 100
    return math.ceil(share) if up else math.floor(share)

"""What the cluster holds: objects by kind, namespace and name, each with a version; whoever wants hears of changes."""

import itertools
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from sandbox.cluster.kinds import Kind, Kinds
from sandbox.cluster.kubelet.moments import stamp
from sandbox.cluster.refusals import conflict, exists, not_found

Thing = dict[str, Any]
Heard = Callable[[str, Kind, Thing], None]
"""Takes ADDED, MODIFIED or DELETED, the kind, and the object as it is now, or was last."""

_TIMELESS = ("status", "metadata")


class Store:
    """The objects of one cluster. They are never changed in place: a change puts a new one."""

    def __init__(self, kinds: Kinds) -> None:
        self.kinds = kinds
        self._things: dict[tuple[str, str], dict[tuple[str, str], Thing]] = {}
        self._versions = itertools.count(1)
        self.version = 0
        self._hearers: list[Heard] = []

    def hear(self, hearer: Heard) -> None:
        """Tell this one of every change from now on."""
        self._hearers.append(hearer)

    def all(self, kind: Kind, namespace: str = "") -> list[Thing]:
        """Return the objects of a kind, by namespace and name; of one namespace, or of all."""
        things = self._of(kind)
        keys = sorted(key for key in things if not namespace or key[0] == namespace)
        return [things[key] for key in keys]

    def each(self, plural: str, group: str = "") -> Iterator[Thing]:
        """Yield the objects of a kind, in no order, as they are when it is asked."""
        return iter(tuple(self._of(self.kinds.get(plural, group)).values()))

    def find(self, kind: Kind, namespace: str, name: str) -> Thing | None:
        """Return an object; None when there is none."""
        return self._of(kind).get((namespace if kind.namespaced else "", name))

    def get(self, kind: Kind, namespace: str, name: str) -> Thing:
        """Return an object. Raises Refused (404)."""
        found = self.find(kind, namespace, name)
        if found is None:
            raise not_found(kind, name)
        return found

    def complete(self, kind: Kind, namespace: str, thing: Thing) -> Thing:
        """Return a new object with all that the server adds. Raises Refused (409) when there is one of its name."""
        meta = dict(thing["metadata"])
        if not meta.get("name"):
            meta["name"] = meta.get("generateName", "") + uuid.uuid4().hex[:5]
        if self.find(kind, namespace, meta["name"]) is not None:
            raise exists(kind, meta["name"])
        meta |= {"uid": str(uuid.uuid4()), "creationTimestamp": stamp(time.time()), "resourceVersion": "0"}
        if kind.namespaced:
            meta["namespace"] = namespace
        if "spec" in thing:
            meta["generation"] = 1
        return {**thing, "apiVersion": kind.api_version, "kind": kind.kind, "metadata": meta}

    def add(self, kind: Kind, thing: Thing) -> Thing:
        """Put a new object that is complete."""
        return self._put("ADDED", kind, thing)

    def change(self, kind: Kind, thing: Thing, *, keep: bool = True) -> Thing:
        """Return an object in its new form, with its next generation if what it should be has changed.

        Raises Refused (409) when it says a version that is not the present one. With `keep` it is put, and told of.
        """
        meta = thing["metadata"]
        before = self.get(kind, meta.get("namespace", ""), meta["name"])
        said = meta.get("resourceVersion")
        if said and said != before["metadata"]["resourceVersion"]:
            raise conflict(kind, meta["name"])
        if meta.get("uid") not in {None, before["metadata"]["uid"]}:
            raise conflict(kind, meta["name"], "Precondition failed: UID in precondition does not match")
        fixed = ("uid", "creationTimestamp", "namespace", "generation", "resourceVersion", "deletionTimestamp")
        kept = {key: before["metadata"][key] for key in fixed if key in before["metadata"]}
        now = {**thing, "metadata": {**meta, **kept}}
        if now == before:
            return before
        if _wanted(kind, now) != _wanted(kind, before) and "generation" in kept:
            now["metadata"]["generation"] += 1
        return self._put("MODIFIED", kind, now) if keep else now

    def mark(self, kind: Kind, thing: Thing, **meta: Any) -> Thing:
        """Put an object with other metadata that only the server sets."""
        return self._put("MODIFIED", kind, {**thing, "metadata": {**thing["metadata"], **meta}})

    def remove(self, kind: Kind, thing: Thing) -> None:
        """Take an object away; one that is gone is no fault."""
        meta = thing["metadata"]
        found = self._of(kind).pop((meta.get("namespace", ""), meta["name"]), None)
        if found is not None:
            self.version = next(self._versions)
            self._tell("DELETED", kind, found)

    def _put(self, what: str, kind: Kind, thing: Thing) -> Thing:
        self.version = next(self._versions)
        meta = {**thing["metadata"], "resourceVersion": str(self.version)}
        put = {**thing, "metadata": meta}
        self._of(kind)[meta.get("namespace", ""), meta["name"]] = put
        self._tell(what, kind, put)
        return put

    def _tell(self, what: str, kind: Kind, thing: Thing) -> None:
        for hearer in self._hearers:
            hearer(what, kind, thing)

    def _of(self, kind: Kind) -> dict[tuple[str, str], Thing]:
        return self._things.setdefault((kind.group, kind.plural), {})


def _wanted(kind: Kind, thing: Thing) -> Thing:
    """Return what an object should be, without what it is and who it is; with Deployments, annotations belong to it."""
    wanted = {key: value for key, value in thing.items() if key not in _TIMELESS}
    return {**wanted, "": thing["metadata"].get("annotations")} if kind.plural == "deployments" else wanted

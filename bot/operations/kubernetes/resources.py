"""Which kinds of objects a cluster has, and where: what is the same everywhere is known, the rest is asked once."""

import asyncio
import time
from dataclasses import dataclass
from urllib.parse import quote

from bot.errors import TargetError
from bot.nearest import hint
from bot.operations.kubernetes import kinds
from bot.operations.kubernetes.connection import Cluster, Json, Request
from bot.operations.kubernetes.faults import ClusterRefused

_LASTS = 600.0
"""Seconds for which an answer is kept: a custom resource that is new is looked for anyway."""
_EVERYWHERE_V1 = {"", "apps"}


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind of objects as this cluster serves it."""

    group: str
    version: str
    plural: str
    kind: str
    namespaced: bool = True

    @property
    def root(self) -> str:
        """The path of the group and version."""
        return f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"

    @property
    def api_version(self) -> str:
        """How an object says its group and version."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def full(self) -> str:
        """How kubectl prints it before a name: `pod`, `deployment.apps`."""
        return f"{self.kind.lower()}.{self.group}" if self.group else self.kind.lower()

    def path(self, namespace: str, name: str = "", sub: str = "") -> str:
        """Return the path of the objects, of one of them, or of a part of it; no namespace means all."""
        where = f"/namespaces/{quote(namespace, safe='')}" if self.namespaced and namespace else ""
        tail = "".join(f"/{quote(piece, safe=':')}" for piece in (name, sub) if piece)
        return f"{self.root}{where}/{self.plural}{tail}"


class Resources:
    """The kinds of one cluster."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._lists: dict[str, tuple[float, Json]] = {}

    async def find(self, type_: str, until: float) -> Resource:
        """Return the resource that a type's name means. Raises TargetRefused when the cluster has none."""
        kind = kinds.known(type_)
        if kind and kind.group in _EVERYWHERE_V1:
            return Resource(kind.group, "v1", kind.plural, kind.kind, kind.namespaced)
        if type_ == "jobs":
            return Resource("batch", "v1", "jobs", "Job")
        word, _, group = type_.partition(".")
        found = await self._search(word, kind.group if kind else group, until)
        if found is None:
            raise ClusterRefused(f"The cluster has no kind {type_}; {await self._hint(word, until)}.", 404, "NotFound")
        return found

    async def of_object(self, api_version: str, kind: str, until: float) -> Resource:
        """Return the resource of an object that says its version and kind. Raises TargetRefused."""
        group, _, version = api_version.rpartition("/")
        for entry in (await self._resources(group, version, until)).get("resources", []):
            if entry["kind"] == kind and "/" not in entry["name"]:
                return _resource(group, version, entry)
        raise ClusterRefused(f"The cluster has no kind {kind} in {api_version}.", 404, "NotFound")

    async def version(self, group: str, plural: str, until: float) -> str | None:
        """Return the version in which the cluster serves a resource, or None."""
        found = await self._search(plural, group, until)
        return found.version if found else None

    async def _search(self, word: str, group: str, until: float) -> Resource | None:
        versions = [version for version in await self._versions(until) if not group or version[0] == group]
        preferred = [version for version in versions if version[2]]
        others = [version for version in versions if not version[2]]
        for some in (preferred, others):
            lists = await asyncio.gather(*(self._resources(group, version, until) for group, version, _ in some))
            for (found, version, _), listed in zip(some, lists, strict=True):
                for entry in listed.get("resources", []):
                    if _means(entry, word):
                        return _resource(found, version, entry)
        return None

    async def _versions(self, until: float) -> list[tuple[str, str, bool]]:
        """Return every group and version, and whether it is the preferred one of its group."""
        groups = (await self._ask("/apis", until)).get("groups", [])
        return [
            (group["name"], version["version"], version == group.get("preferredVersion"))
            for group in groups
            for version in group["versions"]
        ]

    async def _resources(self, group: str, version: str, until: float) -> Json:
        """Return the list of a version's resources; an empty one when its server is broken or keeps it from us."""
        try:
            return await self._ask(f"/apis/{group}/{version}" if group else f"/api/{version}", until)
        except TargetError:
            if time.monotonic() >= until:
                raise
            return {}

    async def _ask(self, path: str, until: float) -> Json:
        held = self._lists.get(path)
        if held and held[0] > time.monotonic():
            return held[1]
        answer = await self._cluster.json(Request("GET", path), until)
        self._lists[path] = (time.monotonic() + _LASTS, answer)
        return answer

    async def _hint(self, word: str, until: float) -> str:
        self._lists.clear()  # a custom resource may have come since
        versions = [version for version in await self._versions(until) if version[2]]
        lists = await asyncio.gather(*(self._resources(group, version, until) for group, version, _ in versions))
        names = {entry["name"] for listed in lists for entry in listed.get("resources", []) if "/" not in entry["name"]}
        known = names | {kind.plural for kind in kinds.KINDS}
        told = hint(word, sorted(known))
        return told if told.startswith("did") else "kubectl get --raw /apis lists what it has"


def _means(entry: Json, word: str) -> bool:
    if "/" in entry["name"]:
        return False
    names = {entry["name"], entry.get("singularName"), entry["kind"].lower(), *entry.get("shortNames", ())}
    return word in names


def _resource(group: str, version: str, entry: Json) -> Resource:
    return Resource(group, version, entry["name"], entry["kind"], bool(entry["namespaced"]))

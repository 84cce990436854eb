"""One run of one operation: the cluster, the namespace, what is left of the time, and the ways to read and to write."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import AnswerUnreadable, ChangeUnclear, TargetError, TargetRefused, TargetUnreachable
from bot.nearest import nearest, one_of
from bot.operations.backend import Limits
from bot.operations.kubernetes.connection import MERGE, Cluster, Json, Query, Request
from bot.operations.kubernetes.faults import ClusterRefused, NotSent, Overloaded
from bot.operations.kubernetes.nouns import Thing
from bot.operations.kubernetes.resources import Resource, Resources

PAGE = 250
"""Objects that are asked for at once: parsing twice as many would hold the event loop up for 80 ms."""
MANAGER = "opsroom"
REQUEST = "opsroom.dev/request"
"""The annotation that says by which request an object was changed last."""
_NAMES = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json"


@dataclass(frozen=True, slots=True)
class Tried:
    """An object that was patched, or would be: as it was, None when it was not there, and as the server answered."""

    resource: Resource
    before: Json
    after: Json


class Moved(ClusterRefused):
    """An object was changed by somebody else between its reading and its writing; `before` is as it was read."""

    def __init__(self, error: ClusterRefused, resource: Resource, before: Json) -> None:
        super().__init__(str(error), error.status, error.reason)
        self.resource, self.before = resource, before

    @classmethod
    def of(cls, error: ClusterRefused, resource: Resource, before: Json) -> ClusterRefused:
        """Return a refusal as this one, if it is for that reason."""
        return cls(error, resource, before) if error.status == 409 else error


@dataclass(slots=True)
class Session:
    """What the verbs work with.

    `namespace` is that of the operation or the target's; `until` a moment of time.monotonic(); with `dry` the
    server tries every write and keeps none. `request` is written on every object that is changed, and makes each
    write fail when the object has changed since it was read; `moment` is the time that a restart says. `wrote` are
    the paths of what was changed so far, and `tried` the objects that were patched.
    """

    cluster: Cluster
    resources: Resources
    namespace: str
    limits: Limits
    until: float
    folder: Path | None = None
    dry: bool = False
    request: str = ""
    moment: str = ""
    cut: list[str] = field(default_factory=list)
    wrote: list[str] = field(default_factory=list)
    tried: list[Tried] = field(default_factory=list)

    @property
    def left(self) -> float:
        """Seconds until the time limit, of which a little is kept for the answer."""
        return self.until - time.monotonic() - min(0.25, self.limits.seconds / 10)

    async def resource(self, type_: str) -> Resource:
        """Return the resource that a type means in this cluster."""
        return await self.resources.find(type_, self.until)

    async def read(self, path: str, query: Query = (), accept: str = "application/json") -> Json:
        """Read a path as JSON."""
        return await self.cluster.json(Request("GET", path, query, accept=accept), self.until)

    async def get(self, resource: Resource, name: str, accept: str = "application/json", query: Query = ()) -> Json:
        """Return one object. Raises TargetRefused, with the nearest names when there is none."""
        try:
            return await self.read(resource.path(self.namespace, name), query, accept)
        except ClusterRefused as error:
            if error.status != 404:
                raise
            raise await self.missing(resource, name) from None

    async def find(self, thing: Thing) -> tuple[Resource, Json]:
        """Return the resource and the object of a thing."""
        resource = await self.resource(thing.type)
        return resource, await self.get(resource, thing.name)

    async def pages(
        self,
        resource: Resource,
        query: Query,
        take: Callable[[Json], bool],
        *,
        namespace: str | None = None,
        accept: str = "application/json",
        page: int = PAGE,
    ) -> None:
        """Hand each page of a list to `take`, until it says that it has enough."""
        path = resource.path(self.namespace if namespace is None else namespace)
        asked = [pair for pair in query if pair[1]]
        following = ""
        while True:
            more = [("continue", following)] if following else []
            try:
                listed = await self.read(path, [*asked, ("limit", str(page)), *more], accept)
            except ClusterRefused as error:
                if error.status != 410:
                    raise
                self.cut.append("the list changed while it was read: the rest of it")
                return
            following = (listed.get("metadata") or {}).get("continue") or ""
            if take(listed) or not following:
                return

    async def objects(self, resource: Resource, labels: str = "", fields: str = "", most: int = 5000) -> list[Json]:
        """Return the objects that selectors find in the namespace, `most` at most."""
        found: list[Json] = []

        def take(listed: Json) -> bool:
            found.extend(listed.get("items") or [])
            return len(found) >= most

        await self.pages(resource, [("labelSelector", labels), ("fieldSelector", fields)], take)
        if len(found) > most:
            self.cut.append(f"all but the first {most} {resource.plural}")
        return found[:most]

    async def write(
        self, method: str, path: str, body: Json = None, content: str = MERGE, query: Sequence[tuple[str, str]] = ()
    ) -> Json:
        """Send a change once. Raises ChangeUnclear, for a request, when it may have been done."""
        asked = [*query, *([("dryRun", "All")] if self.dry else [])]
        if method in ("PATCH", "PUT", "POST"):
            asked.append(("fieldManager", MANAGER))
        if method == "DELETE" and self.dry:
            body = {**(body or {}), "dryRun": ["All"]}
        sent = Request(method, path, asked, body, content=content if method == "PATCH" else "application/json")
        try:
            answer = await self.cluster.json(sent, self.until)
        except (TargetUnreachable, AnswerUnreadable) as error:
            never = isinstance(error, NotSent) or (isinstance(error, Overloaded) and error.status == 429)
            if never or self.dry or not self.request:
                raise
            raise unclear(error) from None
        self.wrote.append(path)
        return answer

    async def patch(self, resource: Resource, obj: Json, body: Json, content: str = MERGE) -> Json:
        """Patch an object that was read; what carries the request has been patched already."""
        meta = obj["metadata"]
        if self.request:
            if carries(obj, self.request):
                return obj
            body = signed(obj, body, self.request, guarded=not self.dry)
        try:
            after = await self.write("PATCH", resource.path(meta.get("namespace", ""), meta["name"]), body, content)
        except ClusterRefused as error:
            raise Moved.of(error, resource, obj) from None
        self.tried.append(Tried(resource, obj, after))
        return after

    async def selected(
        self, things: Sequence[Thing], labels: str = "", fields: str = ""
    ) -> list[tuple[Resource, Json]]:
        """Return the objects of things: those that are named, and all that the selectors find of the others."""
        found: list[tuple[Resource, Json]] = []
        for thing in things:
            resource = await self.resource(thing.type)
            if thing.name:
                found.append((resource, await self.get(resource, thing.name)))
            else:
                found += [(resource, item) for item in await self.objects(resource, labels, fields)]
        return found

    async def missing(self, resource: Resource, name: str) -> TargetRefused:
        """Return the refusal for an object that is not there: which namespace is wrong, or the nearest names."""
        if resource.namespaced:
            await self.check_namespace()
        where = f" in namespace {self.namespace}" if resource.namespaced else ""
        try:
            listed = await self.read(resource.path(self.namespace), [("limit", str(PAGE))], _NAMES)
            close = nearest(name, [item["metadata"]["name"] for item in listed.get("items") or []])
        except TargetError:
            close = ()
        told = f"; did you mean {one_of(close)}?" if close else "."
        return ClusterRefused(f"There is no {resource.kind.lower()} {name}{where}{told}", 404, "NotFound")

    async def check_namespace(self) -> None:
        """Raise TargetRefused when the namespace does not exist, as far as we may know."""
        try:
            await self.read(f"/api/v1/namespaces/{self.namespace}")
            return
        except TargetError as error:
            if not isinstance(error, ClusterRefused) or error.status != 404:
                return
        try:
            listed = await self.read("/api/v1/namespaces", [("limit", str(PAGE))], _NAMES)
            close = nearest(self.namespace, [item["metadata"]["name"] for item in listed.get("items") or []])
        except TargetError:
            close = ()
        told = f"; did you mean {one_of(close)}?" if close else "."
        raise ClusterRefused(f"There is no namespace {self.namespace} in the cluster{told}", 404, "NotFound")

    async def pause(self, attempt: int) -> None:
        """Wait before the next look: 0.1 s, growing to 1 s, and never beyond the time limit."""
        await asyncio.sleep(max(min(0.1 * 1.5**attempt, 1.0, self.left), 0.0))


def carries(obj: Json, request: str) -> bool:
    """Whether an object was changed last by this request."""
    return bool((obj["metadata"].get("annotations") or {}).get(REQUEST) == request)


def signed(obj: Json, body: Json, request: str, *, guarded: bool) -> Json:
    """Return a patch that also writes the request down; when `guarded`, it fails if the object has changed since.

    A JSON patch must set the annotations before, since it cannot add to what is not there.
    """
    version = obj["metadata"]["resourceVersion"]
    if isinstance(body, list):
        guard = [{"op": "replace", "path": "/metadata/resourceVersion", "value": version}] if guarded else []
        annotation = {"op": "add", "path": f"/metadata/annotations/{REQUEST.replace('/', '~1')}", "value": request}
        return [*guard, *body, annotation]
    meta = {**(body.get("metadata") or {}), **({"resourceVersion": version} if guarded else {})}
    return {**body, "metadata": {**meta, "annotations": {**(meta.get("annotations") or {}), REQUEST: request}}}


def unclear(error: TargetError) -> ChangeUnclear:
    """Return the error for a change of which nobody heard the end."""
    return ChangeUnclear(f"{error} Whether the change was done is not known.")


def selector_of(workload: Json) -> str:
    """Return the label selector of a workload's pods, as the API takes it."""
    selector = workload.get("spec", {}).get("selector") or {}
    if "matchLabels" not in selector and "matchExpressions" not in selector:
        return ",".join(f"{key}={value}" for key, value in sorted(selector.items()))
    parts = [f"{key}={value}" for key, value in sorted((selector.get("matchLabels") or {}).items())]
    signs = {"In": "in", "NotIn": "notin", "Exists": "", "DoesNotExist": "!"}
    for one in selector.get("matchExpressions") or []:
        sign, chosen = signs[one["operator"]], ",".join(one.get("values") or [])
        parts.append(f"{one['key']} {sign} ({chosen})" if chosen else f"{sign}{one['key']}")
    return ",".join(parts)

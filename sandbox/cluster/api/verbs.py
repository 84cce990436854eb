"""What is done to objects: get, list, create, update, patch, apply, delete."""

import time
from typing import Any

import yaml
from aiohttp import web

from sandbox.cluster import patches
from sandbox.cluster.api.addresses import Address
from sandbox.cluster.api.answers import answer, one, several
from sandbox.cluster.control.hands import check_quota, let_go
from sandbox.cluster.forms import formed
from sandbox.cluster.kinds import Kind
from sandbox.cluster.kubelet.moments import stamp
from sandbox.cluster.refusals import Refused, bad_request, conflict, invalid, not_found, success
from sandbox.cluster.selectors import fields, labels
from sandbox.cluster.store import Store

Thing = dict[str, Any]
APPLY = "application/apply-patch+yaml"
_PATCHES = {
    "application/merge-patch+json": patches.merge,
    "application/strategic-merge-patch+json": patches.strategic,
    "application/json-patch+json": patches.json_patch,
}


class Verbs:
    """The verbs on the objects of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def listed(self, request: web.Request, where: Address) -> web.Response:
        """Answer with the objects that the selectors of a request select."""
        return several(request, where.kind, self.selected(request, where), self._store.version)

    def selected(self, request: web.Request, where: Address) -> list[Thing]:
        """Return those objects."""
        by_labels = labels(request.query.get("labelSelector", ""))
        by_fields = fields(where.kind, request.query.get("fieldSelector", ""))
        return [
            thing
            for thing in self._store.all(where.kind, where.namespace)
            if by_fields(thing) and by_labels(thing["metadata"].get("labels") or {})
        ]

    def got(self, request: web.Request, where: Address) -> web.Response:
        """Answer with an object."""
        return one(request, where.kind, self._store.get(where.kind, where.namespace, where.name))

    async def created(self, request: web.Request, where: Address) -> web.Response:
        """Make an object."""
        return one(request, where.kind, self.make(where, await body_of(request), dry=is_dry(request)), 201)

    def make(self, where: Address, body: Any, *, dry: bool = False) -> Thing:
        """Put a new object, or with `dry` only return it."""
        thing = _object(where.kind, body)
        if where.kind.namespaced:
            self._check_namespace(where, thing)
        fresh = self._store.complete(where.kind, where.namespace, formed(where.kind, thing))
        if where.kind.plural == "pods":
            check_quota(self._store, where.namespace, fresh["metadata"]["name"])
        if where.kind.plural == "jobs":
            _label_job(fresh)
        if dry:
            return fresh
        if where.kind.plural == "customresourcedefinitions":
            self._store.kinds.define(fresh)
        return self._store.add(where.kind, fresh)

    async def updated(self, request: web.Request, where: Address) -> web.Response:
        """Put an object in the place of what it was."""
        before = self._store.get(where.kind, where.namespace, where.name)
        after = _object(where.kind, await body_of(request))
        return one(request, where.kind, self.changed(where, before, after, dry=is_dry(request)))

    async def patched(self, request: web.Request, where: Address) -> web.Response:
        """Change a part of an object; a server-side apply makes it where there is none."""
        patch, kind = await body_of(request), request.content_type
        if kind == APPLY:
            return self._applied(request, where, patch)
        if kind not in _PATCHES or (kind.startswith("application/strategic") and where.kind.custom):
            raise Refused(415, "UnsupportedMediaType", f"the body of the request was in an unknown format - {kind}")
        before = self._store.get(where.kind, where.namespace, where.name)
        after = _PATCHES[kind](before, patch)
        return one(request, where.kind, self.changed(where, before, after, dry=is_dry(request)))

    def changed(self, where: Address, before: Thing, after: Thing, *, dry: bool = False) -> Thing:
        """Put an object's new form, its status as it was; or with `dry` only return it."""
        if after["metadata"].get("name") != before["metadata"]["name"]:
            raise bad_request("the name of the object does not match the name on the URL")
        status = {"status": before["status"]} if "status" in before else {}
        return self._store.change(where.kind, {**formed(where.kind, after, before), **status}, keep=not dry)

    async def deleted(self, request: web.Request, where: Address) -> web.Response:
        """Delete an object, or let it end."""
        thing = self._store.get(where.kind, where.namespace, where.name)
        options = await body_of(request) if request.can_read_body else {}
        left = self.delete(where.kind, thing, {**options, **request.query}, dry=is_dry(request, options))
        return answer(success(where.kind, thing)) if left is None else one(request, where.kind, left)

    async def deleted_all(self, request: web.Request, where: Address) -> web.Response:
        """Delete the objects that the selectors of a request select."""
        options = await body_of(request) if request.can_read_body else {}
        things = self.selected(request, where)
        for thing in things:
            self.delete(where.kind, thing, {**options, **request.query}, dry=is_dry(request, options))
        return several(request, where.kind, things, self._store.version)

    def delete(self, kind: Kind, thing: Thing, options: Thing, *, dry: bool = False) -> Thing | None:
        """Delete an object; return what is left of it while it ends."""
        wanted = (options.get("preconditions") or {}) if isinstance(options.get("preconditions"), dict) else {}
        for key in ("uid", "resourceVersion"):
            if wanted.get(key) and wanted[key] != thing["metadata"][key]:
                raise conflict(kind, thing["metadata"]["name"], f"Precondition failed: {key} does not match")
        if dry:
            return thing
        if options.get("propagationPolicy") == "Orphan":
            self._orphan(thing)
        if kind.plural == "pods":
            grace = options.get("gracePeriodSeconds")
            let_go(self._store, thing, None if grace is None else int(grace))
            return self._store.find(kind, thing["metadata"]["namespace"], thing["metadata"]["name"])
        if kind.plural == "namespaces":
            return self._end_namespace(kind, thing)
        if kind.plural == "customresourcedefinitions":
            self._store.kinds.forget(thing)
        self._store.remove(kind, thing)
        return None

    def _end_namespace(self, kind: Kind, thing: Thing) -> Thing:
        ending = {**thing, "status": {"phase": "Terminating"}}
        return self._store.mark(kind, ending, deletionTimestamp=stamp(time.time()))

    def _orphan(self, owner: Thing) -> None:
        uid = owner["metadata"]["uid"]
        for kind in self._store.kinds:
            for thing in self._store.all(kind):
                owners = thing["metadata"].get("ownerReferences") or []
                kept = [one for one in owners if one["uid"] != uid]
                if len(kept) < len(owners):
                    self._store.mark(kind, thing, ownerReferences=kept)

    def _applied(self, request: web.Request, where: Address, patch: Any) -> web.Response:
        if not isinstance(patch, dict) or "fieldManager" not in request.query:
            raise bad_request("fieldManager is required for apply patch")
        before = self._store.find(where.kind, where.namespace, where.name)
        if before is None:
            return one(request, where.kind, self.make(where, patch, dry=is_dry(request)), 201)
        after = patches.strategic(before, patch)
        return one(request, where.kind, self.changed(where, before, after, dry=is_dry(request)))

    def _check_namespace(self, where: Address, thing: Thing) -> None:
        said = thing["metadata"].get("namespace")
        if said and said != where.namespace:
            raise bad_request("the namespace of the provided object does not match the namespace sent on the request")
        namespaces = self._store.kinds.get("namespaces")
        namespace = self._store.find(namespaces, "", where.namespace)
        if namespace is None:
            raise not_found(namespaces, where.namespace)
        if namespace["metadata"].get("deletionTimestamp"):
            why = f"unable to create new content in namespace {where.namespace} because it is being terminated"
            raise Refused(403, "Forbidden", f'{where.kind.full} "{thing["metadata"].get("name")}" is forbidden: {why}')


async def body_of(request: web.Request) -> Any:
    """Return the body of a request, which is JSON or YAML. Raises Refused (400)."""
    text = await request.text()
    try:
        return (yaml.safe_load(text) if request.content_type == APPLY else await request.json()) if text else {}
    except (ValueError, yaml.YAMLError):
        raise bad_request("the object provided is unrecognized: it is not JSON") from None


def is_dry(request: web.Request, options: Thing | None = None) -> bool:
    """Whether nothing is to be kept. Raises Refused (400) for a dry run that there is not."""
    said = request.query.getall("dryRun", []) or (options or {}).get("dryRun") or []
    if said and list(said) != ["All"]:
        raise bad_request(f"dryRun: Unsupported value: {said}: supported values: All")
    return bool(said)


def _object(kind: Kind, body: Any) -> Thing:
    if not isinstance(body, dict) or not isinstance(body.get("metadata", {}), dict):
        raise bad_request(f"{kind.kind} in version {kind.version} cannot be handled as a {kind.kind}")
    said = (body.get("kind", kind.kind), body.get("apiVersion", kind.api_version))
    if said != (kind.kind, kind.api_version):
        raise bad_request(f"the API version in the data ({said[1]}, {said[0]}) does not match the expected one")
    thing: Thing = {**body, "metadata": dict(body.get("metadata") or {})}
    if not thing["metadata"].get("name") and not thing["metadata"].get("generateName"):
        raise invalid(kind, "", "metadata.name: Required value: name or generateName is required")
    return thing


def _label_job(job: Thing) -> None:
    """Give a Job its selector, and its pods the labels that it selects."""
    marks = {"controller-uid": job["metadata"]["uid"], "job-name": job["metadata"]["name"]}
    job["spec"].setdefault("selector", {"matchLabels": {"controller-uid": marks["controller-uid"]}})
    meta = job["spec"]["template"].setdefault("metadata", {})
    meta["labels"] = {**(meta.get("labels") or {}), **marks}
    job["metadata"].setdefault("labels", dict(meta["labels"]))

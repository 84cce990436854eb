"""Parts of objects: status, scale, log, exec, eviction, and what a node says through its proxy."""

import time
from typing import Any

from aiohttp import web

from sandbox.cluster import patches
from sandbox.cluster.api.addresses import Address
from sandbox.cluster.api.answers import answer, one
from sandbox.cluster.api.verbs import Verbs, body_of, is_dry
from sandbox.cluster.control.hands import let_go
from sandbox.cluster.kubelet import usage
from sandbox.cluster.kubelet.container import Container
from sandbox.cluster.kubelet.execution import execute
from sandbox.cluster.kubelet.following import send_log
from sandbox.cluster.kubelet.node import Node
from sandbox.cluster.refusals import Refused, bad_request, not_found
from sandbox.cluster.selectors import structured
from sandbox.cluster.store import Store

Thing = dict[str, Any]


class Parts:
    """The parts of the objects of a store, whose pods a node runs."""

    def __init__(self, store: Store, node: Node, verbs: Verbs) -> None:
        self._store, self._node, self._verbs = store, node, verbs

    async def answer(self, request: web.Request, where: Address) -> web.StreamResponse:
        """Answer a request for a part."""
        thing = self._store.get(where.kind, where.namespace, where.name)
        match where.part:
            case "status":
                return await self._status(request, where, thing)
            case "scale":
                return await self._scale(request, where, thing)
            case "log":
                return await self._log(request, thing)
            case "exec":
                return await self._exec(request, thing)
            case "eviction":
                return await self._evict(request, thing)
            case _:
                return self._proxy(where, thing)

    async def _status(self, request: web.Request, where: Address, thing: Thing) -> web.Response:
        if request.method == "GET":
            return one(request, where.kind, thing)
        body = await body_of(request)
        if request.method == "PATCH":
            merged = patches.merge if "merge-patch" in request.content_type else patches.json_patch
            merged = patches.strategic if "strategic" in request.content_type else merged
            body = merged(thing, body)
        changed = {**thing, "status": body.get("status") or {}}
        return one(request, where.kind, self._store.change(where.kind, changed, keep=not is_dry(request)))

    async def _scale(self, request: web.Request, where: Address, thing: Thing) -> web.Response:
        if request.method == "GET":
            return answer(_scale_of(thing))
        body = await body_of(request)
        wanted = body if request.method == "PUT" else patches.merge(_scale_of(thing), body)
        replicas = wanted.get("spec", {}).get("replicas", 0)
        meta = {**thing["metadata"], "resourceVersion": wanted["metadata"].get("resourceVersion")}
        after = {**thing, "metadata": meta, "spec": {**thing["spec"], "replicas": replicas}}
        return answer(_scale_of(self._verbs.changed(where, thing, after, dry=is_dry(request))))

    async def _log(self, request: web.Request, pod: Thing) -> web.StreamResponse:
        response = await send_log(request, self._container(request, pod))
        if isinstance(response, web.Response) and response.status == 400:
            raise bad_request(response.text or "")  # a kubelet answers in plain words, the API with a Status
        return response

    async def _exec(self, request: web.Request, pod: Thing) -> web.StreamResponse:
        container = self._container(request, pod)
        if "running" not in container.state:
            raise Refused(500, "InternalError", f'container not found ("{container.name}")')
        return await execute(request, container, request.query.getall("command", []))

    async def _evict(self, request: web.Request, pod: Thing) -> web.Response:
        options = (await body_of(request)).get("deleteOptions") or {}
        labels = pod["metadata"].get("labels") or {}
        for budget in self._store.each("poddisruptionbudgets", "policy"):
            same = budget["metadata"]["namespace"] == pod["metadata"]["namespace"]
            covers = same and structured(budget["spec"].get("selector") or {})(labels)
            if covers and not budget.get("status", {}).get("disruptionsAllowed"):
                message = "Cannot evict pod as it would violate the pod's disruption budget."
                raise Refused(429, "TooManyRequests", message)
        if not is_dry(request, options):
            let_go(self._store, pod, options.get("gracePeriodSeconds"))
        return answer({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}, 201)

    def _proxy(self, where: Address, node: Thing) -> web.Response:
        if where.rest != "stats/summary":
            raise Refused(404, "NotFound", "the server could not find the requested resource")
        return answer(usage.summary(node, self._store.each("pods"), time.time()))

    def _container(self, request: web.Request, pod: Thing) -> Container:
        """Return the container that a request means. Raises Refused (400)."""
        meta, asked = pod["metadata"], request.query.get("container", "")
        names = [one["name"] for one in pod["spec"]["containers"]]
        if not asked and len(names) > 1:
            listed = " ".join(names)
            raise bad_request(f"a container name must be specified for pod {meta['name']}, choose one of: [{listed}]")
        if asked and asked not in names:
            raise bad_request(f"container {asked} is not valid for pod {meta['name']}")
        found = self._node.container(meta["namespace"], meta["name"], asked)
        if found is None and not pod["spec"].get("nodeName"):
            raise bad_request(f"pod {meta['name']} does not have a host assigned")
        if found is None:
            raise not_found(self._store.kinds.get("pods"), meta["name"])
        return found


def _scale_of(thing: Thing) -> Thing:
    meta, spec = thing["metadata"], thing["spec"]
    labels = (spec.get("selector") or {}).get("matchLabels") or {}
    kept = {key: meta[key] for key in ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")}
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": kept,
        "spec": {"replicas": spec.get("replicas", 0)},
        "status": {
            "replicas": thing.get("status", {}).get("replicas", 0),
            "selector": ",".join(f"{key}={value}" for key, value in labels.items()),
        },
    }

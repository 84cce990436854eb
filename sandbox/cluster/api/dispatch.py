"""Where a request belongs: who sends it, whether he may, and what is done."""

import re
import time
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from sandbox.cluster.access import Deed, User, check, reviewed, user_of
from sandbox.cluster.api.addresses import Address, address, deed
from sandbox.cluster.api.answers import answer, refused
from sandbox.cluster.api.discovery import METRICS, discovered
from sandbox.cluster.api.parts import Parts
from sandbox.cluster.api.verbs import Verbs, body_of
from sandbox.cluster.kubelet import usage
from sandbox.cluster.kubelet.node import Node
from sandbox.cluster.refusals import Refused, no_such_path
from sandbox.cluster.selectors import labels
from sandbox.cluster.store import Store

Thing = dict[str, Any]
_HEALTH = ("/healthz", "/livez", "/readyz")
_REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
_METRICS = re.compile(rf"/apis/{METRICS}/v1beta1(?:/namespaces/([^/]+))?/(nodes|pods)(?:/([^/]+))?")


class Dispatch:
    """The API of one cluster; `metrics` says whether it measures what pods and nodes use."""

    def __init__(self, store: Store, node: Node, tokens: Mapping[str, User]) -> None:
        self.metrics = True
        self._store, self._tokens = store, tokens
        self._verbs = Verbs(store)
        self._parts = Parts(store, node, self._verbs)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer a request."""
        try:
            return await self._answer(request)
        except Refused as error:
            return refused(error)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if request.path in _HEALTH:
            return web.Response(text="ok")
        user = user_of(self._tokens, request.headers.get("Authorization", ""))
        if request.method == "GET":
            found = discovered(self._store.kinds, request.path, metrics=self.metrics)
            if found is not None:
                return answer(found)
            if measured := _METRICS.fullmatch(request.path):
                return self._measured(request, user, *(piece or "" for piece in measured.groups()))
        if (request.method, request.path) == ("POST", _REVIEWS):
            return answer(reviewed(self._store, user, await body_of(request)), 201)
        if not request.path.startswith(("/api/v1/", "/apis/")):
            check(self._store, user, Deed(request.method.lower(), path=request.path))
            raise no_such_path()
        where = address(self._store.kinds, request.path)
        check(self._store, user, deed(request, where))
        if where.part:
            return await self._parts.answer(request, where)
        return await self._whole(request, where)

    async def _whole(self, request: web.Request, where: Address) -> web.StreamResponse:
        """Do to objects what the method says."""
        verbs = self._verbs
        if request.method == "GET":
            return verbs.got(request, where) if where.name else verbs.listed(request, where)
        done = {
            ("POST", False): verbs.created,
            ("PUT", True): verbs.updated,
            ("PATCH", True): verbs.patched,
            ("DELETE", True): verbs.deleted,
            ("DELETE", False): verbs.deleted_all,
        }.get((request.method, bool(where.name)))
        if done is None:
            raise Refused(405, "MethodNotAllowed", "the server does not allow this method on the requested resource")
        return await done(request, where)

    def _measured(self, request: web.Request, user: User, namespace: str, plural: str, name: str) -> web.Response:
        if not self.metrics:
            raise no_such_path()
        check(self._store, user, Deed("get" if name else "list", METRICS, plural, namespace, name))
        selected = labels(request.query.get("labelSelector", ""))
        things = [
            thing
            for thing in self._store.all(self._store.kinds.get(plural), namespace)
            if selected(thing["metadata"].get("labels") or {}) and name in {"", thing["metadata"]["name"]}
        ]
        pods = plural == "pods"
        items = usage.pod_metrics(things, time.time()) if pods else usage.node_metrics(things, time.time())
        kind = "PodMetrics" if pods else "NodeMetrics"
        if not name:
            return answer(usage.listed(kind, items))
        if not items:
            raise Refused(404, "NotFound", f'{plural}.{METRICS} "{name}" not found')
        return answer({"kind": kind, "apiVersion": f"{METRICS}/v1beta1", **items[0]})

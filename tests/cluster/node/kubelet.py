"""What the API server calls: logs, exec and figures of the node; and the metrics API behind the aggregation layer."""

import asyncio
import ssl
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

from sandbox.cluster.kubelet import usage
from sandbox.cluster.kubelet.execution import execute
from sandbox.cluster.kubelet.following import send_log
from sandbox.cluster.kubelet.node import Node
from tests.cluster.node.client import Client

_METRICS = "/apis/metrics.k8s.io/v1beta1"
_RESOURCES = [
    {"name": "nodes", "singularName": "", "namespaced": False, "kind": "NodeMetrics", "verbs": ["get", "list"]},
    {"name": "pods", "singularName": "", "namespaced": True, "kind": "PodMetrics", "verbs": ["get", "list"]},
]


class Kubelet:
    """The requests that reach a node and the metrics server."""

    def __init__(self, node: Node, client: Client) -> None:
        self._node, self._client = node, client

    def application(self) -> web.Application:
        """Return the routes of both."""
        app = web.Application()
        place = "/{namespace}/{pod}/{container}"
        app.router.add_get("/containerLogs" + place, self.log)
        app.router.add_get("/exec" + place, self.execute)
        app.router.add_get("/stats/summary", self.summary)
        app.router.add_get("/healthz", self.healthy)
        app.router.add_get(_METRICS, self.resources)
        app.router.add_get(_METRICS + "/nodes", self.node_metrics)
        app.router.add_get(_METRICS + "/pods", self.pod_metrics)
        app.router.add_get(_METRICS + "/nodes/{name}", self.node_metrics)
        app.router.add_get(_METRICS + "/namespaces/{namespace}/pods", self.pod_metrics)
        app.router.add_get(_METRICS + "/namespaces/{namespace}/pods/{name}", self.pod_metrics)
        return app

    async def log(self, request: web.Request) -> web.StreamResponse:
        """Answer with a container's log."""
        container = self._node.container(*(request.match_info[name] for name in ("namespace", "pod", "container")))
        if container is None:
            return web.Response(status=404, text="container not found")
        return await send_log(request, container)

    async def execute(self, request: web.Request) -> web.StreamResponse:
        """Run a command in a container."""
        container = self._node.container(*(request.match_info[name] for name in ("namespace", "pod", "container")))
        if container is None:
            return web.Response(status=404, text="container not found")
        return await execute(request, container, request.query.getall("command", []))

    async def healthy(self, _request: web.Request) -> web.StreamResponse:
        """Say that it is alive."""
        return web.Response(text="ok")

    async def summary(self, request: web.Request) -> web.StreamResponse:
        """Answer with the figures of the node."""
        nodes = await self._client.nodes()
        # All nodes are this process, and the request does not say which one was meant: the first.
        return web.json_response(usage.summary(nodes[0], await self._client.pods(), time.time()))

    async def resources(self, _request: web.Request) -> web.StreamResponse:
        """Say which metrics there are."""
        return web.json_response(
            {
                "kind": "APIResourceList",
                "apiVersion": "v1",
                "groupVersion": "metrics.k8s.io/v1beta1",
                "resources": _RESOURCES,
            }
        )

    async def node_metrics(self, request: web.Request) -> web.StreamResponse:
        """Answer with what nodes use, or one of them."""
        return _measured(request, "NodeMetrics", usage.node_metrics(await self._client.nodes(), time.time()))

    async def pod_metrics(self, request: web.Request) -> web.StreamResponse:
        """Answer with what pods use, or one of them."""
        pods = await self._client.pods(request.match_info.get("namespace", ""), request.query.get("labelSelector", ""))
        return _measured(request, "PodMetrics", usage.pod_metrics(pods, time.time()))


def _measured(request: web.Request, kind: str, items: list[dict[str, Any]]) -> web.Response:
    """Answer with a list, or with the one thing that the request names."""
    name = request.match_info.get("name")
    if name is None:
        return web.json_response(usage.listed(kind, items))
    found = [item for item in items if item["metadata"]["name"] == name]
    if not found:
        status = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 404, "reason": "NotFound"}
        return web.json_response({**status, "message": f'{kind} "{name}" not found'}, status=404)
    return web.json_response({"kind": kind, "apiVersion": "metrics.k8s.io/v1beta1", **found[0]})


@asynccontextmanager
async def serving(app: web.Application, folder: Path) -> AsyncIterator[int]:
    """Serve over TLS with a certificate of its own, on a free port, which is yielded."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*await asyncio.to_thread(_certificate, folder))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def _certificate(folder: Path) -> tuple[Path, Path]:
    certificate, key = folder / "node.crt", folder / "node.key"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run([*made, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    return certificate, key

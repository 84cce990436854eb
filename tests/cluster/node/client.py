"""The API server over HTTP, as the node needs it."""

import asyncio
import json
import secrets
import ssl
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import yaml

from sandbox.cluster.kubelet.moments import precise, stamp
from sandbox.cluster.server import node_status

Thing = dict[str, Any]
_STRATEGIC = {"Content-Type": "application/strategic-merge-patch+json"}
_MERGE = {"Content-Type": "application/merge-patch+json"}
_LINE = 8 * 1024 * 1024  # bytes of the longest object in a watch


class Client:
    """A connection as the current user of a kubeconfig."""

    def __init__(self, kubeconfig: Path) -> None:
        known = yaml.safe_load(kubeconfig.read_text())
        self._server = known["clusters"][0]["cluster"]["server"]
        self._token = next(user["user"]["token"] for user in known["users"] if user["name"] == known["current-context"])

    async def __aenter__(self) -> "Client":
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self._session = aiohttp.ClientSession(
            self._server,
            connector=aiohttp.TCPConnector(ssl=context, limit=50),
            headers={"Authorization": f"Bearer {self._token}"},
            timeout=aiohttp.ClientTimeout(total=None, connect=10),
            read_bufsize=_LINE,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def call(
        self, method: str, path: str, body: Thing | None = None, headers: Thing | None = None
    ) -> Thing | None:
        """Call the API; None when there is no such object, or it is no longer what was meant, or its namespace ends."""
        data = json.dumps(body).encode() if body is not None else None
        sent = {"Content-Type": "application/json", **(headers or {})}
        async with self._session.request(method, path, data=data, headers=sent) as response:
            answer: Thing = await response.json()
            if response.status in {403, 404, 409}:
                return None
            response.raise_for_status()
            return answer

    async def look(self, plural: str, namespace: str, name: str) -> Thing | None:
        """Return an object of the core group."""
        where = f"namespaces/{namespace}/" if namespace else ""
        return await self.call("GET", f"/api/v1/{where}{plural}/{name}")

    async def report(self, pod: Thing, status: Thing) -> None:
        """Merge this into a pod's status."""
        body = {"metadata": {"uid": pod["metadata"]["uid"]}, "status": status}
        await self.call("PATCH", f"{_path(pod)}/status", body, _STRATEGIC)

    async def remove(self, pod: Thing) -> None:
        """Remove a pod that has ended."""
        meant = {"gracePeriodSeconds": 0, "preconditions": {"uid": pod["metadata"]["uid"]}}
        await self.call("DELETE", _path(pod), {"kind": "DeleteOptions", "apiVersion": "v1", **meant})

    async def event(self, pod: Thing, kind: str, reason: str, message: str) -> None:
        """Record an event about a pod."""
        meta, now = pod["metadata"], time.time()
        about = {"kind": "Pod", "apiVersion": "v1", **{key: meta[key] for key in ("name", "namespace", "uid")}}
        body = {
            "metadata": {"name": f"{meta['name']}.{secrets.token_hex(8)}", "namespace": meta["namespace"]},
            "involvedObject": about,
            "type": kind,
            "reason": reason,
            "message": message,
            "source": {"component": "kubelet", "host": pod["spec"].get("nodeName", "")},
            "firstTimestamp": stamp(now),
            "lastTimestamp": stamp(now),
            "count": 1,
        }
        await self.call("POST", f"/api/v1/namespaces/{meta['namespace']}/events", body)

    async def nodes(self) -> list[Thing]:
        """Return all nodes."""
        return list((await self.call("GET", "/api/v1/nodes") or {}).get("items", []))

    async def pods(self, namespace: str = "", selector: str = "") -> list[Thing]:
        """Return the pods of a namespace, or of all."""
        where = f"namespaces/{namespace}/" if namespace else ""
        query = f"?labelSelector={selector}" if selector else ""
        return list((await self.call("GET", f"/api/v1/{where}pods{query}") or {}).get("items", []))

    async def register(self, name: str, port: int) -> None:
        """Make a node that is ready and takes pods."""
        labels = {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux"}
        await self.call("POST", "/api/v1/nodes", {"metadata": {"name": name, "labels": labels}})
        await self.call("PATCH", f"/api/v1/nodes/{name}/status", {"status": node_status(name, port)}, _MERGE)

    async def renew(self, name: str) -> None:
        """Say that a node is alive."""
        leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"
        spec = {"spec": {"holderIdentity": name, "leaseDurationSeconds": 40, "renewTime": precise(time.time())}}
        if await self.call("PATCH", f"{leases}/{name}", spec, _MERGE) is None:
            await self.call("POST", leases, {"metadata": {"name": name}, **spec})

    async def watch(self) -> AsyncIterator[tuple[str, Thing]]:
        """Yield what happens to pods, from all that there are on; for ever."""
        while True:
            listed = await self.call("GET", "/api/v1/pods") or {}
            for pod in listed["items"]:
                yield "ADDED", pod
            query = {"watch": "true", "resourceVersion": listed["metadata"]["resourceVersion"]}
            try:
                async with self._session.get("/api/v1/pods", params=query) as response:
                    async for line in response.content:
                        happened = json.loads(line)
                        if happened["type"] == "ERROR":
                            break
                        yield happened["type"], happened["object"]
            except aiohttp.ClientError:
                await asyncio.sleep(0.2)


def _path(pod: Thing) -> str:
    meta = pod["metadata"]
    return f"/api/v1/namespaces/{meta['namespace']}/pods/{meta['name']}"

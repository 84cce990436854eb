"""A cluster that outlives the bots: a tripwire hears what they ask, and what they change is counted."""

import asyncio
import json
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.operations.kubernetes.session import REQUEST
from sandbox.cluster.api.dispatch import Dispatch
from sandbox.cluster.kubelet.notes import READY_AFTER
from sandbox.cluster.server import Cluster, save_kubeconfig, serve
from tests.cluster.hands import Hands
from tests.kill.tripwire import Tripwire
from tests.world import HOME

_NAMESPACE = "bakery"
_MACHINES = ("oven", "mixer")
_READS = {"GET", "HEAD"}
_MIX = """
  mix:
    title: Restart the mixer
    run: kubectl rollout restart deployment/mixer
"""
"""An action that leaves the oven alone and needs the same target."""


class Api(Dispatch):
    """The API of a cluster; whoever is Opsroom gets answers while it is `open`."""

    def __init__(self, cluster: Cluster) -> None:
        self.tripwire: Tripwire | None = None
        self.open = asyncio.Event()
        self.open.set()
        self.written: Counter[str] = Counter()
        """How often Opsroom has changed an object, by the request and change with which it signed it: `REQ-1.0`."""
        self.templates: set[str] = set()
        """What new pods were to be like, with the path of their owner: two restarts in one second want the same."""
        self._answers, self._opsroom = cluster.dispatch, f"Bearer {cluster.tokens['bot']}"
        cluster.dispatch = self

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer a request."""
        if request.headers.get("Authorization") != self._opsroom:
            return await self._answers.handle(request)
        await self.open.wait()
        dry = "dryRun" in request.query
        what = f"{request.method} {request.path.rpartition('/')[2]}{' dry' if dry else ''}"
        self._note(what, "asked")
        try:
            answered = await self._answers.handle(request)
        except ConnectionResetError:  # whoever asked died before all of it had arrived
            return web.Response(status=400)
        if request.method not in _READS and not dry and answered.status < 300:
            self._count(request.path, await request.json())
        self._note(what, "done")
        return answered

    def _count(self, path: str, patch: Any) -> None:
        self.written[_signature(patch)] += 1
        if template := patch.get("spec", {}).get("template"):
            self.templates.add(f"{path} {json.dumps(template)}")

    def _note(self, what: str, stage: str) -> None:
        if self.tripwire is not None:
            self.tripwire.note(what, {}, stage)


def _signature(patch: Any) -> str:
    """Return which change of which request a patch says it is; the patch itself when it says nothing."""
    signed = patch.get("metadata", {}).get("annotations", {})
    return str(signed.get(REQUEST) or json.dumps(patch))


@dataclass(frozen=True)
class Machines:
    """The Deployments oven and mixer, the hands of their admin, and what lets a bot find them."""

    api: Api
    hands: Hands
    variables: Mapping[str, str]
    runbooks: Path

    async def revisions(self) -> int:
        """Return how often new pods were rolled out."""
        found = [await self.hands.get("deployments", name) for name in _MACHINES]
        return sum(int(each["metadata"]["annotations"]["deployment.kubernetes.io/revision"]) for each in found)


@asynccontextmanager
async def machines(folder: Path, ready_after: float = 0.0) -> AsyncIterator[Machines]:
    """Serve a cluster with machines whose pods take so many seconds to become ready."""
    made = Cluster()
    api = Api(made)
    async with serve(made):
        kubeconfig = folder / "kubeconfig"
        save_kubeconfig(made, kubeconfig)
        hands = Hands(kubeconfig, _NAMESPACE)
        try:
            await hands.call("POST", "/api/v1/namespaces", {"metadata": {"name": _NAMESPACE}})
            await hands.grant(["*"], ["*"])
            for name in _MACHINES:
                notes = {READY_AFTER: str(ready_after)}
                await hands.deploy(name, f"bakery/{name}:1.0", replicas=2, notes=notes)
                await hands.available(name)
            yield Machines(api, hands, _variables(kubeconfig), _runbooks(folder))
        finally:
            api.open.set()
            await hands.close()


def _runbooks(folder: Path) -> Path:
    """Return a folder with the runbooks of the bakery, which has a mixer here."""
    made = folder / "runbooks"
    shutil.copytree(HOME / "tests" / "data" / "changes", made)
    with (made / "bakery" / "actions.yml").open("a", encoding="utf-8") as actions:
        actions.write(_MIX)
    return made


def _variables(kubeconfig: Path) -> dict[str, str]:
    """Return the variables with which a bot finds the cluster."""
    return {"KUBECONFIG": str(kubeconfig), "BAKERY_KUBE_CONTEXT": "bot"}

"""Pods: listing 2,000 pods, against `kubectl` itself on the same API server, in turn.

The API server is the real control plane of the tests where it is built (`make cluster`), else the sandbox's. kubectl is
a process that starts, asks, prints and ends, which is how people and scripts use it; ours is a running bot that asks
and makes the same table. Budget: `docs/budgets.md`, the row of `pods`.
"""

import asyncio
import contextlib
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks.budgets import PODS_SHARE
from benchmarks.percentiles import median
from benchmarks.processes import BenchmarkError
from benchmarks.table import Figure
from bot.operations.backend import Limits
from bot.operations.kubernetes.backend import KubernetesBackend
from bot.operations.kubernetes.connection import Cluster
from bot.operations.line import read_line
from sandbox.cluster import Cluster as SandboxCluster
from sandbox.cluster import save_kubeconfig, serve
from tests.cluster.hands import Hands
from tests.cluster.plane import NotBuiltError, running

PODS = 2000
NAMESPACE = "benchmark"
_AT_ONCE = 40


async def measure(folder: Path, *, runs: int = 5, pods: int = PODS) -> list[Figure]:
    """List the pods `runs` times with each. Raises BenchmarkError without kubectl, or when the lists differ."""
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        raise BenchmarkError("kubectl is not installed; this benchmark compares with it.")
    async with cluster(folder) as (where, kubeconfig):
        await _fill(kubeconfig, pods)
        backend = KubernetesBackend(Cluster(kubeconfig), NAMESPACE)
        try:
            await _ours(backend, pods)  # connects, as a bot that runs has done before
            ours, theirs = [], []
            for _ in range(runs):
                ours.append(await _timed(_ours, backend, pods))
                theirs.append(await _timed(_theirs, kubectl, kubeconfig, pods))
        finally:
            await backend.close()
    return [
        Figure(f"pods: {pods:,} listed from {where}, median", median(ours), "s"),
        Figure("pods: the same by kubectl, median", median(theirs), "s"),
        Figure("pods: ours in percent of kubectl's", 100 * median(ours) / median(theirs), "%", PODS_SHARE),
    ]


@asynccontextmanager
async def cluster(folder: Path) -> AsyncIterator[tuple[str, Path]]:
    """Yield what the API server is, and its kubeconfig."""
    with contextlib.ExitStack() as stack:
        try:
            kubeconfig = await asyncio.to_thread(stack.enter_context, running())
        except NotBuiltError:
            async with serve(SandboxCluster()) as sandbox:
                save_kubeconfig(sandbox, folder / "kubeconfig")
                yield "the sandbox", folder / "kubeconfig"
            return
        yield "a control plane", kubeconfig


async def _fill(kubeconfig: Path, pods: int) -> None:
    hands, gate = Hands(kubeconfig, NAMESPACE), asyncio.Semaphore(_AT_ONCE)

    async def make(number: int) -> None:
        spec = {"nodeName": "nowhere", "containers": [{"name": "app", "image": "app:1"}]}
        async with gate:
            await hands.make("pods", {"metadata": {"name": f"app-{number:05}"}, "spec": spec})

    await hands.call("POST", "/api/v1/namespaces", {"metadata": {"name": NAMESPACE}})
    await asyncio.gather(*(make(number) for number in range(pods)))
    await hands.close()


async def _timed(deed: Callable[..., Awaitable[None]], *given: object) -> float:
    started = time.perf_counter()
    await deed(*given)
    return time.perf_counter() - started


async def _ours(backend: KubernetesBackend, pods: int) -> None:
    output = await backend.run(read_line("kubectl get pods").operation, Limits(seconds=60, rows=2 * pods))
    _whole(len(output.table.rows) if output.table else 0, pods)


async def _theirs(kubectl: str, kubeconfig: Path, pods: int) -> None:
    asked = ("--kubeconfig", str(kubeconfig), "get", "pods", "-n", NAMESPACE)
    process = await asyncio.create_subprocess_exec(kubectl, *asked, stdout=asyncio.subprocess.PIPE)
    printed, _ = await process.communicate()
    _whole(printed.count(b"\n") - 1, pods)


def _whole(listed: int, pods: int) -> None:
    if listed != pods:
        raise BenchmarkError(f"{listed} of {pods} pods were listed.")

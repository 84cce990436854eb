"""Changes that somebody or the network gets in the way of: what is told, and what is true."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from bot.errors import ChangeUnclear, TargetRefused, TargetUnreachable
from bot.operations.backend import Limits
from bot.operations.kubernetes.backend import KubernetesBackend
from bot.operations.kubernetes.connection import Cluster
from bot.operations.kubernetes.session import REQUEST
from bot.operations.operation import Operation
from tests.cluster.hands import Hands, until
from tests.operations.kubernetes.contract.conftest import Deeds
from tests.operations.kubernetes.contract.meddler import Meddler, meddling
from tests.operations.kubernetes.lines import operation

LIMITS = Limits(seconds=30)
SCALE = "kubectl scale deployment/web --replicas=3"


@pytest.fixture
async def meddler(kubeconfig: Path, tmp_path: Path) -> AsyncIterator[Meddler]:
    """Return the proxy that a test sets to work."""
    async with meddling(kubeconfig, tmp_path) as made:
        yield made


@pytest.fixture
async def through(meddler: Meddler, hands: Hands, folder: Path) -> AsyncIterator[KubernetesBackend]:
    """Return the backend behind it."""
    made = KubernetesBackend(Cluster(meddler.kubeconfig), hands.namespace, folder)
    yield made
    await made.close()


async def foreseen(backend: KubernetesBackend, line: str) -> Operation:
    return (await backend.foresee(operation(line), LIMITS)).operation


async def test_what_somebody_changed_in_between_is_not_overwritten(
    hands: Hands, through: KubernetesBackend, meddler: Meddler, deeds: Deeds
) -> None:
    await hands.deploy("web")
    await hands.available("web")
    meant = await foreseen(through, SCALE)
    meddler.before = lambda: hands.patch("deployments", "web", {"spec": {"replicas": 2}})
    with pytest.raises(TargetRefused, match="somebody else changed it at the same moment") as refused:
        await through.change(meant, LIMITS, deeds.deed())
    assert str(refused.value).endswith("It was not changed by this.")
    meddler.before = None
    assert await through.look(meant, LIMITS, deeds.deed()) is None
    found = await hands.get("deployments", "web")
    assert (found["spec"]["replicas"], REQUEST in found["metadata"]["annotations"]) == (2, False)


async def test_a_status_that_moves_in_between_is_no_hindrance(
    hands: Hands, through: KubernetesBackend, meddler: Meddler, deeds: Deeds
) -> None:
    await hands.deploy("web")
    await hands.available("web")
    condition = {"type": "Odd", "status": "True"}
    moved: list[int] = []

    async def move() -> None:
        if len(moved) < 2:
            moved.append(1)
            body = {"status": {"conditions": [{**condition, "reason": f"R{len(moved)}"}]}}
            kind = {"Content-Type": "application/strategic-merge-patch+json"}
            await hands.call("PATCH", f"{hands.path('deployments', 'web')}/status", body, **kind)

    meddler.before = move
    assert (await through.change(await foreseen(through, SCALE), LIMITS, deeds.deed())).code == 0
    assert (len(moved), (await hands.get("deployments", "web"))["spec"]["replicas"]) == (2, 3)


@pytest.mark.parametrize(
    "line",
    [
        SCALE,
        "kubectl rollout restart deployment/web",
        "kubectl set image deployment/web web=shop:v2",
        "kubectl delete configmap old",
        "kubectl delete pods -l app=web",
        "kubectl apply -f a.yml",
        "kubectl label cm/old team=a",
    ],
)
async def test_an_answer_that_is_cut_leaves_it_unclear_until_somebody_looks(
    hands: Hands, through: KubernetesBackend, meddler: Meddler, deeds: Deeds, folder: Path, line: str
) -> None:
    (folder / "a.yml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: new}\n")
    await hands.make("configmaps", {"metadata": {"name": "old"}})
    await hands.deploy("web")
    await hands.available("web")
    meant = await foreseen(through, line)
    meddler.cut = True
    with pytest.raises(ChangeUnclear, match="not known"):
        await through.change(meant, LIMITS, deeds.deed())
    meddler.cut = False
    assert meddler.writes == 1
    assert await through.look(meant, LIMITS, deeds.deed()) is not None
    assert (await through.change(meant, LIMITS, deeds.deed())).code == 0
    assert meddler.writes == 1


@pytest.mark.parametrize("line", [SCALE, "kubectl delete configmap old"])
async def test_a_request_that_is_lost_is_told_apart_by_a_look_and_can_be_repeated(
    hands: Hands, through: KubernetesBackend, meddler: Meddler, deeds: Deeds, line: str
) -> None:
    await hands.make("configmaps", {"metadata": {"name": "old"}})
    await hands.deploy("web")
    meant = await foreseen(through, line)
    meddler.lost = True
    with pytest.raises(ChangeUnclear, match="not known"):
        await through.change(meant, LIMITS, deeds.deed())
    meddler.lost = False
    assert await through.look(meant, LIMITS, deeds.deed()) is None
    await through.change(meant, LIMITS, deeds.deed())
    assert await through.look(meant, LIMITS, deeds.deed()) is not None
    assert meddler.writes == 1


async def test_a_write_that_is_too_slow_is_unclear_and_lands_only_once(
    hands: Hands, through: KubernetesBackend, meddler: Meddler, deeds: Deeds
) -> None:
    await hands.deploy("web")
    await hands.available("web")
    meant = await foreseen(through, "kubectl rollout restart deployment/web")
    late = asyncio.Event()
    meddler.before = late.wait
    with pytest.raises(ChangeUnclear, match="does not answer in time"):
        await through.change(meant, Limits(seconds=1), deeds.deed())
    assert await through.look(meant, LIMITS, deeds.deed()) is None
    repeated = asyncio.create_task(through.change(meant, LIMITS, deeds.deed()))
    late.set()
    assert (await repeated).code == 0
    generation = (await hands.available("web"))["metadata"]["generation"]
    assert await through.look(meant, LIMITS, deeds.deed()) is not None
    await through.change(meant, LIMITS, deeds.deed())
    assert (await hands.get("deployments", "web"))["metadata"]["generation"] == generation


async def test_what_was_done_before_a_refusal_is_told_and_only_the_rest_is_repeated(
    hands: Hands, through: KubernetesBackend, meddler: Meddler, deeds: Deeds
) -> None:
    for name in ("a", "b"):
        await hands.deploy(name)
        await hands.available(name)
    meant = await foreseen(through, "kubectl rollout restart deployment/a deployment/b")
    meddler.forbidden = ("deployments/b",)
    with pytest.raises(TargetRefused, match=r"go away\)\. Done before that: deployments/a\.$"):
        await through.change(meant, LIMITS, deeds.deed())
    assert await through.look(meant, LIMITS, deeds.deed()) is None
    meddler.forbidden = ()
    await through.change(meant, LIMITS, deeds.deed())
    assert meddler.writes == 2
    assert await through.look(meant, LIMITS, deeds.deed()) is not None


async def test_a_cluster_that_is_not_reached_was_not_changed(
    hands: Hands, kubeconfig: Path, tmp_path: Path, deeds: Deeds
) -> None:
    await hands.deploy("web")
    async with meddling(kubeconfig, tmp_path) as gone:
        pass
    backend = KubernetesBackend(Cluster(gone.kubeconfig), hands.namespace)
    try:
        with pytest.raises(TargetUnreachable, match="connection refused"):
            await backend.change(operation(SCALE), LIMITS, deeds.deed())
    finally:
        await backend.close()


@asynccontextmanager
async def wire(kubeconfig: Path, folder: Path) -> AsyncIterator[tuple[Path, list[asyncio.StreamWriter]]]:
    """Pass bytes on to the API server; the writers of both sides can be closed in the middle."""
    known = yaml.safe_load(kubeconfig.read_text())
    cluster = known["clusters"][0]["cluster"]
    aim = urlsplit(cluster["server"])
    held: list[asyncio.StreamWriter] = []
    tasks: set[asyncio.Task[None]] = set()

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(1 << 16):
            writer.write(piece)
            await writer.drain()

    async def joined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs, ours = await asyncio.open_connection(aim.hostname, aim.port)
        held.extend((writer, ours))
        tasks.update({asyncio.create_task(pump(reader, ours)), asyncio.create_task(pump(theirs, writer))})

    listening = await asyncio.start_server(joined, "127.0.0.1", 0)
    cluster["server"] = f"{aim.scheme}://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    path = folder / "wire.kubeconfig"
    path.write_text(yaml.safe_dump(known))
    try:
        yield path, held
    finally:
        listening.close()
        for writer in held:
            writer.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_command_whose_connection_is_cut_is_unclear_for_ever(
    hands: Hands, kubeconfig: Path, tmp_path: Path, programs: Path, deeds: Deeds
) -> None:
    program = programs / "begin"
    program.write_text(f"#!/bin/sh\necho x >> {programs}/begun\nexec sleep 20\n")
    program.chmod(0o755)
    await hands.deploy("web")
    await hands.available("web")
    async with wire(kubeconfig, tmp_path) as (path, held):
        backend = KubernetesBackend(Cluster(path), hands.namespace)
        try:
            meant = await foreseen(backend, "kubectl exec deployment/web -- begin")
            changing = asyncio.create_task(backend.change(meant, LIMITS, deeds.deed()))

            async def begun() -> bool | None:
                return (programs / "begun").exists() or None

            await until(begun, "the command has begun")
            for writer in held:
                writer.transport.abort()
            with pytest.raises(ChangeUnclear, match="Whether the command ran is not known"):
                await changing
            with pytest.raises(ChangeUnclear, match="cannot be told"):
                await backend.change(meant, LIMITS, deeds.deed())
        finally:
            await backend.close()
    assert (programs / "begun").read_text() == "x\n"

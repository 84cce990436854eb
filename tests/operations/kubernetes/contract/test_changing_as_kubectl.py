"""What a change makes of an object is what kubectl makes of its twin, field by field."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.operations.backend import Limits
from bot.operations.kubernetes.backend import KubernetesBackend
from bot.operations.kubernetes.session import REQUEST
from tests.cluster.hands import Hands, Thing, until
from tests.operations.kubernetes.contract.conftest import Deeds
from tests.operations.kubernetes.contract.test_rollouts import stateful
from tests.operations.kubernetes.lines import operation

LIMITS = Limits(seconds=30)
OURS = (
    "name",
    "namespace",
    "uid",
    "resourceVersion",
    "creationTimestamp",
    "managedFields",
    "selfLink",
    "ownerReferences",
)
"""Fields of the metadata that are each object's own."""
TIMES = ("lastUpdateTime", "lastTransitionTime", "message", "kubectl.kubernetes.io/restartedAt", "pod-template-hash")
"""Fields that say a time, or the hash of a pod template that has one."""

Kubectl = Callable[[str], Awaitable[str]]


@pytest.fixture
def kubeconfig(real_kubeconfig: Path) -> Path:
    """Return the real control plane's: kubectl sends no token to a server without TLS, which the sandbox's is."""
    return real_kubeconfig


@pytest.fixture
async def twin(kubeconfig: Path, hands: Hands) -> AsyncIterator[Hands]:
    """Return the hands in a second namespace, where kubectl does the same."""
    made = Hands(kubeconfig, f"{hands.namespace}-twin")
    await made.call("POST", "/api/v1/namespaces", {"metadata": {"name": made.namespace}})
    yield made
    await made.call("DELETE", f"/api/v1/namespaces/{made.namespace}")
    await made.close()


@pytest.fixture
def kubectl(kubeconfig: Path, twin: Hands) -> Kubectl:
    """Return what carries a line out with kubectl itself."""
    program = shutil.which("kubectl")
    if program is None:
        pytest.skip("kubectl is not installed, and is compared with")

    async def carry_out(line: str) -> str:
        words = [program, "--kubeconfig", str(kubeconfig), "-n", twin.namespace, *line.split()]
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*words, stdout=pipe, stderr=pipe)
        said, trouble = await process.communicate()
        assert process.returncode == 0, trouble.decode()
        return said.decode()

    return carry_out


def plain(thing: Thing) -> Thing:
    """Return an object without what is its own: names, times, and the request on ours."""
    meta = {key: value for key, value in thing["metadata"].items() if key not in OURS}
    bare: Thing = _without({**thing, "metadata": meta})
    return bare


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without(one) for key, one in value.items() if key not in (*TIMES, REQUEST)}
    return [_without(one) for one in value] if isinstance(value, list) else value


async def objects(hands: Hands) -> list[Thing]:
    """Return the ConfigMap, the Deployment and its ReplicaSets, once it is settled."""
    deployment = await hands.available("web")
    sets = sorted(await hands.listed("replicasets"), key=_revision)
    return [plain(thing) for thing in (await hands.get("configmaps", "settings"), deployment, *sets)]


def _revision(thing: Thing) -> int:
    return int(thing["metadata"]["annotations"]["deployment.kubernetes.io/revision"])


async def grown(hands: Hands) -> None:
    """Make a ConfigMap, and a Deployment with three revisions and causes, and marks that came later."""
    meta = {"name": "settings", "labels": {"tier": "web"}, "annotations": {"owner": "team-a"}}
    await hands.make("configmaps", {"metadata": meta})
    await hands.deploy("web", "shop:v1", 2, env=[{"name": "LEVEL", "value": "info"}])
    for tag in ("v1", "v2", "v3"):
        body = {
            "metadata": {"annotations": {"kubernetes.io/change-cause": f"to {tag}"}},
            "spec": {"template": {"spec": {"containers": [{"name": "web", "image": f"shop:{tag}"}]}}},
        }
        kind = {"Content-Type": "application/strategic-merge-patch+json"}
        await hands.call("PATCH", hands.path("deployments", "web"), body, **kind)
        await hands.available("web")
    await hands.patch(
        "deployments", "web", {"metadata": {"annotations": {"owner": "team-a"}, "labels": {"tier": "web"}}}
    )


@pytest.mark.parametrize(
    "line",
    [
        "rollout undo deployment/web",
        "rollout undo deployment/web --to-revision=1",
        "rollout restart deployment/web",
        "scale deployment/web --replicas=3",
        "set image deployment/web web=shop:v4",
        "set env deployment/web LEVEL=debug NEW=1",
        "set resources deployment/web --limits=memory=1Gi --requests=cpu=100m",
        "rollout pause deployment/web",
        "label configmap/settings tier=front --overwrite",
    ],
)
async def test_the_objects_are_as_kubectl_makes_them(
    hands: Hands, twin: Hands, backend: KubernetesBackend, kubectl: Kubectl, deeds: Deeds, line: str
) -> None:
    await asyncio.gather(grown(hands), grown(twin))
    foreseen = await backend.foresee(operation(f"kubectl {line}"), LIMITS)
    await backend.change(foreseen.operation, LIMITS, deeds.deed())
    await kubectl(line)
    ours, theirs = await asyncio.gather(objects(hands), objects(twin))
    assert ours == theirs


async def test_a_stateful_set_is_undone_as_kubectl_does(
    hands: Hands, twin: Hands, backend: KubernetesBackend, kubectl: Kubectl, deeds: Deeds
) -> None:
    for each in (hands, twin):
        await each.make("statefulsets", stateful("shop/store:1"))
        body = {"spec": {"template": {"spec": {"containers": [{"name": "store", "image": "shop/store:2"}]}}}}
        kind = {"Content-Type": "application/strategic-merge-patch+json"}
        await settled(each, 1)
        await each.call("PATCH", each.path("statefulsets", "store"), body, **kind)
        await settled(each, 2)
    foreseen = await backend.foresee(operation("kubectl rollout undo statefulset/store"), LIMITS)
    assert (foreseen.before, foreseen.after) == ("store: shop/store:2", "store: shop/store:1")
    assert foreseen.undo == f"kubectl rollout undo statefulset/store --to-revision=2 -n {hands.namespace}"
    await backend.change(foreseen.operation, LIMITS, deeds.deed())
    assert await backend.look(foreseen.operation, LIMITS, deeds.deed()) is not None
    await kubectl("rollout undo statefulset/store")
    ours, theirs = await hands.get("statefulsets", "store"), await twin.get("statefulsets", "store")
    assert ours["spec"] == theirs["spec"]
    assert ours["metadata"]["generation"] == theirs["metadata"]["generation"]


async def settled(hands: Hands, revisions: int) -> None:
    """Wait until the StatefulSet has that many revisions."""

    async def there() -> bool | None:
        return len(await hands.listed("controllerrevisions", group="/apis/apps/v1")) == revisions or None

    await until(there, f"{revisions} revisions")


async def test_the_history_is_as_kubectl_tells_it(
    hands: Hands, twin: Hands, backend: KubernetesBackend, kubectl: Kubectl
) -> None:
    await asyncio.gather(grown(hands), grown(twin))
    for each in (hands, twin):
        await each.available("web")
    told = (await backend.run(operation("kubectl rollout history deployment/web"), LIMITS)).table
    assert told is not None
    theirs = [line.split(maxsplit=1) for line in (await kubectl("rollout history deployment/web")).splitlines()[2:]]
    assert [[row[0], row[3]] for row in told.rows] == [line for line in theirs if line]

"""The demo's cluster: well on a good day, broken by each bad release in its own way, and healed by going back."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.operations.backend import Limits
from bot.operations.job.backend import JobBackend
from bot.operations.job.nouns import Job
from bot.operations.job.toolbox import Toolbox
from bot.operations.kubernetes.backend import KubernetesBackend
from bot.operations.kubernetes.connection import Cluster as Connection
from bot.operations.output import Output
from sandbox.cluster import Cluster, save_kubeconfig, serve
from sandbox.cluster.story import CRASHES, ERRORS, GOOD, NO_IMAGE, SOCIAL, Release, Story
from tests.cluster.hands import until
from tests.operations.kubernetes.lines import operation

Run = Callable[[str], Awaitable[Output]]
PATIENT = Limits(seconds=20)


@pytest.fixture
async def cluster() -> AsyncIterator[Cluster]:
    async with serve(Cluster()) as served:
        yield served


@pytest.fixture
async def story(cluster: Cluster) -> Story:
    told = Story(cluster)
    told.furnish()
    return told


@pytest.fixture
async def connection(cluster: Cluster, story: Story, tmp_path: Path) -> AsyncIterator[Connection]:
    path = tmp_path / "kubeconfig"
    save_kubeconfig(cluster, path)
    opened = Connection(path)
    yield opened
    await opened.close()


@pytest.fixture
def run(connection: Connection) -> Run:
    backend = KubernetesBackend(connection, SOCIAL)

    async def carry_out(line: str) -> Output:
        return await backend.run(operation(line), PATIENT)

    return carry_out


async def errors(run: Run) -> int:
    said = await run(f"kubectl logs -l app=backend -n {SOCIAL} --tail=100")
    return sum("ERROR" in line for line in said.text.splitlines())


async def test_a_good_day(run: Run) -> None:
    await run("kubectl rollout status deployment/backend --timeout=15s")
    pods = await run(f"kubectl get pods -n {SOCIAL} -l app=backend")
    assert pods.facts == {"count": 3.0, "ready": 3.0, "not-ready": 0.0, "restarts": 0.0}
    assert await errors(run) == 0
    history = await run("kubectl rollout history deployment/backend")
    assert GOOD.cause in history.text


@pytest.mark.parametrize(
    "line",
    [
        "kubectl get nodes",
        f"kubectl get services -n {SOCIAL}",
        f"kubectl get hpa -n {SOCIAL}",
        f"kubectl get ingress -n {SOCIAL}",
        f"kubectl get certificates -n {SOCIAL}",
        "kubectl get pods -n production -l app=qr-worker",
        "kubectl get deployment app -n linkist",
        "kubectl get pods -l app=zephyr-backend -n zephyr",
        "kubectl logs -n ingress-nginx -l app=nginx-ingress --since=10m --tail=-1",
        "kubectl logs -n production -l app=web --tail=100",
        "kubectl top nodes",
    ],
)
async def test_what_runbooks_ask_for_is_there(run: Run, line: str) -> None:
    await run("kubectl wait --for=condition=available deployment/nginx-ingress -n ingress-nginx --timeout=15s")
    await run("kubectl wait --for=condition=available deployment/web -n production --timeout=15s")
    assert (await run(line)).text.strip()


@pytest.mark.parametrize(("release", "sign"), [(CRASHES, "CrashLoopBackOff"), (NO_IMAGE, "ImagePullBackOff")])
async def test_a_release_that_does_not_start_is_seen_and_undone(
    run: Run, story: Story, release: Release, sign: str
) -> None:
    await run("kubectl rollout status deployment/backend --timeout=15s")
    story.ship(release)

    async def seen() -> bool | None:
        return True if sign in (await run(f"kubectl get pods -n {SOCIAL}")).text else None

    assert await until(seen, f"a pod is in {sign}")
    await run("kubectl rollout undo deployment/backend")
    await run("kubectl rollout status deployment/backend --timeout=15s")
    assert GOOD.image in (await run("kubectl describe deployment backend")).text


async def test_a_release_with_errors_is_ready_and_its_log_says_it(run: Run, story: Story) -> None:
    await run("kubectl rollout status deployment/backend --timeout=15s")
    story.ship(ERRORS)
    await run("kubectl rollout status deployment/backend --timeout=15s")
    assert await errors(run) > 50
    await run("kubectl rollout undo deployment/backend")
    await run("kubectl rollout status deployment/backend --timeout=15s")

    async def quiet() -> bool | None:
        return None if await errors(run) else True

    assert await until(quiet, "the last pod with errors is gone")


async def test_a_job_of_the_demo_runs(connection: Connection, run: Run) -> None:
    backend = JobBackend(connection, Toolbox(SOCIAL, deployment="backend"))
    output = await backend.run(Job("npm", ("run", "migrate:status")), PATIENT)
    assert (output.code, output.text.splitlines()[0]) == (0, "up    20260901-add-checkout")
    await backend.close()

"""Jobs on a cluster: what runs, what it may, what it says, how it ends, and that nothing of it stays."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.errors import TargetRefused
from bot.operations.backend import Limits
from bot.operations.job.backend import JobBackend
from bot.operations.job.nouns import IsSet, Job
from bot.operations.job.toolbox import Toolbox
from bot.operations.job.verdict import JobFailed
from bot.operations.kubernetes.connection import Cluster
from tests.cluster.hands import Hands, deployment, until

Write = Callable[[str, str], None]
LONG = Limits(seconds=25)


@pytest.fixture
async def connection(kubeconfig: Path) -> AsyncIterator[Cluster]:
    opened = Cluster(kubeconfig)
    yield opened
    await opened.close()


@pytest.fixture
async def backend(connection: Cluster, namespace: str) -> AsyncIterator[JobBackend]:
    made = JobBackend(connection, Toolbox(namespace, image="tools:1", programs=("npm", "node", "pg_dump")))
    yield made
    await made.close()


async def no_jobs(hands: Hands) -> None:
    async def gone() -> bool | None:
        return True if not await hands.listed("jobs") and not await hands.listed("pods") else None

    await until(gone, "nothing of the job is left")


async def test_a_program_runs_with_its_words_as_they_stand(backend: JobBackend, hands: Hands, program: Write) -> None:
    program("npm", 'for word in "$@"; do echo "<$word>"; done')
    words = ("run", "two words", "$HOME", "$(HOSTNAME)", "$$(X)", "*", "a;b", "'")
    output = await backend.run(Job("npm", words), LONG)
    assert output.code == 0
    assert output.text.splitlines() == [f"<{word}>" for word in words]
    assert float(output.facts["seconds"]) > 0
    await no_jobs(hands)


async def test_the_exit_code_of_a_program_is_the_outputs(backend: JobBackend, program: Write) -> None:
    program("npm", "echo found 3 problems; echo really >&2; exit 3")
    output = await backend.run(Job("npm", ("audit",)), LONG)
    assert (output.code, output.text) == (3, "found 3 problems\nreally\n")


async def test_a_job_has_the_image_and_the_environment_of_its_deployment(
    connection: Cluster, hands: Hands, program: Write
) -> None:
    program("npm", 'echo "$PASSWORD at $PLACE"')
    await hands.make("secrets", {"metadata": {"name": "database"}, "stringData": {"password": "hunter2"}})
    reference = {"secretKeyRef": {"name": "database", "key": "password"}}
    env = [{"name": "PASSWORD", "valueFrom": reference}, {"name": "PLACE", "value": "home"}]
    await hands.deploy("backend", image="sociallive/backend:7", env=env)
    backend = JobBackend(connection, Toolbox(hands.namespace, deployment="backend"))
    output = await backend.run(Job("npm", ("run", "migrate")), LONG, identity="one")
    assert output.text == "hunter2 at home\n"
    (pod,) = await hands.listed("pods", "app.kubernetes.io/managed-by=opsroom")
    assert pod["spec"]["containers"][0]["image"] == "sociallive/backend:7"


async def test_a_job_may_as_little_as_it_can_and_gets_no_traffic(
    connection: Cluster, hands: Hands, program: Write
) -> None:
    program("npm", "true")
    privileged = {"privileged": True, "runAsUser": 1000}
    await hands.deploy("backend", securityContext=privileged)
    backend = JobBackend(connection, Toolbox(hands.namespace, deployment="backend", memory="300Mi"))
    await backend.run(Job("npm"), LONG, identity="one")
    (pod,) = await hands.listed("pods", "app.kubernetes.io/managed-by=opsroom")
    container = pod["spec"]["containers"][0]
    assert pod["spec"]["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "runAsUser": 1000,
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["resources"]["limits"]["memory"] == "300Mi"
    assert "app" not in pod["metadata"]["labels"]
    assert pod["spec"]["activeDeadlineSeconds"] <= 25


@pytest.fixture
async def claim(hands: Hands) -> AsyncIterator[str]:
    """A PersistentVolumeClaim with a disk behind it."""
    disk, size = f"disk-of-{hands.namespace}", {"storage": "1Gi"}
    told = {"accessModes": ["ReadWriteMany"], "storageClassName": ""}
    path = "/api/v1/persistentvolumes"
    body = {"capacity": size, "hostPath": {"path": "/var/lib/disk"}, **told}
    await hands.call("POST", path, {"kind": "PersistentVolume", "metadata": {"name": disk}, "spec": body})
    wanted = {"volumeName": disk, "resources": {"requests": size}, **told}
    await hands.make("persistentvolumeclaims", {"metadata": {"name": "ops-files"}, "spec": wanted})
    await until(lambda: _bound(hands), "the claim has its disk")
    yield "ops-files"
    await hands.call("DELETE", f"{path}/{disk}")


async def _bound(hands: Hands) -> bool | None:
    """Tell that a claim has its disk; the sandbox has no disks, and says nothing of them."""
    claim = await hands.get("persistentvolumeclaims", "ops-files")
    return True if claim.get("status", {}).get("phase", "Bound") == "Bound" else None


@pytest.mark.parametrize("toolbox", [{"image": "tools:1"}, {"deployment": "backend"}])
async def test_jobs_share_the_volume_of_their_toolbox(
    connection: Cluster, hands: Hands, program: Write, claim: str, toolbox: dict[str, str]
) -> None:
    program("gunzip", "true")
    volumes = [{"name": "scratch", "emptyDir": {}}, {"name": "cache", "emptyDir": {}}]
    mounts = [{"name": "scratch", "mountPath": "/tmp/"}, {"name": "cache", "mountPath": "/cache"}]
    backend = deployment("backend", "sociallive/backend:1", volumeMounts=mounts)
    backend["spec"]["template"]["spec"]["volumes"] = volumes
    await hands.make("deployments", backend)
    kept = Toolbox(hands.namespace, volume=claim, volume_at="/tmp", **toolbox)  # type: ignore[arg-type]
    await JobBackend(connection, kept).run(Job("gunzip"), LONG, identity="one")
    (pod,) = await hands.listed("pods", "app.kubernetes.io/managed-by=opsroom")
    claims = {volume["name"]: volume.get("persistentVolumeClaim") for volume in pod["spec"]["volumes"]}
    places = {mount["mountPath"]: mount["name"] for mount in pod["spec"]["containers"][0]["volumeMounts"]}
    assert claims[places["/tmp"]] == {"claimName": claim}
    assert places.get("/cache") == ("cache" if "deployment" in toolbox else None)
    assert "/tmp/" not in places


async def test_a_log_is_heard_while_it_is_written_and_nothing_twice(backend: JobBackend, program: Write) -> None:
    program("npm", "for i in 1 2 3 4 5 6 7 8 9; do echo line $i; sleep 0.2; done")
    heard: list[str] = []

    async def hear(new: str) -> None:
        heard.append(new)

    output = await backend.run(Job("npm"), LONG, listener=hear)
    assert len(heard) > 2
    assert "".join(heard) == output.text == "".join(f"line {i}\n" for i in range(1, 10))


async def test_a_log_that_is_too_long_is_cut_and_says_so(backend: JobBackend, program: Write) -> None:
    program("npm", "i=0; while [ $i -lt 3000 ]; do echo 0123456789012345678; i=$((i+1)); done")
    output = await backend.run(Job("npm"), Limits(seconds=25, size=20_000))
    assert len(output.text) == 20_000
    assert output.cut == "all of the log but its first 20,000 bytes"


async def test_a_program_that_does_not_end_is_stopped(backend: JobBackend, hands: Hands, program: Write) -> None:
    program("npm", "echo begun; sleep 600")
    with pytest.raises(JobFailed, match="npm did not end within its time and was stopped") as caught:
        await backend.run(Job("npm"), Limits(seconds=3))
    assert caught.value.output.text == "begun\n"
    await no_jobs(hands)


async def test_a_program_that_needs_too_much_memory_is_named(
    connection: Cluster, namespace: str, program: Write
) -> None:
    program("npm", "exec python3 -c 'import time; kept = bytearray(200_000_000); time.sleep(600)'")
    backend = JobBackend(connection, Toolbox(namespace, image="tools:1", memory="100Mi"))
    with pytest.raises(JobFailed, match=r"npm needed more than 100Mi of memory and was killed \(OOMKilled\)"):
        await backend.run(Job("npm"), LONG)


async def test_an_image_that_cannot_be_pulled_is_said_at_once(connection: Cluster, hands: Hands) -> None:
    backend = JobBackend(connection, Toolbox(hands.namespace, image="tools:missing"))
    with pytest.raises(JobFailed, match=r"npm did not run: its image cannot be pulled \(ImagePullBackOff\)"):
        await backend.run(Job("npm"), LONG)
    await no_jobs(hands)


async def test_a_program_that_the_image_does_not_have_is_named(backend: JobBackend) -> None:
    with pytest.raises(JobFailed, match="npm could not be started: the image has no such program"):
        await backend.run(Job("npm"), LONG)


async def test_an_environment_that_is_not_there_is_said(connection: Cluster, hands: Hands) -> None:
    env = [{"name": "X", "valueFrom": {"secretKeyRef": {"name": "nothing", "key": "x"}}}]
    await hands.deploy("backend", env=env)
    backend = JobBackend(connection, Toolbox(hands.namespace, deployment="backend"))
    with pytest.raises(JobFailed, match="its environment names something that is not there"):
        await backend.run(Job("npm"), LONG)


async def test_a_deployment_that_is_not_there_is_named(connection: Cluster, namespace: str) -> None:
    backend = JobBackend(connection, Toolbox(namespace, deployment="backend"))
    with pytest.raises(TargetRefused, match=f"There is no deployment backend in namespace {namespace}"):
        await backend.run(Job("npm"), LONG)


async def test_a_program_that_is_not_run_here_is_refused_before_anything(backend: JobBackend, hands: Hands) -> None:
    with pytest.raises(TargetRefused, match=r"nodee is not run here; did you mean node\?"):
        await backend.run(Job("nodee"), LONG)
    assert await hands.listed("jobs") == []


async def test_the_same_identity_runs_once(backend: JobBackend, hands: Hands, program: Write, tmp_path: Path) -> None:
    program("npm", f"echo once >> {tmp_path}/runs; echo done")
    first = await backend.run(Job("npm"), LONG, identity="run:7")
    second = await backend.run(Job("npm"), LONG, identity="run:7")
    assert (first.text, second.text) == ("done\n", "done\n")
    assert (tmp_path / "runs").read_text() == "once\n"
    await backend.remove(Job("npm"), "run:7")
    await backend.remove(Job("npm"), "run:7")
    await no_jobs(hands)


async def test_a_call_that_is_cancelled_leaves_no_job(backend: JobBackend, hands: Hands, program: Write) -> None:
    program("npm", "echo up; sleep 600")
    running = asyncio.create_task(backend.run(Job("npm"), LONG))
    await hands.pods("app.kubernetes.io/managed-by=opsroom")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await no_jobs(hands)


async def test_with_an_identity_it_lives_on_and_is_found_again(
    backend: JobBackend, hands: Hands, program: Write, tmp_path: Path
) -> None:
    program("npm", f"echo begun; while [ ! -e {tmp_path}/go ]; do sleep 0.05; done; echo ended")
    running = asyncio.create_task(backend.run(Job("npm"), LONG, identity="run:8"))
    await hands.pods("app.kubernetes.io/managed-by=opsroom")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    (tmp_path / "go").touch()
    output = await backend.run(Job("npm"), LONG, identity="run:8")
    assert output.text == "begun\nended\n"


async def test_a_job_whose_pod_somebody_takes_away_says_so(
    backend: JobBackend, hands: Hands, program: Write, tmp_path: Path
) -> None:
    program("npm", f"echo begun >> {tmp_path}/runs; sleep 600")
    running = asyncio.create_task(backend.run(Job("npm"), LONG))
    (pod,) = await hands.pods("app.kubernetes.io/managed-by=opsroom")
    await hands.delete("pods", pod["metadata"]["name"])
    with pytest.raises(JobFailed, match="was ended by somebody or something else"):
        await running
    await no_jobs(hands)
    # Before Kubernetes 1.26 the job controller may put a second pod in its place before anybody can stop it.
    assert set((tmp_path / "runs").read_text().split()) == {"begun"}


async def test_without_the_right_to_make_jobs_it_says_which_right(bot_kubeconfig: Path, namespace: str) -> None:
    connection = Cluster(bot_kubeconfig)
    backend = JobBackend(connection, Toolbox(namespace, image="tools:1"))
    with pytest.raises(TargetRefused, match=f"no right to create jobs in namespace {namespace}"):
        await backend.run(Job("npm"), LONG)
    await backend.close()
    await connection.close()


async def test_these_rights_are_enough(bot_kubeconfig: Path, hands: Hands, program: Write) -> None:
    program("npm", "echo fine")
    await hands.grant(["create", "get", "delete"], ["jobs"])
    await hands.grant(["get"], ["deployments"])
    await hands.grant(["get", "list"], ["pods", "pods/log"])
    await hands.deploy("backend")
    connection = Cluster(bot_kubeconfig)
    backend = JobBackend(connection, Toolbox(hands.namespace, deployment="backend"))
    assert (await backend.run(Job("npm"), LONG)).text == "fine\n"
    await backend.close()
    await connection.close()


async def test_a_variable_is_set_or_not_and_its_value_is_not_told(connection: Cluster, hands: Hands) -> None:
    await hands.make(
        "secrets", {"metadata": {"name": "stripe"}, "stringData": {"STRIPE_KEY": "sk_live_1", "EMPTY": ""}}
    )
    env = [{"name": "TIER", "value": "gold"}, {"name": "NOTHING", "value": ""}]
    await hands.deploy("backend", env=env, envFrom=[{"secretRef": {"name": "stripe"}}])
    backend = JobBackend(connection, Toolbox(hands.namespace, deployment="backend"))
    answers = {name: await backend.run(IsSet(name), LONG) for name in ("TIER", "NOTHING", "STRIPE_KEY", "EMPTY", "X")}
    assert {name: (answer.text, answer.code) for name, answer in answers.items()} == {
        "TIER": ("set\n", 0),
        "NOTHING": ("not set\n", 1),
        "STRIPE_KEY": ("set\n", 0),
        "EMPTY": ("not set\n", 1),
        "X": ("not set\n", 1),
    }


async def test_a_quota_that_allows_no_pod_is_named(backend: JobBackend, hands: Hands, kubeconfig: Path) -> None:
    await hands.make("resourcequotas", {"metadata": {"name": "none"}, "spec": {"hard": {"pods": "0"}}})

    async def in_force() -> bool | None:
        return True if (await hands.get("resourcequotas", "none")).get("status", {}).get("hard") else None

    await until(in_force, "the quota is in force")
    with pytest.raises(JobFailed, match=r"npm did not start within its time: .*exceeded quota"):
        await backend.run(Job("npm"), Limits(seconds=3))

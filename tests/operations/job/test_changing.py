"""Jobs as changes: foreseen, run once for a deed, and found again, on a real cluster."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.errors import AnswerUnreadable, ChangeUnclear, TargetError, TargetRefused
from bot.operations.backend import Limits
from bot.operations.changing import Changer
from bot.operations.job.backend import JobBackend
from bot.operations.job.manifest import KEPT
from bot.operations.job.nouns import IsSet, Job
from bot.operations.job.toolbox import Toolbox
from bot.operations.kubernetes.connection import Cluster
from tests.cluster.hands import Hands
from tests.operations.notebook import Notebook
from tests.servers.web import Asked, Route, answer, running

Write = Callable[[str, str], None]
LONG = Limits(seconds=25)
OURS = "app.kubernetes.io/managed-by=opsroom"


@pytest.fixture
def notebook() -> Notebook:
    return Notebook("REQ-7.0")


@pytest.fixture
async def connection(kubeconfig: Path) -> AsyncIterator[Cluster]:
    opened = Cluster(kubeconfig)
    yield opened
    await opened.close()


@pytest.fixture
def backend(connection: Cluster, hands: Hands) -> JobBackend:
    return JobBackend(connection, Toolbox(hands.namespace, image="tools:1", programs=("npm", "node")))


Between = Callable[[Asked], Route | None]
"""Answers a request itself, or leaves it to the cluster."""


@asynccontextmanager
async def behind(hands: Hands, folder: Path, first: Between, then: Between) -> AsyncIterator[JobBackend]:
    """Give a target whose cluster is reached through `first`, before it, and `then`, in place of its answer."""

    async def forward(asked: Asked, writer: asyncio.StreamWriter) -> None:
        if (own := first(asked)) is None:
            kind = asked.headers.get("content-type", "application/json")
            said = await hands.http.request(
                asked.method, asked.target, content=asked.body, headers={"content-type": kind}
            )
            status = f"{said.status_code} {said.reason_phrase}"
            own = then(asked) or answer(said.content, status, connection="close", content_type="application/json")
        await own(asked, writer)

    class Everything(dict[str, Route]):
        def get(self, _path: str, _default: Any = None) -> Any:
            return forward

    async with running({}) as server:
        server.routes = Everything()
        here = {"cluster": {"server": f"http://127.0.0.1:{server.port}"}, "name": "c"}
        context = {"context": {"cluster": "c", "user": "u"}, "name": "x"}
        user = {"name": "u", "user": {"token": "none"}}
        path = folder / "behind.kubeconfig"
        known = {"apiVersion": "v1", "kind": "Config", "current-context": "x"}
        path.write_text(yaml.safe_dump({**known, "clusters": [here], "contexts": [context], "users": [user]}))
        cluster = Cluster(path)
        yield JobBackend(cluster, Toolbox(hands.namespace, image="tools:1"))
        await cluster.close()


def nothing(_asked: Asked) -> None:
    """Leave every request to the cluster."""


def test_a_toolbox_is_a_changer(backend: JobBackend) -> None:
    assert isinstance(backend, Changer)


async def test_what_would_be_run_is_said_without_any_value(connection: Cluster, hands: Hands) -> None:
    env = [{"name": "PASSWORD", "value": "hunter2"}, {"name": "PLACE", "value": "home"}]
    await hands.deploy("backend", image="shop/backend:7", env=env, envFrom=[{"secretRef": {"name": "stripe"}}])
    backend = JobBackend(connection, Toolbox(hands.namespace, deployment="backend", seconds=300))
    foresight = await backend.foresee(Job("npm", ("run", "migrate")), Limits())
    assert foresight.after == (
        f"npm run migrate is run once in shop/backend:7, in namespace {hands.namespace}, for at most 300 s, "
        "with PASSWORD, PLACE, all of the secret stripe in its environment"
    )
    assert foresight.world == {"Image that npm runs in": "shop/backend:7"}
    assert foresight.rehearsal.startswith("job.batch/opsroom-npm-")
    assert foresight.undo == "There is no way back that is known: npm may have one of its own."
    assert not foresight.final
    assert "hunter2" not in str(foresight)
    assert await hands.listed("jobs") == []
    assert (await backend.foresee(Job("rm", ("-rf", "/tmp/x")), Limits())).final


async def test_another_deploy_is_another_world(connection: Cluster, hands: Hands) -> None:
    await hands.deploy("backend", image="shop/backend:7")
    backend = JobBackend(connection, Toolbox(hands.namespace, deployment="backend"))
    before = await backend.foresee(Job("npm"), Limits())
    image = [{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "shop/backend:8"}]
    path = hands.path("deployments", "backend")
    await hands.http.patch(path, json=image, headers={"content-type": "application/json-patch+json"})
    after = await backend.foresee(Job("npm"), Limits())
    assert before.world != after.world == {"Image that npm runs in": "shop/backend:8"}


async def test_what_is_not_run_here_is_refused(backend: JobBackend, notebook: Notebook) -> None:
    with pytest.raises(TargetRefused, match=r"nodee is not run here; did you mean node\?"):
        await backend.foresee(Job("nodee"), Limits())
    for act in (backend.change, backend.look):
        with pytest.raises(TargetRefused, match="Programs are run here"):
            await act(IsSet("NAME"), Limits(), notebook.deed)
    assert notebook.noted is None


async def test_a_program_that_is_asked_for_twice_writes_once(
    backend: JobBackend, hands: Hands, program: Write, notebook: Notebook, tmp_path: Path
) -> None:
    program("npm", f"echo once >> {tmp_path}/runs; echo done")
    job = Job("npm", ("run", "migrate"))
    assert await backend.look(job, LONG, notebook.deed) is None
    first = await backend.change(job, LONG, notebook.deed)
    again = await backend.change(job, LONG, notebook.deed)
    found = await backend.look(job, LONG, notebook.deed)
    assert found is not None
    assert (first.text, again.text, found.text) == ("done\n", "done\n", "done\n")
    assert (first.code, found.code) == (0, 0)
    assert (tmp_path / "runs").read_text() == "once\n"
    (made,) = await hands.listed("jobs")
    assert notebook.noted["job"] == made["metadata"]["name"] == first.facts["job"]


async def test_a_program_that_fails_has_its_exit_code(backend: JobBackend, program: Write, notebook: Notebook) -> None:
    program("npm", "echo half of it is done; exit 3")
    output = await backend.change(Job("npm"), LONG, notebook.deed)
    assert (output.code, output.text) == (3, "half of it is done\n")
    found = await backend.look(Job("npm"), LONG, notebook.deed)
    assert found is not None
    assert (found.code, found.text) == (3, "half of it is done\n")


async def test_a_program_that_was_stopped_says_how_far_it_came(
    backend: JobBackend, program: Write, notebook: Notebook
) -> None:
    program("npm", "echo begun; sleep 600")
    output = await backend.change(Job("npm"), Limits(seconds=3), notebook.deed)
    assert output.code == -1
    assert output.text == "begun\nnpm did not end within its time and was stopped."
    found = await backend.look(Job("npm"), LONG, notebook.deed)
    assert found is not None
    assert (found.code, found.text) == (-1, output.text)


async def test_a_program_that_still_runs_is_followed_to_its_end(
    backend: JobBackend, hands: Hands, program: Write, notebook: Notebook, tmp_path: Path
) -> None:
    program("npm", f"echo begun >> {tmp_path}/runs; while [ ! -e {tmp_path}/go ]; do sleep 0.05; done; echo ended")
    began = asyncio.create_task(backend.change(Job("npm"), LONG, notebook.deed))
    await hands.pods(OURS)
    began.cancel()
    with pytest.raises(asyncio.CancelledError):
        await began
    looking = asyncio.create_task(backend.look(Job("npm"), LONG, notebook.deed))
    (tmp_path / "go").touch()
    found = await looking
    assert found is not None
    assert (found.code, found.text) == (0, "ended\n")
    assert (tmp_path / "runs").read_text() == "begun\n"


async def test_a_job_that_was_never_made_may_be(backend: JobBackend, notebook: Notebook) -> None:
    notebook.noted = {"job": "opsroom-npm-0", "made": 0.0}
    with pytest.raises(ChangeUnclear, match="is not there, and would no longer be if it had been done"):
        await backend.look(Job("npm"), LONG, notebook.deed)
    with pytest.raises(TargetError):  # the note comes before anything is made
        await JobBackend(backend._cluster, Toolbox("none-such", image="tools:1")).change(
            Job("npm"), LONG, notebook.deed
        )
    assert notebook.noted["made"] > KEPT
    assert await backend.look(Job("npm"), LONG, notebook.deed) is None


async def test_a_line_cut_behind_the_request_is_unclear_and_the_job_is_found(
    backend: JobBackend, hands: Hands, program: Write, notebook: Notebook, tmp_path: Path
) -> None:
    program("npm", f"echo once >> {tmp_path}/runs; echo done")
    cut: list[Asked] = []

    async def silence(_asked: Asked, _writer: asyncio.StreamWriter) -> None:
        """Close without a word."""

    def first(_asked: Asked) -> Route | None:
        return silence if cut else None

    def then(asked: Asked) -> Route | None:
        if asked.method == "POST":
            cut.append(asked)
        return silence if cut else None

    async with behind(hands, tmp_path, first, then) as broken:
        with pytest.raises(ChangeUnclear, match=r"^It is not known whether the job opsroom-npm-[0-9a-f]+ was made: "):
            await broken.change(Job("npm"), Limits(seconds=5), notebook.deed)
    found = await backend.look(Job("npm"), LONG, notebook.deed)
    assert found is not None
    assert found.text == "done\n"
    assert (tmp_path / "runs").read_text() == "once\n"


async def test_a_cluster_that_is_gone_until_the_end_leaves_it_unclear(
    backend: JobBackend, hands: Hands, program: Write, notebook: Notebook, tmp_path: Path
) -> None:
    program("npm", "echo done")

    def first(asked: Asked) -> Route | None:
        return None if asked.method == "POST" else answer("", "503 Service Unavailable", connection="close")

    async with behind(hands, tmp_path, first, nothing) as broken:
        with pytest.raises(ChangeUnclear, match=r"^It is not known how npm ended: "):
            await broken.change(Job("npm"), Limits(seconds=2), notebook.deed)
    found = await backend.look(Job("npm"), LONG, notebook.deed)
    assert found is not None
    assert found.text == "done\n"


@pytest.mark.parametrize("said", ['{"items": [{}]}', "[]", '{"items": 7}', "null"])
async def test_an_answer_of_another_shape_is_said_to_be(
    hands: Hands, program: Write, notebook: Notebook, tmp_path: Path, said: str
) -> None:
    program("npm", "echo done")

    def then(asked: Asked) -> Route | None:
        return answer(said, connection="close") if "/pods" in asked.target else None

    async with behind(hands, tmp_path, nothing, then) as broken:
        for deed in (notebook.deed, None):
            with pytest.raises(AnswerUnreadable, match="something that cannot be read"):
                await (broken.change(Job("npm"), LONG, deed) if deed else broken.run(Job("npm"), LONG))


async def test_a_deployment_of_another_shape_is_said_to_be(hands: Hands, tmp_path: Path) -> None:
    def first(asked: Asked) -> Route | None:
        return answer('{"spec": {}}', connection="close") if "/deployments/" in asked.target else None

    async with behind(hands, tmp_path, first, nothing) as broken:
        other = JobBackend(broken._cluster, Toolbox(hands.namespace, deployment="backend"))
        for act in (
            other.foresee(Job("npm"), Limits()),
            other.run(Job("npm"), Limits()),
            other.run(IsSet("X"), Limits()),
        ):
            with pytest.raises(AnswerUnreadable):
                await act

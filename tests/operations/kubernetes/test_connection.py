"""The connection to a cluster that is down, slow, wrong, or not ours; served by a real web server."""

import asyncio
import json
import ssl
import sys
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import yaml

from bot.errors import AnswerUnreadable, TargetError, TargetRefused, TargetUnreachable
from bot.operations.backend import Limits
from bot.operations.kubernetes.backend import KubernetesBackend
from bot.operations.kubernetes.connection import Cluster
from bot.operations.kubernetes.faults import NotSent
from bot.operations.output import Output
from tests.operations.kubernetes.lines import operation
from tests.servers import certificates
from tests.servers.web import Asked, Route, WebServer, answer, endless, raw, running

PODS = "/api/v1/namespaces/default/pods"
JSON = {"content_type": "application/json"}
TOKEN = "abcdef-0123456789-secret"
EMPTY = answer(json.dumps({"kind": "Table", "columnDefinitions": [], "rows": [], "metadata": {}}), **JSON)


def status(code: int, reason: str, message: str) -> Route:
    body = {"kind": "Status", "code": code, "reason": reason, "message": message}
    return answer(json.dumps(body), f"{code} {reason}", **JSON)


def kubeconfig(folder: Path, server: str, **cluster: object) -> Path:
    path = folder / "kubeconfig"
    known = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": {"server": server, **cluster}}],
        "users": [{"name": "u", "user": {"token": TOKEN}}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "x",
    }
    path.write_text(yaml.safe_dump(known))
    return path


async def carry_out(path: Path, line: str, limits: Limits | None = None, context: str = "") -> Output:
    backend = KubernetesBackend(Cluster(path, context))
    try:
        return await backend.run(operation(line), limits or Limits(seconds=5))
    finally:
        await backend.close()


@asynccontextmanager
async def serving(folder: Path, routes: Mapping[str, Route]) -> AsyncIterator[tuple[Path, WebServer]]:
    async with running(routes) as server:
        yield kubeconfig(folder, f"http://127.0.0.1:{server.port}"), server


async def failure(work: Awaitable[Output]) -> TargetError:
    with pytest.raises(TargetError) as caught:
        await work
    assert TOKEN not in str(caught.value)
    assert str(caught.value).endswith((".", "?"))
    return caught.value


async def test_nobody_listens(tmp_path: Path) -> None:
    async with serving(tmp_path, {}) as (path, _):
        pass
    error = await failure(carry_out(path, "kubectl get pods"))
    assert (type(error), str(error)) == (
        NotSent,
        "The cluster does not answer: connection refused.",
    )


async def test_a_name_that_nobody_has(tmp_path: Path) -> None:
    path = kubeconfig(tmp_path, "http://cluster.invalid:1")
    assert "host name is not known" in str(await failure(carry_out(path, "kubectl get pods")))


async def test_an_answer_that_never_comes_costs_no_more_than_the_time_limit(tmp_path: Path) -> None:
    async with serving(tmp_path, {PODS: raw(hang=True)}) as (path, _):
        started = time.monotonic()
        error = await failure(carry_out(path, "kubectl get pods", Limits(seconds=0.5)))
    assert (type(error), str(error)) == (TargetUnreachable, "The cluster does not answer in time.")
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    ("route", "kind", "sentence"),
    [
        (status(401, "Unauthorized", "Unauthorized"), TargetRefused, "does not accept the login"),
        (
            status(403, "Forbidden", 'cannot list resource "pods" in API group "" in the namespace "default"'),
            TargetRefused,
            "no right to list pods in namespace default",
        ),
        (status(403, "Forbidden", "go away"), TargetRefused, "no right to do this (go away)"),
        (status(400, "BadRequest", "odd selector"), TargetRefused, "The cluster refuses: odd selector."),
        (status(422, "Invalid", "cpu is wrong"), TargetRefused, "The cluster refuses: cpu is wrong."),
        (status(503, "Unavailable", "starting"), TargetUnreachable, "cannot answer now (503): starting."),
        (answer("<html>", "502 Bad Gateway"), TargetUnreachable, "cannot answer now (502): <html>."),
        (answer("<html>hello"), AnswerUnreadable, "cannot be read"),
        (answer("[1, 2]", **JSON), AnswerUnreadable, "cannot be read"),
        (
            answer('{"kind": "Table", "columnDefinitions": [{"name": "A"}], "rows": [{}]}', **JSON),
            AnswerUnreadable,
            "cannot be read",
        ),
        (raw(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"), TargetUnreachable, "broke"),
        (raw(b"\x00\x01\x02nothing of HTTP\r\n\r\n"), TargetUnreachable, "broke"),
        (answer("", "302 Found", location="http://127.0.0.1:1/elsewhere"), AnswerUnreadable, "cannot be read"),
    ],
)
async def test_an_answer_that_is_none(tmp_path: Path, route: Route, kind: type[TargetError], sentence: str) -> None:
    async with serving(tmp_path, {PODS: route}) as (path, _):
        error = await failure(carry_out(path, "kubectl get pods", Limits(seconds=5)))
    assert isinstance(error, kind)
    assert sentence in str(error)


async def test_a_read_is_tried_again_and_a_write_never(tmp_path: Path) -> None:
    failing = raw(b"")  # the connection ends without an answer

    def once(then: Route) -> Route:
        calls: list[str] = []

        async def route(asked: Asked, writer: asyncio.StreamWriter) -> None:
            calls.append(asked.method)
            await (failing if len(calls) == 1 else then)(asked, writer)

        return route

    pod = {"metadata": {"name": "web", "namespace": "default", "uid": "1"}, "kind": "Pod"}
    routes = {
        PODS: once(EMPTY),
        "/api/v1/namespaces/default": answer("{}", **JSON),
        f"{PODS}/web": answer(json.dumps(pod), **JSON),
    }
    async with serving(tmp_path, routes) as (path, server):
        assert (await carry_out(path, "kubectl get pods")).facts["count"] == 0.0
        assert [one.target.partition("?")[0] for one in server.asked].count(PODS) == 2

        async def lose_deletes(asked: Asked, writer: asyncio.StreamWriter) -> None:
            await (failing if asked.method == "DELETE" else routes[f"{PODS}/web"])(asked, writer)

        server.routes[f"{PODS}/web"] = lose_deletes
        await failure(carry_out(path, "kubectl delete pod web"))
        assert [one.method for one in server.asked].count("DELETE") == 1


async def test_no_metrics_server(tmp_path: Path) -> None:
    for route in (answer("404 page not found", "404 Not Found"), status(503, "Unavailable", "no endpoints")):
        async with serving(tmp_path, {"/apis/metrics.k8s.io/v1beta1/namespaces/default/pods": route}) as (path, _):
            error = await failure(carry_out(path, "kubectl top pods"))
        assert str(error) == "There are no metrics: metrics-server is not installed or not ready."


async def test_an_answer_without_an_end_is_cut_off(tmp_path: Path) -> None:
    async with serving(tmp_path, {"/version": endless(b"x" * 5000)}) as (path, _):
        found = await carry_out(path, "kubectl get --raw /version", Limits(seconds=10, size=100_000))
    assert (len(found.text), found.cut) == (100_000, "what is behind the first 100000 bytes")


@pytest.mark.parametrize(
    ("days", "host", "trusted", "sentence"),
    [
        (-1, "localhost", True, "the certificate has expired"),
        (1, "localhost", False, "of an authority that is not trusted"),
        (1, "elsewhere.example.com", True, "the certificate is for another host"),
    ],
)
async def test_a_certificate_that_is_at_fault(
    tmp_path: Path, days: int, host: str, trusted: bool, sentence: str
) -> None:
    made = certificates.make(tmp_path, host, days)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(made.path, made.key)
    trust = {"certificate-authority": str(made.path)} if trusted else {}
    async with running({PODS: EMPTY}, tls) as server:
        path = kubeconfig(tmp_path, f"https://localhost:{server.port}", **trust)
        error = await failure(carry_out(path, "kubectl get pods"))
    assert isinstance(error, TargetUnreachable)
    assert sentence in str(error)


@pytest.mark.parametrize(
    ("text", "context", "sentence"),
    [
        (None, "", "The login to the cluster cannot be read"),
        ("a: [", "", "The login to the cluster cannot be read"),
        ("{}", "", "The login to the cluster cannot be read"),
        ("whole", "nowhere", "The login to the cluster cannot be read"),
    ],
)
async def test_a_login_that_cannot_be_read(tmp_path: Path, text: str | None, context: str, sentence: str) -> None:
    path = tmp_path / "kubeconfig"
    if text == "whole":
        kubeconfig(tmp_path, "http://127.0.0.1:1")
    elif text is not None:
        path.write_text(text)
    error = await failure(carry_out(path, "kubectl get pods", context=context))
    assert isinstance(error, TargetRefused)
    assert sentence in str(error)


async def test_outside_of_a_cluster_there_is_no_service_account() -> None:
    cluster = Cluster(None)
    with pytest.raises(TargetRefused, match="The login to the cluster cannot be read"):
        await cluster.warm()
    await cluster.close()


async def test_after_the_end_nothing_is_carried_out(tmp_path: Path) -> None:
    backend = KubernetesBackend(Cluster(kubeconfig(tmp_path, "http://127.0.0.1:1")))
    await backend.close()
    with pytest.raises(TargetUnreachable, match="is being stopped"):
        await backend.run(operation("kubectl get pods"), Limits())


async def test_a_number_that_is_not_known_is_not_carried_out(tmp_path: Path) -> None:
    path = kubeconfig(tmp_path, "http://127.0.0.1:1")
    error = await failure(carry_out(path, "kubectl scale deployment web --replicas=<count>"))
    assert str(error) == "The number <count> is not known yet."


async def test_the_loop_is_never_held_up(tmp_path: Path) -> None:
    """While 60 answers are waited for in ten threads, the loop goes on as if nothing was the matter."""
    slow = 0.3

    async def late(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(slow)
        await EMPTY(asked, writer)

    routes = {PODS: late, "/api/v1/namespaces/default": answer("{}", **JSON)}
    async with serving(tmp_path, routes) as (path, _):
        backend = KubernetesBackend(Cluster(path))
        await backend.warm()
        gaps: list[float] = []
        watching = asyncio.create_task(_watch(gaps))
        work = (backend.run(operation("kubectl get pods"), Limits(seconds=20)) for _ in range(60))
        done = await asyncio.gather(*work)
        watching.cancel()
        await backend.close()
    assert len(done) == 60
    assert max(gaps) < slow


async def _watch(gaps: list[float]) -> None:
    while True:
        before = time.monotonic()
        await asyncio.sleep(0.01)
        gaps.append(time.monotonic() - before)


async def test_an_answer_without_a_bottom_cannot_be_read(tmp_path: Path) -> None:
    for route in (answer("[" * 200_000, **JSON), answer("[" * 60_000, "404 Not Found", **JSON)):
        async with serving(tmp_path, {PODS: route}) as (path, _):
            with pytest.raises(TargetError):
                await carry_out(path, "kubectl get pods")


async def test_an_answer_that_drips_holds_no_thread(tmp_path: Path) -> None:
    """The threads are few: one that waited for the rest of a slow answer would soon be missed."""

    async def drip(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{")
        while not writer.is_closing():
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with serving(tmp_path, {PODS: drip}) as (path, _):
        cluster = Cluster(path)
        backend = KubernetesBackend(cluster)
        await backend.warm()
        with pytest.raises(TargetUnreachable, match="in time"):
            await backend.run(operation("kubectl get pods"), Limits(seconds=0.3))
        async with asyncio.timeout(5):
            while _reading():  # noqa: ASYNC110 - a thread sets no event
                await asyncio.sleep(0.02)
        await backend.close()


def _reading() -> bool:
    """Tell whether a thread still reads an answer."""
    frames = (traceback.extract_stack(frame) for frame in sys._current_frames().values())
    return any(step.name == "_read" and "kubernetes/connection" in step.filename for stack in frames for step in stack)

"""Requests that change something: foreseen, sent once, and looked up, on a real server."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from bot.errors import ChangeUnclear, TargetRefused, TargetUnreachable
from bot.operations.backend import Limits
from bot.operations.changing import Changer
from bot.operations.heads import HEADS
from bot.operations.http.backend import HttpBackend
from bot.operations.http.nouns import TcpConnect
from bot.operations.operation import Operation
from bot.operations.words import split
from tests.operations.http.conftest import loopback
from tests.operations.notebook import Notebook
from tests.servers.web import WebServer, answer, raw

SECRETS = {"api-token": "hunter2hunter2"}


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


@pytest.fixture
async def target() -> AsyncIterator[HttpBackend]:
    async with AsyncExitStack() as stack:
        backend = HttpBackend(["*.test"], private=True, secrets=SECRETS, resolve=loopback)
        stack.push_async_callback(backend.close)
        yield backend


@pytest.fixture
def curl(web: WebServer) -> Callable[[str], Operation]:
    """Read a line; `PORT` is the server's."""

    def read(line: str) -> Operation:
        text = line.replace("PORT", str(web.port))
        return HEADS["curl"](text, split(text)[0])

    return read


Curl = Callable[[str], Operation]


def test_a_web_server_is_a_changer(target: HttpBackend) -> None:
    assert isinstance(target, Changer)


async def test_what_reads_is_no_change(target: HttpBackend, curl: Curl, notebook: Notebook) -> None:
    for operation in (curl("curl http://api.test:PORT/"), TcpConnect("api.test", 80)):
        with pytest.raises(TargetRefused, match=r"^This is no request that changes something\.$"):
            await target.foresee(operation, Limits())
        with pytest.raises(TargetRefused):
            await target.change(operation, Limits(), notebook.deed)
        with pytest.raises(TargetRefused):
            await target.look(operation, Limits(), notebook.deed)


async def test_what_would_be_sent_is_said_by_its_names(target: HttpBackend, web: WebServer, curl: Curl) -> None:
    body = '{"question": "hunter3", "options": []}'
    line = f"curl -X POST 'http://api.test:PORT/polls?deep=hunter4' -H 'Authorization: Bearer $API_TOKEN' -d '{body}'"
    foresight = await target.foresee(curl(line), Limits())
    assert foresight.after == (
        f"POST http://api.test:{web.port}/polls with the headers authorization, content-type; the parameters deep; "
        "a body of 38 bytes (question, options)"
    )
    assert (foresight.reach, foresight.final, dict(foresight.world)) == ("api.test", False, {})
    assert "hunter" not in str((foresight.before, foresight.after, foresight.undo, foresight.rehearsal))
    assert web.asked == []


async def test_a_login_and_a_form_are_said_without_their_values(target: HttpBackend, curl: Curl) -> None:
    foresight = await target.foresee(
        curl("curl -u 'ada:$API_TOKEN' -d 'a=hunter4&b=2' http://api.test:PORT/x"), Limits()
    )
    assert "a login; a body of 13 bytes (a, b)" in foresight.after
    assert "hunter" not in foresight.after


async def test_a_deletion_is_final(target: HttpBackend, curl: Curl) -> None:
    foresight = await target.foresee(curl("curl -X DELETE http://api.test:PORT/polls/1"), Limits())
    assert foresight.final
    assert foresight.after.startswith("DELETE http://api.test:")
    assert foresight.after.endswith("/polls/1 with no body")


async def test_what_could_not_be_sent_is_refused_beforehand(target: HttpBackend, curl: Curl) -> None:
    with pytest.raises(TargetRefused, match="is not among the hosts"):
        await target.foresee(curl("curl -X POST http://elsewhere.example:PORT/"), Limits())
    with pytest.raises(TargetRefused, match="No value for other-token"):
        await target.foresee(curl("curl -X POST -H 'X-Key: $OTHER_TOKEN' http://api.test:PORT/"), Limits())


@pytest.mark.parametrize(
    ("method", "key"), [("POST", '"deed-1"'), ("PATCH", '"deed-1"'), ("PUT", None), ("DELETE", None)]
)
async def test_the_deed_goes_with_what_must_not_be_done_twice(
    target: HttpBackend, web: WebServer, curl: Curl, notebook: Notebook, method: str, key: str | None
) -> None:
    web.routes["/polls"] = answer("made", "201 Created")
    operation = curl(f"curl -X {method} http://api.test:PORT/polls")
    assert await target.look(operation, Limits(), notebook.deed) is None
    output = await target.change(operation, Limits(), notebook.deed)
    assert (output.text, output.code, output.facts["status"]) == ("made", 0, 201)
    assert web.asked[0].headers.get("idempotency-key") == key
    if key is None:
        assert await target.look(operation, Limits(), notebook.deed) is None
        return
    with pytest.raises(ChangeUnclear) as caught:
        await target.look(operation, Limits(), notebook.deed)
    assert str(caught.value) == (
        f"A {method} was sent to api.test, which cannot be asked whether it was done: look there."
    )


async def test_a_key_that_the_line_has_is_kept(
    target: HttpBackend, web: WebServer, curl: Curl, notebook: Notebook
) -> None:
    await target.change(curl("curl -X POST -H 'Idempotency-Key: own' http://api.test:PORT/"), Limits(), notebook.deed)
    assert web.asked[0].headers["idempotency-key"] == "own"


async def test_a_server_that_knows_the_key_does_the_work_once(
    target: HttpBackend, web: WebServer, curl: Curl, notebook: Notebook
) -> None:
    done: set[str] = set()

    async def once(asked: Any, writer: asyncio.StreamWriter) -> None:
        done.add(asked.headers["idempotency-key"])
        await answer(str(len(done)))(asked, writer)

    web.routes["/polls"] = once
    operation = curl("curl -X POST http://api.test:PORT/polls")
    texts = [(await target.change(operation, Limits(), notebook.deed)).text for _ in range(2)]
    assert texts == ["1", "1"]
    assert len(web.asked) == 2


@pytest.mark.parametrize("status", ["400 Bad Request", "404 Not Found", "409 Conflict", "500 Internal Server Error"])
async def test_a_refusal_is_an_exit_code(
    target: HttpBackend, web: WebServer, curl: Curl, notebook: Notebook, status: str
) -> None:
    web.routes["/polls"] = answer("sorry", status)
    output = await target.change(curl("curl -X POST http://api.test:PORT/polls"), Limits(), notebook.deed)
    assert (output.text, output.code) == ("sorry", 22)


async def test_a_server_that_cannot_now_has_not_done_it(
    target: HttpBackend, web: WebServer, curl: Curl, notebook: Notebook
) -> None:
    web.routes["/polls"] = answer("", "503 Service Unavailable")
    with pytest.raises(TargetRefused, match=r"^api\.test answered 503: it cannot do this now, and has not done it\.$"):
        await target.change(curl("curl -X POST http://api.test:PORT/polls"), Limits(), notebook.deed)


@pytest.mark.parametrize(
    ("route", "says"),
    [
        (answer("", "502 Bad Gateway"), r"^api\.test answered 502: what is behind it gave no answer, and may have"),
        (answer("", "504 Gateway Timeout"), r"^api\.test answered 504: what is behind it gave no answer, and may have"),
        (raw(), r"gave no answer that is HTTP, or only the beginning of one\. It may have been done\.$"),
        (raw(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"), r"It may have been done\.$"),
        (raw(hang=True), r"^api\.test did not finish its answer within 0\.3 seconds\. It may have been done\.$"),
    ],
)
async def test_an_answer_that_does_not_come_is_unclear(
    target: HttpBackend, web: WebServer, curl: Curl, notebook: Notebook, route: Any, says: str
) -> None:
    web.routes["/polls"] = route
    with pytest.raises(ChangeUnclear, match=says):
        await target.change(curl("curl -X POST http://api.test:PORT/polls"), Limits(seconds=0.3), notebook.deed)
    assert len(web.asked) == 1


async def test_a_deletion_that_is_sent_again_may_find_nothing(
    target: HttpBackend, web: WebServer, curl: Curl, notebook: Notebook
) -> None:
    operation = curl("curl -X DELETE http://api.test:PORT/polls/1")
    assert (await target.change(operation, Limits(), notebook.deed)).code == 22
    web.routes["/polls/1"] = raw()
    with pytest.raises(ChangeUnclear):
        await target.change(operation, Limits(), notebook.deed)
    assert await target.look(operation, Limits(), notebook.deed) is None
    web.routes["/polls/1"] = answer("no such poll", "404 Not Found")
    output = await target.change(operation, Limits(), notebook.deed)
    assert (output.text, output.code) == (
        "api.test answered 404: it is gone, as an earlier try may have brought about.",
        0,
    )


async def test_what_was_never_sent_was_not_done(target: HttpBackend, notebook: Notebook) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        line = f"curl -X POST http://api.test:{closed.getsockname()[1]}/"
        with pytest.raises(TargetUnreachable, match="connection refused"):
            await target.change(HEADS["curl"](line, split(line)[0]), Limits(), notebook.deed)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        line = f"curl -X POST https://api.test:{silent.getsockname()[1]}/"
        with pytest.raises(TargetUnreachable):
            await target.change(HEADS["curl"](line, split(line)[0]), Limits(seconds=0.3), notebook.deed)

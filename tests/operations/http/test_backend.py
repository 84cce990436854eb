"""A web target, on a real server."""

import asyncio
import base64
import contextlib
import gzip
import json
import socket
import time
import zlib
from collections.abc import Awaitable, Callable

import pytest

from bot.errors import AnswerUnreadable, TargetRefused, TargetUnreachable
from bot.operations.backend import Limits
from bot.operations.http.backend import HttpBackend
from bot.operations.http.nouns import TcpConnect
from bot.operations.output import Output
from tests.servers.web import WebServer, answer, endless, raw

Ask = Callable[..., Awaitable[Output]]


async def test_an_answer_is_its_body_and_its_facts(web: WebServer, ask: Ask) -> None:
    web.routes["/health"] = answer('{"status": "healthy"}', content_type="application/json")
    output = await ask("curl http://api.test:PORT/health?deep=1")
    assert json.loads(output.text) == {"status": "healthy"}
    assert output.facts["status"] == 200
    assert output.facts["size"] == len(output.text)
    assert output.facts["content-type"] == "application/json"
    assert 0 < float(output.facts["seconds"]) < 5
    asked = web.asked[0]
    assert (asked.method, asked.target) == ("GET", "/health?deep=1")
    assert asked.headers["host"] == f"api.test:{web.port}"
    assert asked.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden", "503 Service Unavailable"])
async def test_a_failure_is_an_answer_and_with_f_an_exit_code(web: WebServer, ask: Ask, status: str) -> None:
    web.routes["/health"] = answer("sorry", status)
    plain = await ask("curl http://api.test:PORT/health")
    assert (plain.text, plain.code, plain.facts["status"]) == ("sorry", 0, int(status[:3]))
    failed = await ask("curl -f http://api.test:PORT/health")
    assert failed.code == 22
    assert failed.text.startswith(f"HTTP {status}: ")
    assert failed.facts["status"] == int(status[:3])


async def test_what_is_sent_arrives(web: WebServer, ask: Ask) -> None:
    web.routes["/polls"] = answer("made", "201 Created")
    body = '{"question":"Test?","options":["A","B"]}'
    output = await ask(f"curl -X POST http://api.test:PORT/polls -H 'Content-Type: application/json' -d '{body}'")
    assert output.facts["status"] == 201
    assert web.asked[0].body == body.encode()
    assert web.asked[0].headers["content-type"] == "application/json"
    await ask("curl -X POST http://api.test:PORT/polls")
    assert web.asked[1].headers["content-length"] == "0"
    await ask("curl -G --data-urlencode 'query=rate(x{a=\"b\"}[5m])' http://api.test:PORT/polls")
    assert web.asked[2].target == "/polls?query=rate%28x%7Ba%3D%22b%22%7D%5B5m%5D%29"


async def test_heads_and_formats(web: WebServer, ask: Ask) -> None:
    web.routes["/"] = answer("hello", x_version="7", set_cookie="session=abcdef; Path=/")
    head = await ask("curl -I http://www.test:PORT")
    assert head.text.splitlines()[0] == "HTTP/1.1 200 OK"
    assert "x-version: 7" in head.text
    assert "abcdef" not in head.text
    assert web.asked[0].method == "HEAD"
    both = await ask("curl -i http://www.test:PORT")
    assert both.text.endswith("\n\nhello")
    code = await ask(r"curl -s -o /dev/null -w '%{http_code} %{size_download}\n' http://www.test:PORT")
    assert code.text == "200 5\n"


async def test_secrets_are_filled_and_never_shown(web: WebServer, ask: Ask) -> None:
    secrets = {"token": "s3cr3t/+token", "password": "hunter2!"}

    async def echo(asked: object, writer: asyncio.StreamWriter) -> None:
        await answer(repr(asked))(web.asked[-1], writer)

    web.routes["/echo"] = echo
    line = "curl -H 'X-Token: $TOKEN' 'http://api.test:PORT/echo?access_token=${TOKEN}&again=$TOKEN'"
    output = await ask(line, secrets=secrets)
    assert web.asked[0].target == "/echo?access_token=s3cr3t%2F%2Btoken&again=s3cr3t%2F%2Btoken"
    assert web.asked[0].headers["x-token"] == "s3cr3t/+token"
    assert "s3cr3t" not in output.text
    assert "•••" in output.text
    await ask("curl -u 'ops:$PASSWORD' http://api.test:PORT/echo", secrets=secrets)
    assert base64.b64decode(web.asked[1].headers["authorization"].split()[1]) == b"ops:hunter2!"
    await ask('curl --json \'{"k": "$QUOTED"}\' http://api.test:PORT/echo', secrets={"quoted": 'a"b'})
    assert json.loads(web.asked[2].body) == {"k": 'a"b'}


async def test_a_parameter_is_never_filled_with_a_secret(web: WebServer, ask: Ask) -> None:
    web.routes["/$TOKEN"] = answer("literal")
    output = await ask(
        "curl -H 'X-Token: $TOKEN' http://api.test:PORT/<path>", secrets={"token": "hunter2"}, path="$TOKEN"
    )
    assert output.text == "literal"


async def test_a_hole_that_nothing_fills_is_refused(ask: Ask) -> None:
    with pytest.raises(TargetRefused, match="No value for alert-id, token"):
        await ask("curl 'http://api.test:PORT/<alert-id>?t=$TOKEN'")


async def test_redirects_are_followed_only_when_asked(web: WebServer, ask: Ask) -> None:
    web.routes["/old"] = answer("moved", "301 Moved Permanently", location="/new")
    web.routes["/new"] = answer("here")
    assert (await ask("curl http://api.test:PORT/old")).text == "moved"
    output = await ask("curl -L -d a=1 http://api.test:PORT/old")
    assert (output.text, output.facts["redirects"]) == ("here", 1)
    assert [(asked.method, asked.body) for asked in web.asked[-2:]] == [("POST", b"a=1"), ("GET", b"")]


async def test_a_redirect_to_another_site_gets_no_secrets(web: WebServer, ask: Ask) -> None:
    web.routes["/a"] = answer("", "307 Temporary Redirect", location=f"http://other.test:{web.port}/b")
    web.routes["/b"] = answer("there")
    line = "curl -L -u 'ops:$TOKEN' -H 'X-Token: $TOKEN' -H 'X-Kind: probe' http://api.test:PORT/a"
    assert (await ask(line, secrets={"token": "hunter2"})).text == "there"
    first, second = web.asked
    assert first.headers["x-token"] == "hunter2"
    assert "authorization" in first.headers
    assert {"x-token", "authorization"}.isdisjoint(second.headers)
    assert second.headers["x-kind"] == "probe"
    with pytest.raises(TargetRefused, match="must not see the secret"):
        await ask("curl -L -d 'k=$TOKEN' http://api.test:PORT/a", secrets={"token": "hunter2"})


async def test_redirects_end(web: WebServer, ask: Ask) -> None:
    web.routes["/a"] = answer("", "302 Found", location="/a")
    with pytest.raises(AnswerUnreadable, match="more than 5 times"):
        await ask("curl -L http://api.test:PORT/a")
    assert len(web.asked) == 6


async def test_a_body_that_never_ends_is_cut(web: WebServer, ask: Ask) -> None:
    web.routes["/log"] = endless(b"line\n" * 10_000)
    output = await ask("curl http://api.test:PORT/log", Limits(size=1_000_000))
    assert len(output.text) == 1_000_000
    assert "the rest behind 1,000,000 bytes" in output.cut


async def test_a_slow_drip_is_given_up(web: WebServer, ask: Ask) -> None:
    web.routes["/drip"] = raw(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nx", hang=True)
    started = time.monotonic()
    with pytest.raises(TargetUnreachable, match=r"api\.test did not finish its answer within 0\.2 seconds"):
        await ask("curl http://api.test:PORT/drip", Limits(seconds=0.2))
    with pytest.raises(TargetUnreachable, match=r"within 0\.1 seconds"):
        await ask("curl -m 0.1 http://api.test:PORT/drip")
    assert time.monotonic() - started < 5


async def test_a_compressed_answer_is_not_unfolded(web: WebServer, ask: Ask) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    web.routes["/bomb"] = answer(bomb, content_encoding="gzip")
    output = await ask("curl http://api.test:PORT/bomb")
    assert output.text == f"compressed (gzip), {len(bomb):,} bytes"


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "image/png", "binary, 10 bytes"),
        (b"\xff\xfe\xfd", "text/plain", "binary, 3 bytes"),
        ("Grüße".encode("latin-1"), "text/plain; charset=ISO-8859-1", "Grüße"),
        ("Grüße".encode(), "", "Grüße"),
        (b"abc", "text/plain; charset=nonsense", "binary, 3 bytes"),
        (b"abc", "text/plain; charset=base64", "binary, 3 bytes"),
    ],
)
async def test_what_is_not_text_is_described(web: WebServer, ask: Ask, body: bytes, kind: str, text: str) -> None:
    web.routes["/"] = answer(body, content_type=kind)
    assert (await ask("curl http://www.test:PORT")).text == text


async def test_a_letter_that_the_limit_cuts_in_two_does_not_make_it_binary(web: WebServer, ask: Ask) -> None:
    web.routes["/"] = answer("ü" * 100)
    assert (await ask("curl http://www.test:PORT", Limits(size=101))).text == "ü" * 50


@pytest.mark.parametrize(
    "pieces",
    [
        [b"SSH-2.0-OpenSSH_9.2\r\n"],
        [],
        [b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nshort"],
        [b"HTTP/1.1 200 OK\r\nx: ", b"y" * 200_000],
    ],
)
async def test_nonsense_is_one_clear_error(web: WebServer, ask: Ask, pieces: list[bytes]) -> None:
    web.routes["/"] = raw(*pieces)
    with pytest.raises(AnswerUnreadable, match=r"www\.test gave no answer that is HTTP"):
        await ask("curl http://www.test:PORT")


async def test_headers_outside_ascii_are_sent(web: WebServer, ask: Ask) -> None:
    web.routes["/"] = answer("ok")
    assert (await ask("curl -H 'X-Team: Köln' http://www.test:PORT/")).text == "ok"


@pytest.mark.parametrize("charset", ["zlib", "bz2", "hex", "rot13", "idna", "nonsense"])
async def test_what_is_no_charset_unfolds_nothing(web: WebServer, ask: Ask, charset: str) -> None:
    web.routes["/"] = answer(zlib.compress(b"x" * 1_000_000), content_type=f"text/plain; charset={charset}")
    assert (await ask("curl http://www.test:PORT/")).text.startswith("binary, ")


async def test_a_login_that_comes_back_as_it_was_sent_is_hidden(web: WebServer, ask: Ask) -> None:
    sent = base64.b64encode(b"ops:hunter2").decode()
    web.routes["/"] = answer(f"you sent {sent}")
    output = await ask("curl -u 'ops:$PASSWORD' http://www.test:PORT/", secrets={"password": "hunter2"})
    assert web.asked[0].headers["authorization"] == f"Basic {sent}"
    assert output.text == "you sent •••"


async def test_looking_a_name_up_is_a_part_of_the_time() -> None:
    """A port that never answers behind a name that is found late: both have one limit together."""

    async def late(_host: str, _port: int) -> list[str]:
        await asyncio.sleep(0.3)
        return ["127.0.0.1"]

    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        port = full.getsockname()[1]
        with contextlib.ExitStack() as held:
            for _ in range(8):  # the queue is full then, and nobody takes from it
                waiting = held.enter_context(socket.socket())
                waiting.setblocking(False)
                waiting.connect_ex(("127.0.0.1", port))
            backend = HttpBackend(["db.test"], private=True, resolve=late)
            started = time.monotonic()
            output = await backend.run(TcpConnect("db.test", port), Limits(seconds=0.5))
            assert (output.code, time.monotonic() - started < 0.75) == (1, True)

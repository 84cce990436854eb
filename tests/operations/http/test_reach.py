"""Where a web target may reach: hosts, addresses, certificates, ports."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Sequence

import pytest

from bot.errors import TargetError, TargetRefused, TargetUnreachable
from bot.operations.backend import Limits
from bot.operations.heads import HEADS
from bot.operations.http.backend import HttpBackend
from bot.operations.http.hosts import Resolve, is_listed, may_connect
from bot.operations.output import Output
from bot.operations.prometheus.nouns import PromQuery
from bot.operations.words import split
from tests.operations.http.conftest import loopback, serving, trusting
from tests.servers.certificates import Certificate
from tests.servers.web import WebServer, answer, running

Certificates = Callable[[str, int], Certificate]


async def run(
    line: str,
    hosts: Sequence[str] = ("*.test",),
    *,
    private: bool = True,
    tls: ssl.SSLContext | None = None,
    resolve: Resolve = loopback,
) -> Output:
    backend = HttpBackend(hosts, private=private, tls=tls, resolve=resolve)
    try:
        part = split(line)[0]
        return await backend.run(HEADS[part[0].text](line, part), Limits(seconds=5))
    finally:
        await backend.close()


async def failure(line: str, **more: object) -> TargetError:
    with pytest.raises(TargetError) as caught:
        await run(line, **more)  # type: ignore[arg-type]
    assert caught.value.__cause__ is None
    return caught.value


@pytest.mark.parametrize(
    ("host", "port", "entry", "listed"),
    [
        ("api.shop.test", 443, "api.shop.test", True),
        ("API.shop.test.", 443, "api.shop.test", True),
        ("api.shop.test", 443, "*.shop.test", True),
        ("a.b.shop.test", 443, "*.shop.test", True),
        ("shop.test", 443, "*.shop.test", False),
        ("evilshop.test", 443, "*.shop.test", False),
        ("api.shop.test.evil.test", 443, "api.shop.test", False),
        ("api.shop.test", 6379, "api.shop.test", True),
        ("api.shop.test", 6379, "api.shop.test:443", False),
        ("api.shop.test", 443, "api.shop.test:443", True),
        ("::1", 80, "[::1]:80", True),
        ("::1", 80, "::1", True),
    ],
)
def test_hosts_are_listed_exactly_or_by_suffix(host: str, port: int, entry: str, listed: bool) -> None:
    assert is_listed(host, port, [entry]) is listed


@pytest.mark.parametrize(
    ("address", "public", "private"),
    [
        ("93.184.216.34", True, True),
        ("2606:2800:220:1:248:1893:25c8:1946", True, True),
        ("127.0.0.1", False, True),
        ("10.1.2.3", False, True),
        ("172.16.0.1", False, True),
        ("192.168.1.1", False, True),
        ("100.64.0.1", False, True),
        ("::1", False, True),
        ("fd12::1", False, True),
        ("::ffff:10.0.0.1", False, True),
        ("64:ff9b::a00:1", False, True),
        ("2002:0a00:0001::", False, True),
        ("169.254.169.254", False, False),
        ("::ffff:169.254.169.254", False, False),
        ("fe80::1%eth0", False, False),
        ("fd00:ec2::254", False, False),
        ("100.100.100.200", False, False),
        ("0.0.0.0", False, False),
        ("::", False, False),
        ("224.0.0.1", False, False),
        ("nonsense", False, False),
    ],
)
def test_addresses_that_may_be_asked(address: str, public: bool, private: bool) -> None:
    assert may_connect(address, private=False) is public
    assert may_connect(address, private=True) is private


async def test_a_host_that_is_not_listed_is_never_looked_up() -> None:
    looked_up = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        looked_up.append(host)
        return ["127.0.0.1"]

    error = await failure("curl http://other.example/", resolve=resolve)
    assert isinstance(error, TargetRefused)
    assert "other.example (port 80) is not among the hosts" in str(error)
    assert not looked_up


async def test_a_redirect_to_a_host_that_is_not_listed_ends_there(web: WebServer) -> None:
    for where in ("http://metadata.example/", "//metadata.example/x", "http://169.254.169.254/latest"):
        web.routes["/"] = answer("", "302 Found", location=where)
        error = await failure(f"curl -L http://api.test:{web.port}/")
        assert "is not among the hosts" in str(error)
    web.routes["/"] = answer("", "302 Found", location="file:///etc/passwd")
    assert "neither http nor https" in str(await failure(f"curl -L http://api.test:{web.port}/"))
    assert len(web.asked) == 4


@pytest.mark.parametrize("found", [["127.0.0.1"], ["10.0.0.7"], ["93.184.216.34", "192.168.0.1"], ["::1"]])
async def test_a_name_that_leads_to_a_private_address_is_refused(web: WebServer, found: list[str]) -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return found

    error = await failure(f"curl http://api.test:{web.port}/", private=False, resolve=resolve)
    assert isinstance(error, TargetRefused)
    assert "private address" in str(error)
    assert not web.asked


async def test_a_cloud_machines_own_address_is_refused_even_where_private_ones_are_not() -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return ["169.254.169.254"]

    assert "never asked" in str(await failure("curl http://api.test/", resolve=resolve))


async def test_the_address_that_was_checked_is_the_one_that_is_used(web: WebServer) -> None:
    web.routes["/"] = answer("once")
    answers = iter([["127.0.0.1"]])

    async def rebinding(host: str, port: int) -> Sequence[str]:
        return next(answers, ["10.255.255.1"])

    assert (await run(f"curl http://rebind.test:{web.port}/", resolve=rebinding)).text == "once"


async def test_the_next_address_is_tried_when_one_does_not_answer(web: WebServer) -> None:
    web.routes["/"] = answer("second")

    async def resolve(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.99", "127.0.0.1"]

    assert (await run(f"curl http://two.test:{web.port}/", resolve=resolve)).text == "second"


async def test_names_and_ports_that_do_not_answer(web: WebServer) -> None:
    async def unknown(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(-2, "Name or service not known")

    error = await failure("curl http://gone.test/", resolve=unknown)
    assert isinstance(error, TargetUnreachable)
    assert "gone.test is not known" in str(error)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        error = await failure(f"curl http://api.test:{closed.getsockname()[1]}/")
    assert str(error) == "api.test does not answer: connection refused."


async def test_a_trusted_certificate_says_when_it_expires(certificates: Certificates) -> None:
    good = certificates("shop.test", 30)
    async with running({"/": answer("safe")}, serving(good)) as web:
        output = await run(f"curl https://shop.test:{web.port}/", ["shop.test"], tls=trusting(good))
    assert output.text == "safe"
    assert 29 < float(output.facts["expires-days"]) <= 30


@pytest.mark.parametrize(
    ("host", "days", "trusted", "why"),
    [
        ("shop.test", -1, True, "has expired"),
        ("shop.test", 30, False, "is signed by itself"),
        ("other.test", 30, True, "is for another host"),
    ],
)
async def test_a_bad_certificate_is_named(
    certificates: Certificates, host: str, days: int, trusted: bool, why: str
) -> None:
    shown = certificates(host, days)
    tls = trusting(shown) if trusted else trusting()
    async with running({"/": answer("secret")}, serving(shown)) as web:
        error = await failure(f"curl https://shop.test:{web.port}/", hosts=["shop.test"], tls=tls)
        assert not web.asked
    assert isinstance(error, TargetRefused)
    assert str(error) == f"The certificate of shop.test {why}."


async def test_http_where_https_is_spoken_and_the_other_way_round(certificates: Certificates, web: WebServer) -> None:
    error = await failure(f"curl https://api.test:{web.port}/")
    assert "TLS" in str(error)
    good = certificates("shop.test", 30)
    async with running({"/": answer("safe")}, serving(good)) as secured:
        assert isinstance(await failure(f"curl http://api.test:{secured.port}/"), TargetError)


async def test_a_handshake_that_hangs_is_given_up() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        error = await failure(f"curl -m 1 https://api.test:{silent.getsockname()[1]}/")
    assert str(error) == "api.test does not answer: no connection in time."


async def test_a_port_that_takes_connections_and_one_that_does_not(web: WebServer) -> None:
    opened = await run(f"telnet db.test {web.port}")
    assert (opened.code, opened.facts["status"]) == (0, "open")
    assert f"db.test:{web.port} takes connections" in opened.text
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        refused = await run(f"nc -z db.test {port}")
    assert (refused.code, refused.text) == (1, f"db.test:{port} takes no connection: connection refused")
    assert "is not among the hosts" in str(await failure("tcp db.example 5432"))
    assert "No value for port" in str(await failure("tcp db.test <port>"))


async def test_a_name_server_that_hangs_is_given_up() -> None:
    async def hanging(host: str, port: int) -> Sequence[str]:
        await asyncio.Event().wait()
        return []

    assert "within 0.1 seconds" in str(await failure("curl -m 0.1 http://api.test/", resolve=hanging))
    assert "within 0.1 seconds" in str(await failure("nc -z -w 0.1 api.test 80", resolve=hanging))


async def test_the_machines_own_trust_is_used_when_no_other_is_given(certificates: Certificates) -> None:
    async with running({}, serving(certificates("shop.test", 30))) as web:
        assert "signed by itself" in str(await failure(f"curl https://shop.test:{web.port}/"))


async def test_an_operation_of_another_kind_is_refused() -> None:
    with pytest.raises(TargetRefused, match="not a curl line"):
        await HttpBackend([]).run(PromQuery("up"), Limits())

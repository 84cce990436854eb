"""Hosts that are somewhere else than their names say."""

import ssl
from collections.abc import Sequence

import pytest

from bot.errors import TargetRefused
from bot.operations.backend import Limits
from bot.operations.heads import HEADS
from bot.operations.http.backend import HttpBackend
from bot.operations.http.places import Place, read_places, way_to
from bot.operations.output import Output
from bot.operations.words import split
from tests.operations.http.conftest import serving, trusting
from tests.operations.http.test_reach import Certificates
from tests.servers.web import WebServer, answer, running


async def _nowhere(host: str, _port: int) -> Sequence[str]:
    raise AssertionError(f"{host} was looked up")


async def ask(line: str, places: str, tls: ssl.SSLContext | None = None) -> Output:
    backend = HttpBackend(["*.test"], places=read_places(places), resolve=_nowhere, tls=tls)
    try:
        part = split(line)[0]
        return await backend.run(HEADS[part[0].text](line, part), Limits(seconds=5))
    finally:
        await backend.close()


def test_places_are_read() -> None:
    assert read_places(" api.shop.test=10.0.0.7:8443,*.shop.test = http://10.0.0.8 , DB.test:5432=[fd00::1]:6432,") == {
        "api.shop.test": Place("10.0.0.7", 8443),
        "*.shop.test": Place("10.0.0.8", plain=True),
        "db.test:5432": Place("fd00::1", 6432),
    }
    assert read_places("") == {}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("api.shop.test", "behind api.shop.test= there is no IP address"),
        ("10.0.0.7:80", "behind 10.0.0.7:80= there is no IP address"),
        ("=10.0.0.7", "part 1 has no host"),
        ("a.test=10.0.0.7,http://b.test=10.0.0.8", "part 2 has no host"),
        ("a.test=other.test", "no IP address"),
        ("a.test=10.0.0.7:0", "no IP address"),
        ("a.test=10.0.0.7:65536", "no IP address"),
        ("a.test=999.0.0.1", "no IP address"),
        ("a.test=169.254.169.254", "an address that is never asked"),
        ("a.test=[::ffff:169.254.169.254]", "an address that is never asked"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        read_places(text)


def test_a_secret_behind_the_equals_sign_is_not_repeated() -> None:
    with pytest.raises(ValueError, match=r"behind a\.test=") as caught:
        read_places("a.test=http://name:hunter2@10.0.0.7")
    assert "hunter2" not in str(caught.value)


def test_the_first_place_that_fits_counts() -> None:
    places = read_places("api.shop.test:9000=10.0.0.1,api.shop.test=10.0.0.2:1,*.shop.test=10.0.0.3")
    found = [way_to("api.shop.test", 9000, places), way_to("api.shop.test", 443, places)]
    assert [(way.addresses[0], way.port) for way in found if way] == [("10.0.0.1", 9000), ("10.0.0.2", 1)]
    assert way_to("shop.test", 443, places) is None


async def test_a_host_with_a_place_is_asked_there_under_its_own_name(web: WebServer) -> None:
    web.routes["/health"] = answer("fine")
    output = await ask("curl -f https://api.shop.test/health", f"api.shop.test=http://127.0.0.1:{web.port}")
    assert output.text == "fine"
    assert web.asked[0].headers["host"] == "api.shop.test"


async def test_tls_still_asks_for_a_certificate_of_the_name(certificates: Certificates) -> None:
    mine, other = certificates("api.shop.test", 30), certificates("other.test", 30)
    async with running({"/": answer("fine")}, serving(mine)) as web:
        line, places = "curl https://api.shop.test/", f"api.shop.test=127.0.0.1:{web.port}"
        assert (await ask(line, places, trusting(mine))).text == "fine"
        with pytest.raises(TargetRefused, match="certificate"):
            await ask(line, places, trusting(other))


async def test_a_host_that_is_not_listed_has_no_place_either(web: WebServer) -> None:
    with pytest.raises(TargetRefused, match="not among the hosts"):
        await ask("curl https://evil.example/", f"evil.example=http://127.0.0.1:{web.port}")


async def test_a_redirect_goes_to_the_place_of_the_next_host(web: WebServer) -> None:
    web.routes["/"] = answer("", "302 Found", location="https://b.test/there")
    web.routes["/there"] = answer("arrived")
    here = f"http://127.0.0.1:{web.port}"
    assert (await ask("curl -L https://a.test/", f"a.test={here},b.test={here}")).text == "arrived"


async def test_a_port_is_looked_at_where_the_place_says(web: WebServer) -> None:
    output = await ask("tcp db.test 5432", f"db.test:5432=127.0.0.1:{web.port}")
    assert output.text.startswith("db.test:5432 takes connections")

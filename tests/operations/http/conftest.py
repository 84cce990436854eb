"""A web server and a target that reaches it under names of its own; certificates for the run."""

import ssl
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack

import pytest

from bot.operations.backend import Limits
from bot.operations.heads import HEADS
from bot.operations.http.backend import HttpBackend
from bot.operations.output import Output
from bot.operations.words import split
from tests.servers.certificates import Certificate, make
from tests.servers.web import WebServer, running


async def loopback(_host: str, _port: int) -> Sequence[str]:
    """Say that every name is this machine."""
    return ["127.0.0.1"]


@pytest.fixture
async def web() -> AsyncIterator[WebServer]:
    """Start a web server without routes."""
    async with running({}) as server:
        yield server


@pytest.fixture
async def ask(web: WebServer) -> AsyncIterator[Callable[..., object]]:
    """Return what carries a line out: `{}` in it is the server's port, and all names under `.test` lead to it."""
    async with AsyncExitStack() as stack:

        async def carry_out(
            line: str, limits: Limits | None = None, secrets: Mapping[str, str] | None = None, **more: str
        ) -> Output:
            text = line.replace("PORT", str(web.port))
            backend = HttpBackend(["*.test"], private=True, secrets=secrets, resolve=loopback)
            stack.push_async_callback(backend.close)
            part = split(text, more)[0]
            return await backend.run(HEADS[part[0].text](text, part), limits or Limits())

        yield carry_out


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, int], Certificate]:
    """Return what makes a certificate for a host and days, each once."""
    made: dict[tuple[str, int], Certificate] = {}

    def get(host: str, days: int) -> Certificate:
        if (host, days) not in made:
            made[host, days] = make(tmp_path_factory.mktemp("certificate"), host, days)
        return made[host, days]

    return get


def serving(certificate: Certificate) -> ssl.SSLContext:
    """Return what a server needs to show a certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.path, certificate.key)
    return context


def trusting(*certificates: Certificate) -> ssl.SSLContext:
    """Return what a client needs to trust these and no others."""
    context = ssl.create_default_context()
    for certificate in certificates:
        context.load_verify_locations(certificate.path)
    return context

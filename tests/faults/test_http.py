"""HTTP mode: signed requests on the same path as the socket's."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.store import incidents
from sandbox.slack.doors.http import signature
from tests.faults.room import declared, works
from tests.kill.evidence import check_channels
from tests.servers.postgres import Postgres
from tests.world import World, world


@pytest.fixture(name="web")
async def _web(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path, socket=False) as made:
        yield made


def url(web: World, path: str) -> str:
    return f"http://127.0.0.1:{web.bot.port}{path}"


def command(web: World, text: str, trigger: str = "1.2.3") -> str:
    return urlencode(
        {
            "command": "/incident",
            "text": text,
            "trigger_id": trigger,
            "user_id": web.person("olivia"),
            "channel_id": web.channel("general"),
            "channel_name": "general",
            "team_id": web.workspace.team_id,
        }
    )


async def send(web: World, body: str, *, secret: str | None = None, age: int = 0, retry: int = 0) -> int:
    """Send a request as Slack signs it and return the status of the answer."""
    again = {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"} if retry else {}
    stamp = str(int(time.time()) - age)
    signed = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature(secret or web.workspace.secrets.signing_secret, stamp, body),
    }
    async with (
        aiohttp.ClientSession() as session,
        session.post(url(web, "/slack/events"), data=body, headers=signed | again) as answer,
    ):
        return answer.status


async def open_incidents(web: World) -> int:
    async with web.bot.store.read() as connection:
        return await incidents.count_open(connection, ["social-live"])


async def test_declares_like_the_socket_does(web: World) -> None:
    room = await declared(web)
    await works(web, room)
    check_channels(web, 1)


async def test_a_wrong_signature_and_an_old_one_are_refused(web: World) -> None:
    body = command(web, "declare P1 social-live checkout returns 500")
    assert await send(web, body, secret="somebody else's") == 401
    assert await send(web, body, age=600) == 401
    assert await open_incidents(web) == 0


async def test_a_delivery_that_slack_repeats_counts_once(web: World) -> None:
    body = command(web, "declare P1 social-live checkout returns 500")
    assert await send(web, body) == 200
    assert await send(web, body, retry=1) == 200
    await web.room()
    assert await open_incidents(web) == 1
    await web.until(lambda: web.calls("conversations.create"))
    check_channels(web, 1)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_health(web: World, path: str) -> None:
    async with aiohttp.ClientSession() as session, session.get(url(web, path)) as answer:
        assert answer.status == 200


async def test_it_is_alive_but_not_ready_while_the_store_is_away(
    tmp_path: Path, postgres: Postgres, postgres_address: str
) -> None:
    async with (
        world(tmp_path, socket=False, database_url=postgres_address, dead_after=60.0) as web,
        aiohttp.ClientSession() as session,
    ):
        postgres.signal(signal.SIGSTOP)
        try:
            async with session.get(url(web, "/readyz")) as answer:
                assert answer.status == 503
                assert (await answer.json())["checks"]["store"] != "ok"
            async with session.get(url(web, "/healthz")) as answer:
                assert answer.status == 200
        finally:
            postgres.signal(signal.SIGCONT)
        async with session.get(url(web, "/readyz")) as answer:
            assert await answer.json() == {"status": "ready", "checks": {"store": "ok"}}


async def test_what_is_too_long_is_not_read_to_its_end(web: World) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 100_000

    async with aiohttp.ClientSession() as session, session.post(url(web, "/slack/events"), data=endless()) as answer:
        assert answer.status == 413
    await declared(web)


async def test_a_request_that_never_ends_does_not_keep_the_program_from_ending(tmp_path: Path) -> None:
    async with world(tmp_path, socket=False, start=False) as made:
        async with asyncio.timeout(10), made.running():
            _, writer = await asyncio.open_connection("127.0.0.1", made.bot.port)
            writer.write(b"POST /slack/events HTTP/1.1\r\nHost: here\r\nContent-Length: 100\r\n\r\nhalf")
            await writer.drain()
        writer.close()

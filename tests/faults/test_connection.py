"""The way from Slack to us: it opens although Slack is away, it comes back, and it does not tell what is secret."""

import asyncio
import logging
from pathlib import Path

import pytest

from bot.errors import SettingsError
from sandbox.slack.doors import SocketDoor
from sandbox.slack.faults import Fault
from tests.faults.test_http import command, send
from tests.world import World, world


def door(world: World) -> SocketDoor:
    assert isinstance(world.workspace.door, SocketDoor)
    return world.workspace.door


async def cut(world: World) -> None:
    await world.workspace.cut_sockets(None)
    await world.until(lambda: not door(world).connections)


async def answered(world: World) -> None:
    await world.until(lambda: door(world).connections)
    assert (await world.say("/incident list")).acked
    await world.answer(holding="No open incidents")


async def test_a_wrong_token_is_named(tmp_path: Path) -> None:
    async with world(tmp_path, start=False, slack_app_token="xapp-1-wrong") as made:
        with pytest.raises(SettingsError, match=r"Slack does not accept OPSROOM_SLACK_APP_TOKEN: invalid_auth\."):
            async with made.running():
                pass


@pytest.mark.parametrize("kind", ["http_500", "cut_before", "rate_limited"])
async def test_it_starts_and_stops_while_slack_is_away(tmp_path: Path, kind: str) -> None:
    async with world(tmp_path, start=False) as made:
        fault = Fault(method="apps.connections.open", kind=kind, retry_after=60, times=None)  # type: ignore[arg-type]
        made.workspace.faults.add(fault)
        async with asyncio.timeout(12), made.running():
            pass


async def test_it_starts_before_slack_is_there(tmp_path: Path) -> None:
    async with world(tmp_path, start=False) as made:
        made.workspace.faults.add(Fault(method="*", kind="cut_before", times=None))
        async with made.running():
            made.workspace.faults.clear()
            await answered(made)


async def test_it_comes_back_although_its_address_is_spent(world: World, caplog: pytest.LogCaptureFixture) -> None:
    await answered(world)
    ticket = door(world).ticket
    door(world).ticket = lambda: "spent"  # type: ignore[method-assign]
    await cut(world)
    await world.until(lambda: "Failed to connect" in caplog.text)
    door(world).ticket = ticket  # type: ignore[method-assign]
    await answered(world)
    assert "/socket/" not in caplog.text


async def test_an_acknowledgement_does_not_wait_until_we_know_who_we_are(tmp_path: Path) -> None:
    async with world(tmp_path, socket=False, start=False) as made:
        made.workspace.faults.add(Fault(method="auth.test", kind="http_500", times=None))
        async with made.running(), asyncio.timeout(3):
            assert await send(made, command(made, "list")) == 200


async def test_the_most_talkative_log_holds_no_secret(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with world(tmp_path) as made:
        await answered(made)
        await cut(made)
        await answered(made)
        secrets = made.workspace.secrets
    urls = [str(call.args.get("response_url", "")) for call in made.workspace.calls]
    for secret in ("/socket/", 'response_url"', secrets.bot_token, secrets.app_token, *filter(None, urls)):
        assert secret not in caplog.text

"""Socket Mode: hello, envelopes, acknowledgements, redelivery, disconnects; with a bare WebSocket and the SDK."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from sandbox.slack.doors import SocketDoor
from tests.sandbox.slack.world import World, ears, refusal, until

Socket = aiohttp.ClientWebSocketResponse


@asynccontextmanager
async def socket(world: World) -> AsyncIterator[Socket]:
    """Open one connection, by hand; the hello is still to be read."""
    url = (await world.client.apps_connections_open(app_token=world.workspace.secrets.app_token))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as connected:
        yield connected


def door(world: World) -> SocketDoor:
    assert isinstance(world.workspace.door, SocketDoor)
    return world.workspace.door


def typing(world: World, line: str = "/probe") -> asyncio.Task[Any]:
    """Let alice type a command, in the background."""
    return asyncio.create_task(world.workspace.people.command(world.alice, world.general, line))


async def test_hello_counts_the_connections(world: World) -> None:
    async with socket(world) as first, socket(world) as second:
        hellos = [await first.receive_json(), await second.receive_json()]
    assert [hello["num_connections"] for hello in hellos] == [1, 2]
    assert hellos[0]["type"] == "hello"
    assert hellos[0]["connection_info"] == {"app_id": world.workspace.app_id}


async def test_a_ping_is_answered(world: World) -> None:
    url = (await world.client.apps_connections_open(app_token=world.workspace.secrets.app_token))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(url, autoping=False) as connected:
        await connected.receive_json()
        await connected.ping(b"sdk-ping-pong:1")
        pong = await connected.receive()
    assert (pong.type, bytes(pong.data)) == (aiohttp.WSMsgType.PONG, b"sdk-ping-pong:1")


async def test_a_ticket_is_good_once_and_for_a_while(world: World) -> None:
    token = world.workspace.secrets.app_token
    used = (await world.client.apps_connections_open(app_token=token))["url"]
    late = (await world.client.apps_connections_open(app_token=token))["url"]
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(used) as connected:
            await connected.receive_json()
        world.clock.advance(31)
        for url in (used, late):
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(url)


async def test_an_envelope_is_acknowledged_with_a_payload(world: World) -> None:
    async with socket(world) as connected:
        await connected.receive_json()
        task = typing(world)
        envelope = await connected.receive_json()
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
        assert envelope["payload"]["command"] == "/probe"
        await connected.send_str("this is no JSON")
        await connected.send_json({"envelope_id": "somebody else's"})
        await connected.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "hello"}})
        result = await task
    assert (result.acked, result.ack_body) == (True, {"text": "hello"})
    assert 0 < result.delay_seconds < 3


async def test_each_payload_goes_to_one_connection(world: World) -> None:
    heard: list[tuple[int, str]] = []

    def listener(number: int) -> Any:
        async def listen(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
            heard.append((number, request.payload["text"]))
            await client.send_socket_mode_response(SocketModeResponse(request.envelope_id))

        return listen

    token = world.workspace.secrets.app_token
    async with ears(token, world.client, listener(1)), ears(token, world.client, listener(2)):
        results = await asyncio.gather(*(typing(world, f"/probe {n}") for n in range(10)))
    assert all(result.acked for result in results)
    assert sorted(text for _, text in heard) == [str(n) for n in range(10)]
    assert {number for number, _ in heard} == {1, 2}


async def test_an_app_holds_ten_connections_at_most(world: World) -> None:
    async with AsyncExitStack() as held:
        for number in range(1, 11):
            hello = await (await held.enter_async_context(socket(world))).receive_json()
            assert hello["num_connections"] == number
        refused = await (await held.enter_async_context(socket(world))).receive_json()
    assert (refused["type"], refused["reason"]) == ("disconnect", "too_many_websockets")


async def test_what_a_broken_connection_had_not_acknowledged_goes_to_the_next(world: World) -> None:
    async with socket(world) as first:
        await first.receive_json()
        task = typing(world)
        lost = await first.receive_json()
        await world.workspace.cut_sockets()
        await until(lambda: not door(world).connections)
    async with socket(world) as second:
        assert (await second.receive_json())["type"] == "hello"
        again = await second.receive_json()
        assert again["payload"]["trigger_id"] == lost["payload"]["trigger_id"]
        assert again["envelope_id"] != lost["envelope_id"]
        assert (again["retry_attempt"], again["retry_reason"]) == (1, "connection_failed")
        await second.send_json({"envelope_id": again["envelope_id"]})
        assert (await task).acked


async def test_what_a_broken_connection_had_not_acknowledged_goes_to_another(world: World) -> None:
    async with socket(world) as first, socket(world) as second:
        await first.receive_json()
        await second.receive_json()
        task = typing(world)
        await first.receive_json()
        await first.close()
        again = await second.receive_json()
        assert again["retry_attempt"] == 1
        await second.send_json({"envelope_id": again["envelope_id"]})
        assert (await task).acked


async def test_an_unacknowledged_event_comes_again_at_once_and_after_one_and_five_minutes(listening: World) -> None:
    async with socket(listening) as connected:
        await connected.receive_json()
        await listening.workspace.people.say(listening.alice, listening.general, "hello")
        attempts = [await connected.receive_json()]
        for pause in (0, 60, 300):
            listening.clock.advance(3.1)
            if pause:
                await until(lambda pause=pause: listening.clock.alarms == [pause])  # type: ignore[misc]
                listening.clock.advance(pause - 1)
                assert listening.clock.alarms == [1]
                listening.clock.advance(1)
            attempts.append(await connected.receive_json())
        await connected.send_json({"envelope_id": attempts[-1]["envelope_id"]})
        await listening.workspace.settled()
    assert [item["retry_attempt"] for item in attempts] == [0, 1, 2, 3]
    assert [item["retry_reason"] for item in attempts] == ["", "timeout", "timeout", "timeout"]
    assert len({item["payload"]["event_id"] for item in attempts}) == 1
    assert not any(item["accepts_response_payload"] for item in attempts)


async def test_a_command_is_not_repeated_when_nobody_answers(world: World) -> None:
    async with socket(world) as connected:
        await connected.receive_json()
        task = typing(world)
        envelope = await connected.receive_json()
        world.clock.advance(3.1)
        assert (await task).error == "operation_timeout"
        await connected.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "too late"}})
        with pytest.raises(TimeoutError):
            await connected.receive(timeout=0.05)
    assert world.workspace.screen(world.alice)["messages"][world.general] == []


async def test_a_refresh_is_announced_and_closes(world: World) -> None:
    async with socket(world) as connected:
        await connected.receive_json()
        assert await world.workspace.cut_sockets("refresh_requested") == 1
        told = await connected.receive_json()
        assert (told["type"], told["reason"]) == ("disconnect", "refresh_requested")
        assert (await connected.receive()).type in {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED}
    async with socket(world) as fresh:
        assert (await fresh.receive_json())["num_connections"] == 1


async def test_a_warning_leaves_ten_seconds_without_new_work(world: World) -> None:
    async with socket(world) as connected:
        await connected.receive_json()
        await world.workspace.cut_sockets("warning")
        assert (await connected.receive_json())["reason"] == "warning"
        assert (await typing(world)).error == "dispatch_failed"
        with pytest.raises(TimeoutError):
            await connected.receive(timeout=0.02)
        world.clock.advance(10.1)
        assert (await connected.receive()).type is aiohttp.WSMsgType.CLOSE


async def test_a_disabled_link_opens_no_more(world: World) -> None:
    async with socket(world) as connected:
        await connected.receive_json()
        await world.workspace.cut_sockets("link_disabled")
        assert (await connected.receive_json())["reason"] == "link_disabled"
    token = world.workspace.secrets.app_token
    assert await refusal(world.client.apps_connections_open(app_token=token)) == "access_denied"
    world.workspace.resume()
    assert (await world.client.apps_connections_open(app_token=token))["ok"]


async def test_the_sdk_comes_back_by_itself(world: World) -> None:
    async def listen(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id))

    async with ears(world.workspace.secrets.app_token, world.client, listen):
        before = door(world).connections[0]
        await world.workspace.cut_sockets("refresh_requested")
        await until(lambda: any(one is not before for one in door(world).connections))
        assert (await typing(world)).acked

"""Rate limits, faults, latency, and a workspace that stops answering."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from sandbox.slack import Fault, TestClock, Workspace, serve
from tests.sandbox.slack.world import World, furnish, manifest, refusal, until


@pytest.fixture
async def limited() -> AsyncIterator[World]:
    clock = TestClock()
    workspace = Workspace(manifest=manifest(events=[]), clock=clock)
    made = furnish(workspace, clock)
    async with serve(workspace) as server:
        made.client.base_url = f"{server.url}/api/"
        yield made


async def test_tier_two_takes_twenty_calls_a_minute(limited: World) -> None:
    for n in range(20):
        await limited.client.conversations_create(name=f"room-{n}")
    with pytest.raises(SlackApiError) as refused:
        await limited.client.conversations_create(name="more")
    assert (refused.value.response.status_code, refused.value.response["error"]) == (429, "ratelimited")
    assert refused.value.response.headers["Retry-After"] == "60"
    assert (await limited.client.conversations_info(channel=limited.general))["ok"]
    limited.clock.advance(60)
    assert (await limited.client.conversations_create(name="more"))["ok"]


async def test_a_channel_takes_one_message_a_second_with_a_small_burst(limited: World) -> None:
    await limited.client.conversations_join(channel=limited.random)
    for _ in range(3):
        await limited.client.chat_postMessage(channel=limited.general, text="x")
    assert await refusal(limited.client.chat_postMessage(channel=limited.general, text="x")) == "ratelimited"
    assert (await limited.client.chat_postMessage(channel=limited.random, text="x"))["ok"]
    for _ in range(20):
        limited.clock.advance(1)
        await limited.client.chat_postMessage(channel=limited.general, text="x")


async def test_limits_can_be_switched_off(limited: World) -> None:
    limited.workspace.limits.on = False
    for n in range(25):
        await limited.client.conversations_create(name=f"room-{n}")


async def test_a_fault_hits_the_calls_it_is_meant_for(world: World) -> None:
    faults = world.workspace.faults
    faults.add(Fault("chat.postMessage", "error", error="is_archived", channel=world.general))
    assert (await world.client.chat_postMessage(channel=world.alice, text="x"))["ok"]
    assert await refusal(world.client.chat_postMessage(channel=world.general, text="x")) == "is_archived"
    assert (await world.client.chat_postMessage(channel=world.general, text="x"))["ok"]
    faults.add(Fault("conversations.invite", "error", error="cant_invite", user=world.bob, times=None))
    channel = (await world.client.conversations_create(name="room"))["channel"]["id"]
    for _ in range(2):
        call = world.client.conversations_invite(channel=channel, users=f"{world.alice},{world.bob}")
        assert await refusal(call) == "cant_invite"
    assert (await world.client.conversations_invite(channel=channel, users=world.alice))["ok"]
    faults.clear()
    assert (await world.client.conversations_invite(channel=channel, users=world.bob))["ok"]


async def test_a_rate_limit_on_demand_says_how_long_to_wait(world: World) -> None:
    world.workspace.faults.add(Fault("*", "rate_limited", retry_after=7))
    with pytest.raises(SlackApiError) as refused:
        await world.client.auth_test()
    assert (refused.value.response.status_code, refused.value.response.headers["Retry-After"]) == (429, "7")


async def test_slack_fails_with_500(world: World) -> None:
    world.workspace.faults.add(Fault("auth.test", "http_500"))
    with pytest.raises(SlackApiError) as refused:
        await world.client.auth_test()
    assert refused.value.response.status_code == 500


@pytest.mark.parametrize(("kind", "done"), [("cut_before", 0), ("cut_after", 1)])
async def test_a_cut_leaves_the_outcome_unclear(world: World, kind: str, done: int) -> None:
    world.workspace.faults.add(Fault("chat.postMessage", kind))  # type: ignore[arg-type]
    world.client.retry_handlers.clear()
    with pytest.raises(aiohttp.ClientError):
        await world.client.chat_postMessage(channel=world.general, text="x")
    assert len(world.said(world.general)) == done
    assert [call.fault for call in world.workspace.calls.of("chat.postMessage")] == [kind]


async def test_latency_and_slowness_take_real_time(world: World) -> None:
    world.workspace.latency = 0.05
    started = time.perf_counter()
    await asyncio.gather(*(world.client.auth_test() for _ in range(5)))
    assert 0.05 <= time.perf_counter() - started < 0.25
    world.workspace.latency = 0.0
    world.workspace.faults.add(Fault("auth.test", "slow", seconds=0.05))
    started = time.perf_counter()
    await world.client.auth_test()
    assert time.perf_counter() - started >= 0.05
    assert world.workspace.calls[-1].seconds >= 0.05


async def test_a_workspace_that_stops_answering_does_the_work_of_those_who_wait(world: World) -> None:
    world.workspace.stop_answering()
    waiting = asyncio.create_task(world.client.chat_postMessage(channel=world.general, text="patient"))
    timeout = aiohttp.ClientTimeout(total=0.05)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        with pytest.raises(TimeoutError):
            await session.post(f"{world.api}chat.postMessage", data={"channel": world.general, "text": "gone"})
    assert world.said(world.general) == []
    world.workspace.resume()
    await waiting
    assert world.said(world.general) == ["patient"]


async def test_calls_are_logged_with_arguments_and_answers(world: World) -> None:
    await world.client.chat_postMessage(channel=world.general, text="x")
    call = world.workspace.calls[-1]
    assert (call.method, call.args["text"], call.ok, call.token_kind) == ("chat.postMessage", "x", True, "bot")
    assert call.at == world.clock.now()
    world.workspace.calls.clear()
    await world.client.auth_test()
    assert world.workspace.calls[-1].seq == call.seq + 1


async def test_a_test_clock_wakes_sleepers_in_their_order() -> None:
    clock, woken = TestClock(1000.0), []

    async def sleeper(name: str, seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append(name)

    tasks = [asyncio.create_task(sleeper(name, seconds)) for name, seconds in (("b", 5), ("a", 2), ("c", 60))]
    await asyncio.sleep(0)
    clock.advance(10)
    await until(lambda: len(woken) == 2)
    assert (woken, clock.now()) == (["a", "b"], 1010.0)
    clock.advance(50)
    await asyncio.gather(*tasks)
    with pytest.raises(ValueError, match="cannot go back"):
        clock.advance(-1)

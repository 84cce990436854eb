"""HTTP mode: signed requests to a Bolt app over real HTTP, three seconds, retries of events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp

from sandbox.slack import DeedRefusedError, TestClock, Workspace, serve
from tests.sandbox.slack.world import BUTTON, World, furnish, manifest, until

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture
async def remote() -> AsyncIterator[World]:
    clock = TestClock()
    workspace = Workspace(manifest=manifest(socket=False), clock=clock, rate_limits=False)
    made = furnish(workspace, clock)
    async with serve(workspace) as server:
        made.client.base_url = f"{server.url}/api/"
        yield made
    assert not workspace.background.defects


@asynccontextmanager
async def listening_at(app: web.Application) -> AsyncIterator[str]:
    """Serve an application for the duration of the block, and say where."""
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def plain_app(handler: Handler) -> web.Application:
    app = web.Application()
    app.router.add_post("/", handler)
    return app


async def challenge_or(request: web.Request, otherwise: web.StreamResponse) -> web.StreamResponse:
    """Answer a url_verification; anything else as given."""
    if request.content_type == "application/json":
        body = await request.json()
        if body["type"] == "url_verification":
            return web.json_response({"challenge": body["challenge"]})
    return otherwise


async def test_bolt_verifies_signs_and_answers(remote: World) -> None:
    bolt = AsyncApp(client=remote.client, signing_secret=remote.workspace.secrets.signing_secret)
    heard: list[dict[str, Any]] = []

    @bolt.command("/probe")
    async def probe(ack: Any, command: dict[str, Any]) -> None:
        await ack(f"you said {command['text']}")

    @bolt.action("go")
    async def go(ack: Any, body: dict[str, Any]) -> None:
        heard.append(body)
        await ack()

    @bolt.event("message")
    async def message(event: dict[str, Any]) -> None:
        heard.append(event)

    async with listening_at(bolt.web_app("/slack/events")) as url:
        await remote.workspace.connect_app(f"{url}/slack/events")
        people = remote.workspace.people
        result = await people.command(remote.alice, remote.general, "/probe üben & 100%")
        assert result.ack_body == {"text": "you said üben &amp; 100%"}
        ts = (await remote.client.chat_postMessage(channel=remote.general, text="x", blocks=[BUTTON]))["ts"]
        assert (await people.click(remote.alice, remote.general, ts, "go")).acked
        await people.say(remote.alice, remote.general, "hello")
        await remote.workspace.settled()
        await until(lambda: len(heard) == 2)


async def test_a_wrong_secret_is_noticed_by_the_app(remote: World) -> None:
    bolt = AsyncApp(client=remote.client, signing_secret="another")
    async with listening_at(bolt.web_app("/slack/events")) as url:
        with pytest.raises(DeedRefusedError, match="did not answer the url_verification"):
            await remote.workspace.connect_app(f"{url}/slack/events")


async def test_an_app_without_an_address_is_told_to_the_person(remote: World) -> None:
    result = await remote.workspace.people.command(remote.alice, remote.general, "/probe")
    assert result.error == "dispatch_failed"


async def test_commands_time_out_fail_and_are_never_repeated(remote: World) -> None:
    seen: list[web.Request] = []
    answers = [asyncio.Event(), None, None]

    async def handler(request: web.Request) -> web.StreamResponse:
        response = await challenge_or(request, web.Response(status=500))
        if request.content_type != "application/json":
            seen.append(request)
            if wait := answers.pop(0):
                await wait.wait()
        return response

    async with listening_at(plain_app(handler)) as url:
        await remote.workspace.connect_app(url)
        people = remote.workspace.people
        typing = asyncio.create_task(people.command(remote.alice, remote.general, "/probe"))
        await until(lambda: seen)
        remote.clock.advance(3.1)
        assert (await typing).error == "operation_timeout"
        assert (await people.command(remote.alice, remote.general, "/probe")).error == "http_service_error"
    assert (await people.command(remote.alice, remote.general, "/probe")).error == "dispatch_failed"
    assert len(seen) == 2
    assert len(remote.workspace.screen(remote.alice)["notices"]) == 3


async def test_events_are_repeated_three_times(remote: World) -> None:
    seen: list[tuple[str | None, str | None, str]] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        body = await request.json()
        if body["type"] != "url_verification":
            retry = request.headers.get("X-Slack-Retry-Num"), request.headers.get("X-Slack-Retry-Reason")
            seen.append((*retry, body["event_id"]))
        return await challenge_or(request, web.Response(status=500))

    async with listening_at(plain_app(handler)) as url:
        await remote.workspace.connect_app(url)
        await remote.workspace.people.say(remote.alice, remote.general, "hello")
        await until(lambda: len(seen) == 2)
        for pause, count in ((60, 3), (300, 4)):
            await until(lambda pause=pause: remote.clock.alarms == [pause])  # type: ignore[misc]
            remote.clock.advance(pause)
            await until(lambda count=count: len(seen) == count)  # type: ignore[misc]
        await remote.workspace.settled()
    assert [item[:2] for item in seen] == [
        (None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error"),
    ]  # fmt: skip
    assert len({item[2] for item in seen}) == 1


async def test_an_app_can_ask_for_no_retries(remote: World) -> None:
    seen: list[str] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        seen.append((await request.json())["type"])
        return await challenge_or(request, web.Response(status=500, headers={"X-Slack-No-Retry": "1"}))

    async with listening_at(plain_app(handler)) as url:
        await remote.workspace.connect_app(url)
        await remote.workspace.people.say(remote.alice, remote.general, "hello")
        await remote.workspace.settled()
    assert seen == ["url_verification", "event_callback"]


async def test_no_event_goes_to_an_address_that_was_not_verified() -> None:
    seen: list[str] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        seen.append((await request.json())["type"])
        return web.Response(text="what?")

    async with listening_at(plain_app(handler)) as url:
        raw = manifest(socket=False)
        raw["settings"]["event_subscriptions"]["request_url"] = url
        workspace = Workspace(manifest=raw, clock=TestClock())
        made = furnish(workspace, TestClock())
        async with serve(workspace):
            await workspace.people.say(made.alice, made.general, "hello")
            await until(lambda: len(seen) >= 2)
    assert set(seen) == {"url_verification"}

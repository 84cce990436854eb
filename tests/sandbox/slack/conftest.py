"""Fixtures: a served workspace, and the real Bolt app connected to it in Socket Mode."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator, Iterator
from types import FrameType

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from sandbox.slack import TestClock, Workspace, serve
from tests.sandbox.slack.world import World, furnish, manifest


@pytest.fixture(autouse=True)
def deadline() -> Iterator[None]:
    """End a test that waits for ever: on a clock that nobody moves, that happens easily."""

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError("the test took more than 30 seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(30)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A workspace without rate limits and without an app that listens."""
    clock = TestClock()
    workspace = Workspace(manifest=manifest(events=[]), clock=clock, rate_limits=False)
    made = furnish(workspace, clock)
    async with serve(workspace) as server:
        made.client.base_url = f"{server.url}/api/"
        yield made
    assert not workspace.background.defects


@pytest.fixture
async def listening() -> AsyncIterator[World]:
    """A workspace whose app subscribes to events; connect it with `app`."""
    clock = TestClock()
    workspace = Workspace(manifest=manifest(), clock=clock, rate_limits=False)
    made = furnish(workspace, clock)
    async with serve(workspace) as server:
        made.client.base_url = f"{server.url}/api/"
        yield made
    assert not workspace.background.defects


@pytest.fixture
async def app(listening: World) -> AsyncIterator[AsyncApp]:
    """A Bolt app in Socket Mode; tests add listeners to it at any time."""
    bolt = AsyncApp(client=listening.client)
    handler = AsyncSocketModeHandler(bolt, listening.workspace.secrets.app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    yield bolt
    await handler.close_async()  # type: ignore[no-untyped-call]

"""A workspace with five people, a small app beside it, and windows onto it."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser, Page

from sandbox.slack import Workspace, serve
from tests.fixtures.browser import Windows, running_browser
from tests.sandbox.page.app import MANIFEST, Watch

Json = dict[str, Any]


@dataclass
class Office:
    """The workspace, its address, the app, and people and channels by name."""

    workspace: Workspace
    url: str
    app: Watch
    ids: dict[str, str] = field(default_factory=dict)

    async def say(self, who: str, channel: str, text: str, thread: str | None = None) -> str:
        return await self.workspace.people.say(who, channel, text, thread)

    async def post(self, channel: str, text: str = "text", **more: Any) -> str:
        answer = await self.app.client.chat_postMessage(channel=self.ids[channel], text=text, **more)
        return str(answer["ts"])

    def address(self, who: str, channel: str, rest: str = "") -> str:
        return f"{self.url}/#/{self.ids[who]}/{self.ids[channel]}{rest}"

    def screen(self, who: str) -> Json:
        return self.workspace.screen(self.ids[who])


def furnish(workspace: Workspace) -> dict[str, str]:
    """Add people and channels; return their ids by name."""
    people = [
        workspace.add_person("alice", display_name="Alice Moreau", tz="Europe/Berlin", title="Operator"),
        workspace.add_person("bob", display_name="Bob Tanaka", tz="Asia/Tokyo", title="Operator"),
        workspace.add_person("carol", display_name="Carol Núñez", tz="America/New_York", title="Approver"),
        workspace.add_person("dan", display_name="Dan Osei", title="Viewer"),
        workspace.add_person("eve", display_name="Eve Larsen", title="Newcomer"),
    ]
    workspace.add_usergroup("oncall", users=["alice", "bob"], name="On call")
    rooms = [
        workspace.add_channel("general", members=people, is_general=True),
        workspace.add_channel("ops", members=["alice", "bob", "carol"]),
        workspace.add_channel("security", members=["alice", "carol"], private=True),
        workspace.add_channel("design", members=["dan"]),
        workspace.add_channel("attic", members=["alice"]),
    ]
    rooms[-1].archived = True
    for room in rooms:
        workspace.enrol(room, workspace.bot.id)
    return {person.name: person.id for person in people} | {room.name: room.id for room in rooms}


# One browser serves all tests here; it lives on the loop of the session, and so do the tests and what they use.
@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Start Chromium once."""
    async with running_browser() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def windows(browser: Browser) -> AsyncIterator[Windows]:
    """Open windows; trouble in any of them fails the test."""
    opened = Windows(browser)
    yield opened
    await opened.close()


@pytest_asyncio.fixture(loop_scope="session")
async def office() -> AsyncIterator[Office]:
    """Serve a workspace with an app that listens."""
    workspace = Workspace(manifest=MANIFEST, rate_limits=False, name="Northwind")
    ids = furnish(workspace)
    async with serve(workspace) as server:
        app = Watch(server.url, workspace.secrets.bot_token, workspace.secrets.app_token)
        await app.start()
        yield Office(workspace, server.url, app, ids)
        await app.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def page(office: Office, windows: Windows) -> Page:
    """Open a window as Alice in #ops."""
    return await enter(windows, office, "alice", "ops")


async def enter(windows: Windows, office: Office, who: str, channel: str, rest: str = "", **more: Any) -> Page:
    """Open a window as somebody, somewhere, and wait until it is drawn."""
    opened = await windows.open(office.address(who, channel, rest), **more)
    await opened.wait_for_selector("#channel-name")
    return opened


async def until(check: Callable[[], Any], seconds: float = 5.0) -> Any:
    """Return what `check` returns as soon as it is true; fails the test after that many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = check()
        if isinstance(found, Awaitable):
            found = await found
        if found:
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(f"{check} was not true within {seconds} s")

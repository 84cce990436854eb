"""The local workspace as a process of its own, and its control API."""

import os
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.furniture import manifest_file, people_file
from benchmarks.processes import BenchmarkError, python_module
from bot.runbooks.platforms import Platforms

BOT_TOKEN, APP_TOKEN, SIGNING_SECRET = "xoxb-benchmark", "xapp-benchmark", "benchmark-signing-secret"
_READY = re.compile(r"Workspace at (\S+)")


@dataclass(frozen=True, slots=True)
class Workspace:
    """A running workspace: its address, its people and channels by name, and the way to its control API."""

    url: str
    people: Mapping[str, str]
    channels: Mapping[str, str]
    session: aiohttp.ClientSession

    async def control(self, verb: str, path: str, body: object = None) -> Any:
        """Ask the control API. Raises BenchmarkError when it refuses."""
        async with self.session.request(verb, f"{self.url}/control{path}", json=body) as answer:
            said = await answer.json()
            if answer.status != 200:
                raise BenchmarkError(f"The workspace refused {verb} {path}: {said}")
            return said

    async def command(self, person: str, line: str, where: str) -> dict[str, Any]:
        """Type a command as a person; returns when it is acknowledged, with what the workspace says of it."""
        typed = {"channel_id": self.channels[where], "line": line}
        said: dict[str, Any] = await self.control("POST", f"/people/{self.people[person]}/command", typed)
        return said

    async def calls(self, since: int = 0) -> list[dict[str, Any]]:
        """Return the app's calls with a higher number than `since`, in the order in which they ended."""
        said: list[dict[str, Any]] = await self.control("GET", f"/calls?since={since}")
        return said

    async def as_app(self, method: str, **arguments: object) -> dict[str, Any]:
        """Call a Web API method with the app's token, to prepare something. Raises BenchmarkError when it fails."""
        token = {"Authorization": f"Bearer {BOT_TOKEN}"}
        async with self.session.post(f"{self.url}/api/{method}", json=arguments, headers=token) as answer:
            said: dict[str, Any] = await answer.json()
        if not said["ok"]:
            raise BenchmarkError(f"The workspace refused {method}: {said['error']}")
        return said


@asynccontextmanager
async def workspace(platforms: Platforms, folder: Path, *, socket: bool = True) -> AsyncIterator[Workspace]:
    """Run a workspace without rate limits while the block runs."""
    arguments = [
        *("--manifest", str(manifest_file(folder, socket=socket)), "--people", str(people_file(platforms, folder))),
        *("--bot-token", BOT_TOKEN, "--app-token", APP_TOKEN, "--signing-secret", SIGNING_SECRET, "--no-rate-limits"),
    ]
    async with python_module("sandbox.slack", arguments, os.environ, _READY) as running:
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector) as session:
            made = Workspace(running.ready[1], {}, {}, session)
            state = await made.control("GET", "/state")
            people = {person["name"]: person["id"] for person in state["people"]}
            channels = {channel["name"]: channel["id"] for channel in state["channels"]}
            yield Workspace(made.url, people, channels, session)

"""An outside world for processes that are killed: it remembers what was done to it, and kills on cue.

Processes speak to it over a socket, one line of JSON each way, and say who they are. A point is a place in their
work that they announce; a cue says what happens to the process that reaches one.
"""

import asyncio
import json
import os
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any


class World:
    """The server's side, in the test."""

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()
        self.todo: list[str] = []
        self.started: set[str] = set()
        self.cues: dict[str, signal.Signals] = {}
        self.reached: list[str] = []
        self.frozen: list[int] = []
        self.kills = 0
        self.chance = 0.0
        self.dice = random.Random(20260302)
        self.delay = 0.0

    async def answer(self, message: dict[str, Any], pid: int) -> Any:
        match message:
            case {"at": point}:
                await self.meet(point, pid)
            case {"do": key}:
                await self.meet(f"do {key}", pid)
                await asyncio.sleep(self.delay * self.dice.random())
                self.done[key] += 1
                await self.meet(f"did {key}", pid)
                return f"{key} done"
            case {"look": key}:
                return f"{key} done" if self.done[key] else None
            case {"started": key}:
                self.started.add(key)
            case {"todo": _}:
                return [key for key in self.todo if key not in self.started]
        return None

    async def meet(self, point: str, pid: int) -> None:
        """Note that a process reached a point; when there is a cue for it, what was said is all it said."""
        self.reached.append(point)
        cue = self.cues.pop(point, None)
        if cue is None and self.dice.random() < self.chance:
            cue = signal.SIGKILL
        if cue is None:
            return
        os.kill(pid, cue)
        if cue == signal.SIGKILL:
            self.kills += 1
            raise ConnectionError("killed")
        self.frozen.append(pid)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                message = json.loads(line)
                answer = await self.answer(message["say"], message["pid"])
                writer.write(json.dumps(answer).encode() + b"\n")
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()


@asynccontextmanager
async def world_at(path: Path) -> AsyncIterator[World]:
    """Run a world that is reached through the socket at that path."""
    world = World()
    server = await asyncio.start_unix_server(world.serve, path, backlog=1024)
    try:
        yield world
    finally:
        server.close()


async def say(path: str, **message: Any) -> Any:
    """Say something to the world and return its answer; for the processes."""
    reader, writer = await asyncio.open_unix_connection(path)
    try:
        writer.write(json.dumps({"say": message, "pid": os.getpid()}).encode() + b"\n")
        return json.loads(await reader.readline())
    finally:
        writer.close()

"""`opsroom demo`: one tree of processes, one address, one Ctrl-C."""

import asyncio
import contextlib
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import httpx
import psutil
import pytest
import yaml

import sandbox.demo
from bot.access.roles import Role, rights_of
from bot.errors import SettingsError
from bot.runbooks.loader import load_platforms
from bot.store.database import open_store
from sandbox.demo.people import furnished, seed_roles

HOME = Path(__file__).parent.parent
PATIENCE = 30.0
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo."""

    process: asyncio.subprocess.Process
    address: str
    http: httpx.AsyncClient
    folder: Path
    said: str

    async def get(self, path: str) -> Any:
        return (await self.http.get(f"{self.address}/control/{path}")).json()

    async def person(self, name: str) -> str:
        people = {person["name"]: person["id"] for person in await self.get("people")}
        return str(people[name])

    async def command(self, by: str, channel: str, line: str) -> Any:
        answer = await self.http.post(
            f"{self.address}/control/people/{by}/command", json={"channel_id": channel, "line": line}
        )
        return answer.json()

    async def channels(self, by: str) -> dict[str, str]:
        return {channel["name"]: channel["id"] for channel in (await self.get(f"screen/{by}"))["channels"]}


@pytest.fixture
def temporary() -> Iterator[Path]:
    """Make a folder for what a killed demo leaves: of a short name, for sockets, and open to PostgreSQL's user."""
    with TemporaryDirectory(prefix="demo-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
async def demo(tmp_path: Path, temporary: Path) -> AsyncIterator[Demo]:
    # Whoever runs the demo may have systems of his own in the environment: the demo must not find them.
    own = {"SOCIAL_LIVE_REDIS_URL": "redis://192.0.2.1", "ZEPHYR_DATABASE_URL": "postgresql://192.0.2.1/zephyr"}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "demo",
        "--port",
        "0",
        cwd=tmp_path,
        env={**os.environ, **own, "TMPDIR": str(temporary), "PYTHONPATH": str(HOME), "PYTHONUNBUFFERED": "1"},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(2 * PATIENCE), httpx.AsyncClient(trust_env=False) as http:
            address, said = await _said(process)
            yield Demo(process, address, http, tmp_path, said)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _said(process: asyncio.subprocess.Process) -> tuple[str, str]:
    """Return the demo's address, and its first lines up to what one may try."""
    assert process.stdout is not None
    lines: list[str] = []
    async for line in process.stdout:
        lines.append(line.decode().strip())
        if lines[-1].startswith("Try this"):
            [address] = (said for said in lines if said.startswith("http://127.0.0.1:"))
            return address, "\n".join(lines)
    raise AssertionError("the demo ended before it said what to try")


async def _until(look: Callable[[], Awaitable[T]]) -> T:
    """Look until there is something to see in another process, and return it."""
    deadline = time.monotonic() + PATIENCE
    while not (seen := await look()):
        assert time.monotonic() < deadline, f"it did not happen in {PATIENCE:g} s"
        await asyncio.sleep(0.05)
    return seen


async def _room(demo: Demo, by: str, known: set[str]) -> str:
    async def new() -> set[str]:
        return set(await demo.channels(by)) - known

    return (await _until(new)).pop()


async def test_a_newcomer_declares_an_incident_and_ctrl_c_ends_it_all(demo: Demo) -> None:
    olivia = await demo.person("olivia")
    known = await demo.channels(olivia)
    acked = await demo.command(olivia, known["general"], "/incident declare P1 social-live checkout returns 500")
    assert acked["acked"]
    assert (await _room(demo, olivia, set(known))).startswith("incident-")
    tree = [psutil.Process(demo.process.pid), *psutil.Process(demo.process.pid).children(recursive=True)]
    assert len(tree) >= 2
    [bot] = (one for one in tree if "serve" in one.cmdline())
    assert bot.cwd() == str(demo.folder / "var/demo")  # where no `.env` of one's own is found
    found = bot.environ()
    assert found["SOCIAL_LIVE_REDIS_URL"].startswith("unix://")
    assert "ZEPHYR_DATABASE_URL" not in found
    outside = [c.raddr for one in tree for c in one.net_connections() if c.raddr and c.raddr.ip != "127.0.0.1"]
    assert outside == []
    demo.process.send_signal(signal.SIGINT)
    async with asyncio.timeout(PATIENCE):
        assert await demo.process.wait() == 0
    assert not [one for one in tree if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


async def _report(demo: Demo, by: str, channel: str, known: set[str]) -> Any:
    """Return the diagnosis that was asked for last, once it is whole."""

    async def whole() -> Any:
        messages = (await demo.get(f"screen/{by}"))["messages"][channel]
        new = [one for one in messages if one["ts"] not in known and one["thread_ts"] in (None, one["ts"])]
        return next((one for one in new if "nothing was changed" in str(one["blocks"])), None)

    return await _until(whole)


async def _diagnosed(demo: Demo, by: str, channel: str, line: str) -> Any:
    before = {one["ts"] for one in (await demo.get(f"screen/{by}"))["messages"][channel]}
    assert (await demo.command(by, channel, line))["acked"]
    return await _report(demo, by, channel, before)


async def test_a_diagnosis_is_green_and_red_after_the_bad_release(demo: Demo) -> None:
    for system in ("Kubernetes", "PostgreSQL", "Redis", "web hosts", "Prometheus"):
        assert re.search(rf"^{system} +(real|simulated) ", demo.said, re.MULTILINE), demo.said
    olivia = await demo.person("olivia")
    channel = (await demo.channels(olivia))["social-live-ops"]
    well = await _diagnosed(demo, olivia, channel, "/diagnose social-live")
    assert "🟢 *Initial assessment* on Social Live: all 9 are ok" in str(well["blocks"])
    [lever] = (await demo.get(f"screen/{olivia}"))["levers"]
    pulled = await demo.http.post(f"{demo.address}/control/levers/{lever['name']}")
    assert pulled.json()["label"] == "Mend Social Live"

    async def red() -> str:
        said = str((await _diagnosed(demo, olivia, channel, "/diagnose social-live"))["blocks"])
        evidence = str((await demo.get(f"screen/{olivia}"))["messages"][channel])
        shown = "🔴 *API health*" in said and "🔴 *Pods*" in said and "CrashLoopBackOff" in evidence
        return said if shown and "'filetype': 'png'" in evidence else ""

    assert "🔴 *Initial assessment* on Social Live" in await _until(red)


async def test_a_killed_demo_leaves_no_process_behind(demo: Demo) -> None:
    tree = psutil.Process(demo.process.pid).children(recursive=True)
    assert len(tree) >= 3
    demo.process.kill()
    await demo.process.wait()

    async def gone() -> bool:
        return not [one for one in tree if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]

    assert await _until(gone)


async def _declared(demo: Demo, by: str, channel: str) -> bool:
    with contextlib.suppress(httpx.HTTPError, KeyError):
        return bool((await demo.command(by, channel, "/incident declare P2 zephyr votes are lost"))["acked"])
    return False


async def test_a_killed_bot_is_started_again_and_goes_on(demo: Demo) -> None:
    olivia = await demo.person("olivia")
    known = await demo.channels(olivia)
    [bot] = (one for one in psutil.Process(demo.process.pid).children() if "serve" in one.cmdline())
    bot.send_signal(signal.SIGKILL)
    await _until(lambda: _declared(demo, olivia, known["general"]))
    await _room(demo, olivia, set(known))


async def test_six_people_and_the_platforms_places_are_there(store_address: str) -> None:
    platforms = load_platforms(HOME / "runbooks")
    workspace = furnished(yaml.safe_load((HOME / "manifest.yml").read_text(encoding="utf-8")), platforms)
    await seed_roles(store_address, workspace)
    async with open_store(store_address) as store, store.read() as connection:
        rights = {name: await rights_of(connection, workspace.user_names[name]) for name in workspace.user_names}
    assert {name: has.highest for name, has in rights.items() if name != "opsroom"} == {
        "olivia": Role.OPERATOR,
        "omar": Role.OPERATOR,
        "ada": Role.APPROVER,
        "abe": Role.ADMIN,
        "vera": Role.VIEWER,
        "nils": Role.NOBODY,
    }
    assert rights["omar"].on("zephyr") is Role.NOBODY
    assert rights["olivia"].reach(Role.OPERATOR, platforms.names) == platforms.names
    assert {platform.announcement_channel for platform in platforms} <= set(workspace.channel_names)


def test_without_the_repository_it_says_where_to_find_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox.demo, "HOME", tmp_path)
    with pytest.raises(SettingsError, match="run `make demo` in a clone of it"):
        sandbox.demo.run(0)

"""The demo: a local workspace, five people, four platforms and the bot, in one tree of processes that one Ctrl-C ends."""

import asyncio
import contextlib
import ctypes
import os
import secrets
import shutil
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml

from bot.runbooks.loader import load_platforms
from bot.runbooks.platforms import Platforms
from bot.store import grants
from bot.store.database import open_store
from bot.store.grants import EVERYWHERE, Grant
from bot.store.migrate import migrate
from sandbox.slack import Workspace, serve

HOME = Path(__file__).parent.parent
FOLDER = Path("var/demo")

WELCOME = """\
Opsroom is running in a local workspace.

    {address}

Open it in a browser. You are Olivia, an operator; the list at the top left makes you somebody else.
Try this first, in #general:

    /incident declare P1 social-live checkout returns 500

  /incident list                          what is open
  /incident ack                           in the new room: you are on it
  /incident declare checkout is down      leave words out, and be asked for them
  become Nils (a newcomer without a role) and try the same

Nothing outside this machine is contacted. Ctrl-C ends it all.
"""


@dataclass(frozen=True, slots=True)
class Person:
    """A demo account: `platform` is where the role holds, none means that there is no role."""

    name: str
    display_name: str
    title: str
    role: str | None
    platforms: tuple[str, ...]
    tz: str


PEOPLE = (
    Person("olivia", "Olivia Operator", "Site reliability engineer", "operator", (EVERYWHERE,), "Europe/Berlin"),
    Person("omar", "Omar Operator", "Backend engineer, Social Live", "operator", ("social-live",), "America/New_York"),
    Person("ada", "Ada Approver", "Platform lead", "approver", (EVERYWHERE,), "Europe/London"),
    Person("vera", "Vera Viewer", "Customer support", "viewer", (EVERYWHERE,), "Asia/Seoul"),
    Person("nils", "Nils Newcomer", "New here", None, (), "Europe/Stockholm"),
)


def run(port: int) -> None:
    """Run the demo until it is interrupted."""
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run(port))


async def _run(port: int) -> None:
    platforms = load_platforms(HOME / "runbooks")
    workspace = furnished(platforms)
    shutil.rmtree(FOLDER, ignore_errors=True)
    database = f"sqlite:///{FOLDER.absolute()}/opsroom.db"
    await seed_roles(database, {user.name: user.id for user in workspace.users.values()})
    async with serve(workspace, port=port if _free(port) else 0) as server:
        address = server.url
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await _watch(environment(workspace, address, database), stop, lambda: print(WELCOME.format(address=address)))


def furnished(platforms: Platforms) -> Workspace:
    """Return a workspace with the demo's people, and every channel and user group that the platforms name."""
    workspace = Workspace(
        manifest=yaml.safe_load((HOME / "manifest.yml").read_text(encoding="utf-8")),
        bot_token=f"xoxb-{secrets.token_hex(12)}",
        app_token=f"xapp-{secrets.token_hex(12)}",
        signing_secret=secrets.token_hex(16),
        name="Opsroom demo",
    )
    people = [workspace.add_person(p.name, display_name=p.display_name, title=p.title, tz=p.tz).id for p in PEOPLE]
    workspace.add_channel("general", members=people, is_general=True)
    for name in dict.fromkeys(c.name for platform in platforms for c in platform.channels.values()):
        workspace.add_channel(name, members=people)
    groups = (g for platform in platforms for s in platform.severities for g in platform.groups_for(s))
    for at, handle in enumerate(dict.fromkeys(groups)):
        workspace.add_usergroup(handle, users=[people[at % 3], people[2]])
    return workspace


async def seed_roles(database: str, ids: dict[str, str]) -> None:
    """Give the demo's people their roles; `ids` are their user ids by name."""
    async with open_store(database) as store:
        await migrate(store)
        async with store.begin() as connection:
            for person in PEOPLE:
                for platform in person.platforms:
                    given = Grant(ids[person.name], platform, person.role or "", "the demo", datetime.now(UTC))
                    await grants.give(connection, given)


def environment(workspace: Workspace, address: str, database: str) -> dict[str, str]:
    """Return the environment in which the bot finds the workspace."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("OPSROOM_")},
        "OPSROOM_SLACK_BOT_TOKEN": workspace.secrets.bot_token,
        "OPSROOM_SLACK_APP_TOKEN": workspace.secrets.app_token,
        "OPSROOM_SLACK_URL": f"{address}/api/",
        "OPSROOM_DATABASE_URL": database,
        "OPSROOM_RUNBOOKS": str(HOME / "runbooks"),
        "OPSROOM_LOG_LEVEL": "WARNING",
    }


def _free(port: int) -> bool:
    """Return whether nobody has the port; if somebody has, the workspace takes another one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


async def _watch(env: dict[str, str], stop: asyncio.Event, ready: Callable[[], None]) -> None:
    """Keep the bot running until `stop`: one that is killed is started again, as a supervisor would."""
    stopped = asyncio.create_task(stop.wait())
    announced = False
    while not stop.is_set():
        bot = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "serve", env=env, cwd=HOME, preexec_fn=_die_with_parent, start_new_session=True
        )
        if not announced:
            ready()
            announced = True
        ended = asyncio.create_task(bot.wait())
        await asyncio.wait({stopped, ended}, return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            bot.terminate()
            await bot.wait()
        elif bot.returncode and bot.returncode > 0:
            print(f"Opsroom ended with code {bot.returncode}.", file=sys.stderr)
            return
        else:
            print("Opsroom was killed; it is started again and goes on where it was.")


def _die_with_parent() -> None:
    """Ask Linux to end the bot when the demo is killed (prctl(2), PR_SET_PDEATHSIG); elsewhere nothing happens."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)

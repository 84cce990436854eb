"""The demo: a local workspace, five people, four platforms and the bot, in one tree of processes that one Ctrl-C ends.

`people` furnishes the workspace, `supervisor` keeps the bot running.
"""

import asyncio
import os
import shutil
import signal
import socket
from pathlib import Path

import yaml

from bot.errors import SettingsError
from bot.runbooks.loader import load_platforms
from sandbox.demo.people import furnished, seed_roles
from sandbox.demo.supervisor import Supervisor
from sandbox.slack import Workspace, serve

HOME = Path(__file__).parent.parent.parent
FOLDER = Path("var/demo")

WELCOME = """\
Opsroom is running in a local workspace.

    {address}

Open it in a browser. You are Olivia, an operator; the list at the top left makes you somebody else.
Try this first, in #general:

    /incident declare P1 social-live checkout returns 500

    /incident ack                        in the new room: you are on it
    /incident list                       what is open
    /incident declare checkout is down   leave words out, and be asked for them

Then be Omar and declare the same, or Nils, who is new here and has no role.
Nothing outside this machine is contacted. Ctrl-C ends it all.
"""


def run(port: int) -> int:
    """Run the demo until it is interrupted, and return its exit code.

    Raises SettingsError where there are no files to run it with.
    """
    return asyncio.run(_run(port))


async def _run(port: int) -> int:
    if not (HOME / "manifest.yml").is_file():
        raise SettingsError("The demo needs the files of the repository: run `make demo` in a clone of it.")
    manifest = yaml.safe_load((HOME / "manifest.yml").read_text(encoding="utf-8"))
    workspace = furnished(manifest, load_platforms(HOME / "runbooks"))
    database = _fresh_database()
    await seed_roles(database, workspace)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with serve(workspace, port=port if _is_free(port) else 0) as server:

        async def welcome() -> None:
            await workspace.connected()
            print(WELCOME.format(address=server.url), flush=True)

        supervisor = Supervisor(_environment(workspace, server.url, database), FOLDER)
        return await supervisor.run(stop, welcome)


def _fresh_database() -> str:
    """Return the address of a store that does not exist yet: the workspace remembers nothing either."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    return f"sqlite:///{FOLDER.absolute()}/opsroom.db"


def _environment(workspace: Workspace, address: str, database: str) -> dict[str, str]:
    """Return the environment in which the bot finds the workspace.

    Settings of one's own do not reach it; nor does a file `.env`, because the bot runs in the demo's folder.
    """
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("OPSROOM_")},
        "OPSROOM_SLACK_BOT_TOKEN": workspace.secrets.bot_token,
        "OPSROOM_SLACK_APP_TOKEN": workspace.secrets.app_token,
        "OPSROOM_SLACK_URL": f"{address}/api/",
        "OPSROOM_DATABASE_URL": database,
        "OPSROOM_RUNBOOKS": str(HOME / "runbooks"),
        "OPSROOM_LOG_LEVEL": "WARNING",
    }


def _is_free(port: int) -> bool:
    """Return whether nobody has the port; if somebody has, the workspace takes another one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True

"""The demo: a local workspace, six people, four platforms and the bot, in one tree of processes that one Ctrl-C ends.

`people` furnishes the workspace, `targets` are the systems that are operated, `social_live` is the platform that can be
broken, `database` what is in its stores, `supervisor` keeps the bot running.
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
from sandbox.demo.social_live import SocialLive
from sandbox.demo.supervisor import Supervisor
from sandbox.demo.targets import Targets, foreign, targets
from sandbox.slack import Workspace, serve
from sandbox.slack.levers import Lever

HOME = Path(__file__).parent.parent.parent
FOLDER = Path("var/demo")

_BREAK = "Break Social Live"
WELCOME = """\
Opsroom is running in a local workspace.

    {address}

Open it in a browser. You are Olivia, an operator; the list at the top left makes you somebody else.
What the platform Social Live consists of runs here too:

{parts}

Try this, in #social-live-ops:

    /diagnose social-live                all is green; press "{break_it}" at the bottom left, and try again
    /incident declare P1 social-live checkout returns 500
    /incident ack                        in the new room: you are on it
    /rollback social-live                ask for the release before the bad one; then be Ada, and approve it
    /runbook start social-live service-down
    /incident declare checkout is down   leave words out, and be asked for them

Vera may look, and cannot approve. Abe may break the glass. Nils is new here and has no role.
Nothing outside this machine is contacted. Ctrl-C ends it all.
"""


def run(port: int, *, broken: bool = False) -> int:
    """Run the demo until it is interrupted, and return its exit code; `broken` with a bad release from the start.

    Raises SettingsError where there are no files to run it with.
    """
    return asyncio.run(_run(port, broken=broken))


async def _run(port: int, *, broken: bool) -> int:
    if not (HOME / "manifest.yml").is_file():
        raise SettingsError("The demo needs the files of the repository: run `make demo` in a clone of it.")
    manifest = yaml.safe_load((HOME / "manifest.yml").read_text(encoding="utf-8"))
    platforms = load_platforms(HOME / "runbooks")
    workspace = furnished(manifest, platforms)
    folder = _fresh_folder()
    database = f"sqlite:///{folder}/opsroom.db"
    await seed_roles(database, workspace)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with (
        targets(platforms, folder) as outside,
        serve(workspace, port=port if _is_free(port) else 0) as server,
    ):
        _add_lever(workspace, outside.social_live)
        await outside.social_live.up()
        if broken:
            await workspace.levers["release"].pull()

        async def welcome() -> None:
            await workspace.connected()
            await outside.filling
            print(WELCOME.format(address=server.url, parts=_listed(outside), break_it=_BREAK), flush=True)

        known = _environment(workspace, server.url, database)
        own = {name: value for name, value in known.items() if name not in foreign(platforms)}
        return await Supervisor({**own, **outside.environment}, folder).run(stop, welcome)


def _add_lever(workspace: Workspace, social_live: SocialLive) -> None:
    """Let people break Social Live and mend it, on the page."""

    async def pull() -> None:
        social_live.mend_it() if social_live.is_broken else social_live.break_it()
        _say(lever, social_live)

    lever = Lever("release", "", "", pull)
    _say(lever, social_live)
    workspace.levers[lever.name] = lever


def _say(lever: Lever, social_live: SocialLive) -> None:
    lever.danger = not social_live.is_broken
    lever.label = _BREAK if lever.danger else "Mend Social Live"
    lever.hint = "Rolls a bad release out." if lever.danger else "Goes back to the release before the bad one."


def _listed(outside: Targets) -> str:
    return "\n".join(f"    {part.name:12}{part.kind:12}{part.what}" for part in outside.parts)


def _fresh_folder() -> Path:
    """Return the folder of this run, empty: the workspace remembers nothing of earlier ones either."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    return FOLDER.absolute()


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

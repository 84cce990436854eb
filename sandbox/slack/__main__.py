"""`python -m sandbox.slack`: serve a workspace until interrupted."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
from pathlib import Path

import uvloop
import yaml

from sandbox.slack.seeding import populate
from sandbox.slack.server import serve
from sandbox.slack.workspace import Workspace


def _arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.slack", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--manifest", type=Path, required=True, help="the app manifest, YAML or JSON")
    parser.add_argument("--people", type=Path, help="members, channels and user groups, JSON")
    parser.add_argument("--request-url", help="where the app listens, in HTTP mode")
    parser.add_argument("--bot-token", default="xoxb-sandbox-bot", help="%(default)s")
    parser.add_argument("--app-token", default="xapp-sandbox-app", help="%(default)s")
    parser.add_argument("--signing-secret", default="sandbox-signing-secret", help="%(default)s")
    parser.add_argument("--no-rate-limits", action="store_true")
    return parser.parse_args()


async def run(arguments: argparse.Namespace) -> None:
    """Serve until SIGINT or SIGTERM; the address is printed once, as one line."""
    workspace = Workspace(
        manifest=yaml.safe_load(arguments.manifest.read_text("utf-8")),
        bot_token=arguments.bot_token,
        app_token=arguments.app_token,
        signing_secret=arguments.signing_secret,
        rate_limits=not arguments.no_rate_limits,
    )
    if arguments.people:
        populate(workspace, json.loads(arguments.people.read_text("utf-8")))
    over = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    async with serve(workspace, port=arguments.port) as server:
        print(f"Workspace at {server.url}", flush=True)
        if arguments.request_url:
            await workspace.connect_app(arguments.request_url)
        await over.wait()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run(_arguments()))

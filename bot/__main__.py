"""The `opsroom` program."""

import asyncio
import gc
import logging
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.audit_cli import audit
from bot.cli_options import DATABASE
from bot.errors import BadInput, OpsroomError
from bot.roles_cli import roles

if TYPE_CHECKING:
    from bot.runbooks.platforms import Platforms

_RUNBOOKS = click.option(
    "--runbooks", type=click.Path(path_type=Path), default=Path("runbooks"), show_default=True, help="The folder."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="opsroom")
def cli() -> None:
    """Opsroom turns operations runbooks into a working operations room in Slack."""


@cli.command()
def serve() -> None:
    """Run the bot. The environment says how: OPSROOM_SLACK_BOT_TOKEN and the rest."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # it means "read the runbooks again", and they are about to be read
    gc.disable()  # until the bot is ready: what is made while it starts stays, and looking through it takes a third
    import uvloop

    from bot.access.redaction import guard_logs
    from bot.app import read_settings, serve

    settings = read_settings()
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    guard_logs()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        carried_on = runner.run(serve(settings))
    if not carried_on:
        sys.exit(75)  # EX_TEMPFAIL of sysexits.h: start me again


@cli.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="Of the local workspace.")
@click.option("--broken", is_flag=True, help="With a bad release of Social Live, from the start.")
def demo(port: int, *, broken: bool) -> None:
    """Try Opsroom in a local workspace, in your browser; nothing outside this machine is contacted."""
    from sandbox.demo import run

    sys.exit(run(port, broken=broken))


@cli.command()
@DATABASE
def migrate(database_url: str) -> None:
    """Bring the store's schema up to date; `serve` does it as well."""
    from bot.store.database import open_store
    from bot.store.migrate import migrate as bring_up_to_date

    async def run() -> str:
        async with open_store(database_url) as store:
            return await bring_up_to_date(store)

    click.echo(f"The store is at {asyncio.run(run())}.")


@cli.command()
@_RUNBOOKS
@click.option(
    "--coverage", "inventory", type=click.Path(path_type=Path), metavar="CSV", help="Compare with an inventory."
)
def check(runbooks: Path, inventory: Path | None) -> None:
    """Look for faults in the runbooks and say where they are, or what the clock starts next."""
    from bot.runbooks.loader import look_over
    from bot.runbooks.own_commands import unknown_commands
    from bot.runbooks.summary import summary

    platforms, faults = look_over(runbooks)
    if faults := [*faults, *unknown_commands(platforms, _own_commands())]:
        click.echo("\n".join(map(str, faults)), err=True)
        sys.exit(1)
    if inventory:
        sys.exit(_compare(platforms, inventory))
    click.echo(summary(platforms, datetime.now(UTC)))


def _own_commands() -> frozenset[str]:
    """Return the commands that people type, with their verbs."""
    from bot.verbs.catalogue import scan

    commands = scan("commands")
    return frozenset(f"/{command.name} {verb}".strip() for command in commands for verb in command.verbs)


def _compare(platforms: "Platforms", inventory: Path) -> int:
    """Print which rows of an inventory the runbooks carry out; return 0 when it is all of them."""
    from bot.runbooks.coverage import coverage
    from bot.runbooks.coverage_report import report
    from bot.runbooks.inventory import read_inventory
    from bot.runbooks.unknown_rows import unknown_rows

    rows = read_inventory(inventory)
    found, unknown = coverage(platforms, rows), unknown_rows(platforms, rows)
    click.echo(report(found))
    if unknown:
        click.echo("\n".join(map(str, unknown)), err=True)
    return 0 if found.complete and not unknown else 1


@cli.command()
@click.argument("kind", default="platform", metavar="[FILE KIND]")
def schema(kind: str) -> None:
    """Print the JSON Schema of a kind of runbook file, for editors: platform, probes, actions, alerts."""
    import json

    from bot.nearest import hint
    from bot.runbooks.schemas import KINDS, json_schema

    wanted = Path(kind).stem
    if wanted not in KINDS:
        raise BadInput(f'"{kind}" is no kind of runbook file; {hint(wanted, KINDS)}')
    click.echo(json.dumps(json_schema(wanted), indent=2))


@cli.command(name="import")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.md")
@click.option("--platform", metavar="NAME", help="Name of the folder; by the title if left out.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("runbooks"), show_default=True, help="Where to.")
def import_(file: Path, platform: str | None, out: Path) -> None:
    """Draft a platform's runbooks from a Markdown document, and say line by line what could not be placed."""
    from bot.runbooks.importer.writing import import_document

    click.echo(str(import_document(file, out, platform)))


cli.add_command(audit)
cli.add_command(roles)


def main() -> None:
    """Run the program; what a person can be told is a sentence and not a traceback."""
    try:
        cli(standalone_mode=True)
    except OpsroomError as error:
        click.echo(f"opsroom: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()

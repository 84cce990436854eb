"""The `opsroom` program."""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from bot.access.roles import Role
from bot.audit_cli import audit
from bot.cli_options import DATABASE
from bot.errors import BadInput, OpsroomError
from bot.store.grants import EVERYWHERE, Grant

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.runbooks.platforms import Platforms

T = TypeVar("T")

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


@cli.group()
def roles() -> None:
    """Say who may do what."""


_ROLES = click.Choice([role.name.lower() for role in Role if role], case_sensitive=False)
_PLATFORM = click.option("--platform", default=EVERYWHERE, help="A platform's name; everywhere if left out.")


@roles.command()
@click.argument("person")
@click.argument("role", type=_ROLES)
@_PLATFORM
@DATABASE
def grant(person: str, role: str, platform: str, database_url: str) -> None:
    """Give PERSON, a Slack user id like U012AB3CD, a ROLE."""
    from bot.access import granting

    given = Grant(person, platform, role, _who(), datetime.now(UTC))
    _in_store(database_url, lambda connection: granting.give(connection, given))
    click.echo(f"{person} is {Role[role.upper()].title} {_where(platform)} now.")


@roles.command()
@click.argument("person")
@_PLATFORM
@DATABASE
def revoke(person: str, platform: str, database_url: str) -> None:
    """Take the role of PERSON back."""
    from bot.access import granting

    by, at = _who(), datetime.now(UTC)
    taken = _in_store(database_url, lambda connection: granting.take_back(connection, person, platform, by, at))
    had = "has no role" if taken else "had no role"
    click.echo(f"{person} {had} {_where(platform)}{' now' if taken else ''}.")


@roles.command(name="list")
@DATABASE
def list_roles(database_url: str) -> None:
    """List every role that was given."""
    from bot.store import grants

    for given in _in_store(database_url, grants.of):
        click.echo(f"{given.holder}\t{given.role}\t{_where(given.platform)}\tby {given.granted_by}")


def _who() -> str:
    """Return who types this, as the audit log names them: they need not be anybody in Slack."""
    import getpass

    return f"shell:{getpass.getuser()}"


def _where(platform: str) -> str:
    return "everywhere" if platform == EVERYWHERE else f"on {platform}"


cli.add_command(audit)


def _in_store(database_url: str, deed: "Callable[[AsyncConnection], Awaitable[T]]") -> T:
    from bot.store.visit import visit

    async def run() -> T:
        async with visit(database_url) as store, store.begin() as connection:
            return await deed(connection)

    return asyncio.run(run())


def main() -> None:
    """Run the program; what a person can be told is a sentence and not a traceback."""
    try:
        cli(standalone_mode=True)
    except OpsroomError as error:
        click.echo(f"opsroom: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()

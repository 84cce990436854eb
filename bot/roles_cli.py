"""`opsroom roles`: say who may do what, people and Slack user groups."""

import asyncio
import getpass
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from bot.access.environments import Environment
from bot.access.roles import Role
from bot.cli_options import DATABASE
from bot.errors import BadInput, SettingsError
from bot.nearest import hint
from bot.store.grants import EVERYWHERE, Grant

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")

_ROLES = [role.name.lower() for role in Role if role]
_ENVIRONMENTS = [environment.value for environment in Environment]
_PATIENCE = 8.0  # seconds for one question to Slack
_MENTION = re.compile(r"<[@!](?:subteam\^)?(?P<id>\w+)(?:\|[^>]*)?>")
_PERSON = re.compile(r"[UW][A-Z0-9]{7,}")
_GROUP = re.compile(r"S[A-Z0-9]{7,}")
_WORD = re.compile(r"[a-z][a-z0-9._-]*")
_WRITTEN = "A person is named by the member id of the Slack profile, like U012AB3CD."


@dataclass(frozen=True, slots=True)
class Holder:
    """Who gets a role: a Slack id, and the handle if it is a user group."""

    id: str
    handle: str | None = None

    @property
    def name(self) -> str:
        """How it is called."""
        return self.id if self.handle is None else f"@{self.handle}"


def _one_of(known: list[str], kind: str) -> Callable[[click.Context, click.Parameter, str | None], str | None]:
    """Return what reads one of several words, and says which was meant when it is none of them."""

    def read(_context: click.Context, _parameter: click.Parameter, given: str | None) -> str | None:
        if given is None or given.lower() in known:
            return given and given.lower()
        raise click.BadParameter(f'"{given}" is no {kind}; {_meant(given, known)}')

    return read


_HOLDER = click.argument("holder", metavar="@PERSON|@GROUP")
_ON = click.option(
    "--on", "--platform", "platform", default=EVERYWHERE, metavar="PLATFORM", help="Everywhere if left out."
)
_IN = click.option(
    "--in",
    "environment",
    metavar="ENVIRONMENT",
    callback=_one_of(_ENVIRONMENTS, "environment"),
    help=f"{', '.join(_ENVIRONMENTS)}; all if left out.",
)
_RUNBOOKS = click.option(
    "--runbooks", type=click.Path(path_type=Path), help="The folder; OPSROOM_RUNBOOKS if left out."
)


@click.group()
def roles() -> None:
    """Say who may do what."""


@roles.command()
@_HOLDER
@click.argument("role", callback=_one_of(_ROLES, "role"), metavar="|".join(_ROLES))
@_ON
@_IN
@_RUNBOOKS
@DATABASE
def grant(
    holder: str, role: str, platform: str, environment: str | None, runbooks: Path | None, database_url: str
) -> None:
    """Give somebody a role: a person by the member id, like U012AB3CD, or a user group by its handle, like @oncall.

    Opsroom asks Slack for groups, with OPSROOM_SLACK_BOT_TOKEN.
    """
    from bot.access import granting

    if platform != EVERYWHERE:
        platform = _platform(platform, environment, runbooks)
    found = asyncio.run(_found(holder))
    given = Grant(found.id, platform, role, _who(), datetime.now(UTC), environment, found.handle)
    _in_store(database_url, lambda connection: granting.give(connection, given))
    who = f"Everybody in {found.name}" if found.handle else found.name
    click.echo(f"{who} is {Role[role.upper()].title} {_where(given)} now.")


@roles.command()
@_HOLDER
@_ON
@_IN
@DATABASE
def revoke(holder: str, platform: str, environment: str | None, database_url: str) -> None:
    """Take a role back, of a person or of a user group, from the very place for which it was given."""
    from bot.access import granting
    from bot.store import grants

    by, at = _who(), datetime.now(UTC)

    async def take(connection: "AsyncConnection") -> tuple[Holder, bool, list[Grant]]:
        who = _known(holder, await grants.of(connection))
        taken = await granting.take_back(connection, who.id, platform, by, at, environment)
        return who, taken, await grants.of(connection, who.id)

    who, taken, left = _in_store(database_url, take)
    place = _where(Grant(who.id, platform, "", by, at, environment))
    rest = f" What there is: {_and(left)}." if left and not taken else ""
    click.echo(f"{who.name} {'has no role' if taken else 'had no role'} {place}{' now' if taken else ''}.{rest}")


@roles.command(name="list")
@DATABASE
def list_roles(database_url: str) -> None:
    """List every role that was given."""
    from bot.store import grants

    for given in _in_store(database_url, grants.of):
        who = f"{given.holder} (@{given.handle})" if given.handle else given.holder
        click.echo(f"{who}\t{given.role}\t{_where(given)}\tby {given.granted_by}")


def _platform(typed: str, environment: str | None, folder: Path | None) -> str:
    """Return a platform's name. Raises BadInput when there is none like that, or not in that environment."""
    from bot.runbooks.loader import load_platforms
    from bot.settings import secret

    platforms = load_platforms(folder or Path(secret("OPSROOM_RUNBOOKS") or "runbooks"))
    found = platforms.named(typed)
    if found is None:
        raise BadInput(f'There is no platform "{typed}"; {_meant(typed, platforms.names)}')
    if environment not in (None, found.environment):
        raise BadInput(
            f"{found.name} is {found.environment}, so a role on it in {environment} would never count. "
            f"Leave --in out, or set `environment: {environment}` in its platform.yml."
        )
    return found.name


def _spelled(typed: str) -> tuple[str | None, str]:
    """Return the Slack id that was typed, None for a handle; and the handle, without the @.

    Raises BadInput for a bare word, which may be meant as either.
    """
    if mention := _MENTION.fullmatch(typed):
        return mention["id"], ""
    if _WORD.fullmatch(typed):
        raise BadInput(f'"{typed}" is no member id. {_WRITTEN} A user group is written @{typed}.')
    bare = typed.removeprefix("@")
    return (bare if not typed.startswith("@") or _PERSON.fullmatch(bare) or _GROUP.fullmatch(bare) else None), bare


async def _found(typed: str) -> Holder:
    """Return whom a word means; Slack is asked for user groups. Raises BadInput when there is no such group."""
    id_, handle = _spelled(typed)
    if id_ is not None and not _GROUP.fullmatch(id_):
        return Holder(id_)
    groups = await _groups()
    if id_ is None and handle in groups:
        return Holder(groups[handle], handle)
    if known := next((handle for handle, group in groups.items() if group == id_), None):
        return Holder(id_ or "", known)
    said = f"There is no user group {id_ or f'@{handle}'} in Slack; {_meant(handle, [f'@{each}' for each in groups])}"
    raise BadInput(f"{said} {_WRITTEN}")


async def _groups() -> dict[str, str]:
    """Return the ids of all user groups by their handles, as Slack says."""
    from bot.settings import secret
    from bot.slack.client import SLACK, SlackClient
    from bot.slack.groups import SlackDirectory
    from bot.wallclock import SystemClock

    token = secret("OPSROOM_SLACK_BOT_TOKEN")
    if not token:
        raise SettingsError("Slack has to be asked for user groups: OPSROOM_SLACK_BOT_TOKEN is missing.")
    url = secret("OPSROOM_SLACK_URL") or SLACK
    client = SlackClient(token, SystemClock(), base_url=url if url.endswith("/") else f"{url}/")
    try:
        return await SlackDirectory(client).group_ids(_PATIENCE)
    finally:
        await client.close()


def _known(typed: str, granted: list[Grant]) -> Holder:
    """Return whom a word means among those who have roles: a group may be gone from Slack already."""
    id_, handle = _spelled(typed)
    found = next((each for each in granted if each.handle and (each.holder == id_ or each.handle == handle)), None)
    if found:
        return Holder(found.holder, found.handle)
    if id_ is None:
        handles = dict.fromkeys(f"@{each.handle}" for each in granted if each.handle)
        raise BadInput(f"No user group @{handle} has a role; {_meant(handle, handles)}")
    return Holder(id_)


def _meant(typed: str, known: Iterable[str]) -> str:
    """Return which word was meant, as the end of a sentence."""
    said = hint(typed, known)
    return said if said.endswith("?") else f"{said}."


def _and(left: list[Grant]) -> str:
    return ", ".join(f"{Role[grant.role.upper()].title} {_where(grant)}" for grant in left)


def _who() -> str:
    """Return who types this, as the audit log names them: they need not be anybody in Slack."""
    return f"shell:{getpass.getuser()}"


def _where(grant: Grant) -> str:
    where = "everywhere" if grant.platform == EVERYWHERE else f"on {grant.platform}"
    return f"{where} in {grant.environment}" if grant.environment else where


def _in_store(database_url: str, deed: "Callable[[AsyncConnection], Awaitable[T]]") -> T:
    from bot.store.visit import visit

    async def run() -> T:
        async with visit(database_url) as store, store.begin() as connection:
            return await deed(connection)

    return asyncio.run(run())

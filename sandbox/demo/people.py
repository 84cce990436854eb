"""The demo's people, channels and user groups, and their roles in Opsroom's store."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.runbooks.platforms import Platforms
from bot.store import grants
from bot.store.database import open_store
from bot.store.grants import EVERYWHERE, Grant
from bot.store.migrate import migrate
from sandbox.slack import Workspace


@dataclass(frozen=True, slots=True)
class Account:
    """A demo account: `platforms` are where the role holds; without a role it may read the help."""

    name: str
    display_name: str
    title: str
    tz: str
    role: str | None = None
    platforms: tuple[str, ...] = (EVERYWHERE,)


ACCOUNTS = (
    Account("olivia", "Olivia Operator", "Site reliability engineer", "Europe/Berlin", "operator"),
    Account("omar", "Omar Operator", "Engineer, Social Live", "America/New_York", "operator", ("social-live",)),
    Account("ada", "Ada Approver", "Platform lead", "Europe/London", "approver"),
    Account("abe", "Abe Admin", "Head of platform", "America/Los_Angeles", "admin"),
    Account("vera", "Vera Viewer", "Customer support", "Asia/Seoul", "viewer"),
    Account("nils", "Nils Newcomer", "New here", "Europe/Stockholm"),
)
ON_CALL = ("omar", "ada")
"""Who is in every user group that a platform calls."""


def furnished(manifest: Mapping[str, Any], platforms: Platforms) -> Workspace:
    """Return a workspace with the accounts, and every channel and user group that the platforms name."""
    workspace = Workspace(
        manifest=dict(manifest),
        bot_token=f"xoxb-{secrets.token_hex(12)}",
        app_token=f"xapp-{secrets.token_hex(12)}",
        signing_secret=secrets.token_hex(16),
        name="Opsroom demo",
    )
    for account in ACCOUNTS:
        workspace.add_person(account.name, display_name=account.display_name, title=account.title, tz=account.tz)
    everybody = [account.name for account in ACCOUNTS] + [workspace.bot.id]
    workspace.add_channel("general", members=everybody, is_general=True)
    for name in dict.fromkeys(channel.name for p in platforms for channel in p.channels.values()):
        workspace.add_channel(name, members=everybody)
    groups = (group for p in platforms for severity in p.severities for group in p.groups_for(severity))
    for handle in dict.fromkeys(groups):
        workspace.add_usergroup(handle, users=ON_CALL)
    return workspace


async def seed_roles(database: str, workspace: Workspace) -> None:
    """Give the accounts their roles."""
    async with open_store(database) as store:
        await migrate(store)
        async with store.begin() as connection:
            for account in ACCOUNTS:
                for platform in account.platforms if account.role else ():
                    person = workspace.user_names[account.name]
                    given = Grant(person, platform, account.role or "", "the demo", datetime.now(UTC))
                    await grants.give(connection, given)

"""A workspace with groups, and those who look up in it who holds a role."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from bot.access.approvers import Approvers
from bot.access.holding import Holding
from bot.access.people import People
from bot.access.roles import Rights
from bot.slack.client import SlackClient
from bot.slack.groups import SlackDirectory
from bot.slack.pacing import Pacing
from bot.store.grants import EVERYWHERE, Grant
from sandbox.slack import Workspace, serve
from sandbox.slack.faults import Fault
from tests.slack.hands import START, LeapingClock

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Opsroom"},
    "features": {"bot_user": {"display_name": "Opsroom"}},
    "oauth_config": {"scopes": {"bot": ["usergroups:read", "users:read"]}},
    "settings": {"socket_mode_enabled": True},
}
ENVIRONMENTS = {"linkist": "production", "zephyr": "staging"}
SILENCE = Fault(method="*", kind="http_500", times=None)


@dataclass
class Office:
    """The workspace with ada, a guest and a deactivated person, and what a test asks about it."""

    workspace: Workspace
    clock: LeapingClock
    holding: Holding
    approvers: Approvers

    def person(self, name: str) -> str:
        return self.workspace.user_names[name]

    def group(self, handle: str, *members: str) -> str:
        """Make a user group, or give it other members; return its id."""
        known = next((group for group in self.workspace.usergroups.values() if group.handle == handle), None)
        group = known or self.workspace.add_usergroup(handle)
        users = tuple(self.person(name) for name in members)
        self.workspace.usergroups[group.id] = replace(group, users=users)
        return group.id

    def to_group(self, handle: str, role: str, platform: str = EVERYWHERE, environment: str | None = None) -> Grant:
        """Return a grant to a group that there is."""
        group = next(group for group in self.workspace.usergroups.values() if group.handle == handle)
        return Grant(group.id, platform, role, "the tests", START, environment, handle)

    async def rights(self, name: str, granted: Iterable[Grant], patience: float | None = None) -> Rights:
        """Return somebody's rights."""
        return await self.holding.rights(self.person(name), list(granted), ENVIRONMENTS, patience)

    def calls(self, method: str) -> int:
        """Return how often a method was called."""
        return len(self.workspace.calls.of(method))


@asynccontextmanager
async def office() -> AsyncIterator[Office]:
    """Serve the workspace while the block runs."""
    workspace, clock = Workspace(manifest=MANIFEST, rate_limits=False), LeapingClock()
    for name in ("ada", "olivia"):
        workspace.add_person(name)
    workspace.add_person("gus", guest=True)
    workspace.add_person("dora", deactivated=True)
    async with serve(workspace):
        url, token = f"{workspace.base_url}/api/", workspace.secrets.bot_token
        client = SlackClient(token, clock, base_url=url, pacing=Pacing(clock, enforce=False), spread=lambda: 0.5)
        people = People(SlackDirectory(client), clock)
        try:
            yield Office(workspace, clock, Holding(people), Approvers(people))
        finally:
            await client.close()

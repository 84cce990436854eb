"""The five roles, and who has which on which platform.

A role contains the ones before it. A person without a grant has none: everything but help is refused kindly.
"""

from collections.abc import Iterable, Mapping
from enum import IntEnum

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotAllowed
from bot.nearest import one_of
from bot.store import grants
from bot.store.grants import EVERYWHERE, Grant


class Role(IntEnum):
    """What a person may do on a platform."""

    NOBODY = 0
    VIEWER = 1
    RESPONDER = 2
    OPERATOR = 3
    APPROVER = 4
    ADMIN = 5

    @property
    def title(self) -> str:
        """The word for it, with its article: `an operator`."""
        return f"{'an' if self.name[0] in 'AEIOU' else 'a'} {self.name.lower()}"


class Rights:
    """A person's roles, as they were when a request arrived.

    `granted` are the grants of the person and of the groups of which the person is a member, `environments` those of
    the platforms by their names: without its platform's environment a grant in one environment does not count.
    `untold` are the handles of groups that have roles, but nobody can tell whether for this person.
    """

    def __init__(
        self,
        person: str,
        granted: Iterable[Grant],
        environments: Mapping[str, str] | None = None,
        untold: Iterable[str] = (),
    ) -> None:
        self.person = person
        self._environments = environments or {}
        self._granted = tuple(grant for grant in granted if self._counts(grant))
        self._untold = tuple(untold)

    def on(self, platform: str) -> Role:
        """Return the role on a platform: the highest of what is granted there and everywhere."""
        return max((role_of(grant) for grant in self._granted if self._covers(grant, platform)), default=Role.NOBODY)

    @property
    def highest(self) -> Role:
        """The highest role on any platform."""
        return max(map(role_of, self._granted), default=Role.NOBODY)

    @property
    def own_platforms(self) -> tuple[str, ...]:
        """The platforms for which a role was granted by name: those the person works on."""
        return tuple(dict.fromkeys(grant.platform for grant in self._granted if grant.platform != EVERYWHERE))

    def reach(self, role: Role, platforms: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of the platforms on which the person has that role."""
        return tuple(name for name in platforms if self.on(name) >= role)

    def require(self, role: Role, platform: str | None = None) -> None:
        """Raise NotAllowed unless the person has that role on the platform, or on any when none is given."""
        has = self.highest if platform is None else self.on(platform)
        if has >= role:
            return
        where, there = (f" on {platform}", " there") if platform else ("", "")
        now = f"you are {has.title}{there}" if has else f"you have no role{there} yet"
        raise NotAllowed(f"This needs {role.title}{where}, and {now}. {self._what_to_do()}")

    def _what_to_do(self) -> str:
        if not self._untold:
            return "Ask an Opsroom admin for that role."
        groups = one_of(f"@{handle}" for handle in self._untold)
        return f"Slack does not say just now whether you are in {groups}, which may change that. Try again in a minute."

    def _covers(self, grant: Grant, platform: str) -> bool:
        here = grant.platform in (platform, EVERYWHERE)
        return here and grant.environment in (None, self._environments.get(platform))

    def _counts(self, grant: Grant) -> bool:
        """Tell whether there is a platform at all on which a grant holds."""
        return grant.environment is None or any(self._covers(grant, platform) for platform in self._environments)


def role_of(grant: Grant) -> Role:
    """Return the role that a grant gives."""
    return Role[grant.role.upper()]


async def rights_of(connection: AsyncConnection, person: str, environments: Mapping[str, str] | None = None) -> Rights:
    """Return what a person may do by what was granted to the person alone; `bot.access.holding` adds the groups."""
    return Rights(person, await grants.of(connection, person), environments)

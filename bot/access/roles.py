"""The five roles, and who has which on which platform.

A role contains the ones before it. A person without a grant has none: everything but help is refused kindly.
"""

from enum import IntEnum

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotAllowed
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
    """A person's roles, as they were when a request arrived."""

    def __init__(self, person: str, granted: list[Grant]) -> None:
        self.person = person
        self._roles = {grant.platform: Role[grant.role.upper()] for grant in granted}

    def on(self, platform: str) -> Role:
        """Return the role on a platform: the higher of what is granted there and everywhere."""
        return max(self._roles.get(platform, Role.NOBODY), self._roles.get(EVERYWHERE, Role.NOBODY))

    @property
    def highest(self) -> Role:
        """The highest role on any platform."""
        return max(self._roles.values(), default=Role.NOBODY)

    @property
    def own_platforms(self) -> tuple[str, ...]:
        """The platforms for which a role was granted by name: those the person works on."""
        return tuple(name for name in self._roles if name != EVERYWHERE)

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
        raise NotAllowed(f"This needs {role.title}{where}, and {now}. Ask an Opsroom admin for that role.")


async def rights_of(connection: AsyncConnection, person: str) -> Rights:
    """Return what a person may do."""
    return Rights(person, await grants.of(connection, person))

"""Which of the grants a person holds: the own ones, and those of the groups of which the person is a member.

Slack is asked only when a group has a role that the person does not have anyway, and never while the store waits.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from bot.access.directory import Standing
from bot.access.people import People
from bot.access.roles import Rights, Role, role_of
from bot.store.grants import EVERYWHERE, Grant


class Holding:
    """Turns grants into a person's rights."""

    def __init__(self, people: People) -> None:
        self._people = people

    async def rights(
        self,
        person: str,
        concerning: Sequence[Grant],
        environments: Mapping[str, str],
        patience: float | None = None,
    ) -> Rights:
        """Return the rights of a person; `concerning` are the grants of the person and of every group.

        A group of which nobody can tell within `patience` seconds who is in it gives nothing.
        """
        own = [grant for grant in concerning if grant.handle is None]
        has = Rights(person, own, environments).on(EVERYWHERE)
        more = [grant for grant in concerning if grant.handle is not None and role_of(grant) > has]
        inside = await self._memberships(person, {grant.holder for grant in more}, patience)
        held = [grant for grant in more if inside[grant.holder]]
        untold = [grant for grant in more if inside[grant.holder] is None]
        high = [grant for grant in held if role_of(grant) > Role.VIEWER]
        if high and (standing := await self._people.standing(person, patience)) is not Standing.MEMBER:
            held = [grant for grant in held if grant not in high]
            untold += high if standing is None else []
        return Rights(person, [*own, *held], environments, dict.fromkeys(str(grant.handle) for grant in untold))

    async def _memberships(self, person: str, groups: Iterable[str], patience: float | None) -> dict[str, bool | None]:
        """Return for each group whether the person is in it; None when nobody can tell."""
        asked = list(groups)
        found = await asyncio.gather(*(self._people.members(group, patience) for group in asked))
        return {group: None if people is None else person in people for group, people in zip(asked, found, strict=True)}

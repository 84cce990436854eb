"""Who may allow a change, beyond the role: people, by their Slack ids, and of the groups that the platform names.

Whoever asked for a change is told apart by the same id, so that nobody gets around it through another group.
"""

import asyncio
from collections.abc import Sequence

from bot.access.directory import Standing
from bot.access.people import People, listed

_LATER = "Try again in a minute."
_KEPT_OUT = {
    Standing.GUEST: "Guests allow no changes",
    Standing.BOT: "Bots allow no changes",
    Standing.DEACTIVATED: "This account is deactivated, and allows no changes",
    Standing.STRANGER: "Slack does not know this account, and so it allows no changes",
}


class Approvers:
    """Looks people up when they are about to allow something."""

    def __init__(self, people: People) -> None:
        self._people = people

    async def may_approve(self, person: str, platform: str, groups: Sequence[str] = ()) -> str | None:
        """Return a sentence why a person may not allow changes on a platform; None when nothing is in the way.

        `groups` are the handles of the user groups of which one of the approvers has to be, everybody when there are
        none. What nobody can tell just now is a no.
        """
        standing = await self._people.standing(person)
        if standing is None:
            return f"Slack does not say just now who you are, so nothing is allowed on {platform}. {_LATER}"
        if standing is not Standing.MEMBER:
            return f"{_KEPT_OUT[standing]} on {platform}."
        return await self._outside(person, platform, groups) if groups else None

    async def _outside(self, person: str, platform: str, groups: Sequence[str]) -> str | None:
        """Return why a person is in none of the groups; None when in one of them."""
        ids = await self._people.group_ids()
        if ids is None:
            return f"Slack does not say just now who is in {listed(groups)}. {_LATER}"
        known = [handle for handle in groups if handle in ids]
        if not known:
            return _nobody(platform, groups)
        found = await asyncio.gather(*(self._people.members(ids[handle]) for handle in known))
        if any(people is not None and person in people for people in found):
            return None
        if silent := [handle for handle, people in zip(known, found, strict=True) if people is None]:
            return f"Slack does not say just now who is in {listed(silent)}. {_LATER}"
        return f"People of {listed(known)} allow changes like this on {platform}, and you are not one of them."


def _nobody(platform: str, groups: Sequence[str]) -> str:
    there, them = ("There is no user group", "it") if len(groups) == 1 else ("There are no user groups", "them")
    return f"{there} {listed(groups)} in Slack, so nobody can allow changes on {platform}: its runbook names {them}."

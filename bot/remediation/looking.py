"""Looking at requests: what waits for somebody, and what is being done."""

from bot.access.roles import Rights, Role
from bot.remediation.nouns import RequestList
from bot.remediation.showing import Showing
from bot.runbooks.platform import Platform
from bot.runbooks.platforms import Platforms
from bot.store import requests
from bot.store.database import Store
from bot.store.requests import OPEN

_LISTED = 50
"""More than anybody reads; the message says how many it leaves out."""


class Requests:
    """All requests, for those who look."""

    def __init__(self, store: Store, platforms: Platforms, showing: Showing) -> None:
        self._store, self._platforms, self._showing = store, platforms, showing

    async def listed(self, rights: Rights, platform: Platform | None = None) -> RequestList:
        """Return the open requests that the person may see, of one platform if given."""
        names = rights.reach(Role.VIEWER, (platform.name,) if platform else self._platforms.names)
        async with self._store.read() as connection:
            found = await requests.listed(connection, names, OPEN, _LISTED)
        boards = [await self._showing.board_of(each) for each in found if self._platforms.get(each.platform)]
        return RequestList(tuple(boards), platform.title if platform else "")

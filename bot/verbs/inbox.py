"""The requests that are not done yet, as the clock sees them; the doorway keeps them."""

from typing import Protocol


class Inbox(Protocol):
    """What was taken down and waits."""

    async def sweep(self) -> int:
        """Go on with what was left open and return how many."""

    async def forget(self) -> int:
        """Delete what is finished and old, what was said and done for it included, and return how many."""

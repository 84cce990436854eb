"""Every five seconds: requests that were left open, because something did not answer."""

from datetime import timedelta

from bot.verbs.inbox import Inbox

EVERY = timedelta(seconds=5)


async def tick(inbox: Inbox) -> int:
    """Go on with them and return how many there were."""
    return await inbox.sweep()

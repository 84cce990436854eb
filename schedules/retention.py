"""Every hour: what was asked for, done and said so long ago that it can be forgotten. Incidents are kept."""

from datetime import timedelta

from bot.verbs.inbox import Inbox

EVERY = timedelta(hours=1)


async def tick(inbox: Inbox) -> int:
    """Forget them and return how many there were."""
    return await inbox.forget()

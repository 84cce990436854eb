"""Every hour: finished requests that are old enough to be forgotten."""

from datetime import timedelta

from bot.verbs.inbox import Inbox

EVERY = timedelta(hours=1)


async def tick(inbox: Inbox) -> int:
    """Forget them and return how many there were."""
    return await inbox.forget()

"""Handing targets over: one request at a time changes a target, the next in the queue goes on when it is free."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.remediation.plan import targets_of
from bot.store import requests, target_locks
from bot.store.requests import QUEUED, RUNNING, WAITING, Request

_LONGEST_QUEUE = 1000


async def admit(connection: AsyncConnection, request: Request, at: datetime) -> str:
    """Let an approved request begin, or queue it behind the one that has its target; return its state."""
    targets = targets_of(request.plan)
    held = await target_locks.take(connection, request.platform, targets, request.number, at)
    state = RUNNING if held is None else QUEUED
    await requests.change(connection, request.number, (WAITING, QUEUED), state=state, decided_at=at)
    return state


async def hand_over(connection: AsyncConnection, request: Request, at: datetime) -> list[int]:
    """Take a request's targets back and return those that may begin now, in the order of their numbers."""
    await target_locks.release(connection, request.number)
    queued = await requests.listed(connection, (request.platform,), (QUEUED,), _LONGEST_QUEUE)
    begun = []
    for waiting in reversed(queued):
        targets = targets_of(waiting.plan)
        if await target_locks.take(connection, waiting.platform, targets, waiting.number, at) is None:
            await requests.change(connection, waiting.number, (QUEUED,), state=RUNNING)
            begun.append(waiting.number)
        else:
            await requests.count_up(connection, waiting.number)  # another one is ahead of it now
    return begun

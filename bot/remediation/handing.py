"""Handing targets over: one request at a time changes a target, the next in the queue goes on when it is free."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.remediation.plan import targets_of
from bot.store import requests, target_locks, timers
from bot.store.requests import QUEUED, RUNNING, WAITING, Request

BEGINNING = "request-beginning"
"""The kind of timer after which it is looked whether a request has begun; its key is the request's number."""
_SOON = timedelta(seconds=10)
LONGEST_QUEUE = 1000
"""Requests of a platform that are looked through when a target is free again."""


async def admit(connection: AsyncConnection, request: Request, at: datetime) -> str:
    """Let an approved request begin, or queue it behind the one that has its target; return its state."""
    targets = targets_of(request.plan)
    held = await target_locks.take(connection, request.platform, targets, request.number, at)
    state = RUNNING if held is None else QUEUED
    await requests.change(connection, request.number, (WAITING, QUEUED), state=state, decided_at=at)
    if state == RUNNING:
        await _see_to_it(connection, request.number, at)
    return state


async def hand_over(connection: AsyncConnection, request: Request, at: datetime) -> list[int]:
    """Take a request's targets back and return those that may begin now, in the order of their numbers."""
    await target_locks.release(connection, request.number)
    queued = await requests.listed(connection, (request.platform,), (QUEUED,), LONGEST_QUEUE)
    begun = []
    for waiting in reversed(queued):
        now = await requests.by_number(connection, waiting.number, hold=True)
        if now is None or now.state != QUEUED:
            continue  # somebody withdrew or denied it just now
        if await target_locks.take(connection, now.platform, targets_of(now.plan), now.number, at) is None:
            await requests.change(connection, now.number, (QUEUED,), state=RUNNING)
            await _see_to_it(connection, now.number, at)
            begun.append(now.number)
        else:
            await requests.count_up(connection, now.number)  # another one is ahead of it now
    return begun


async def _see_to_it(connection: AsyncConnection, number: int, at: datetime) -> None:
    """Have it looked at soon whether a request that may begin has begun: whoever lets it begin may be killed first."""
    await timers.put(connection, BEGINNING, str(number), at + _SOON, None)

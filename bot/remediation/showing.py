"""Showing a request: its one message, drawn anew until it says what is true now."""

import asyncio
import logging
from typing import Any

from bot.errors import BadInput, OpsroomError, SlackRefused
from bot.remediation.nouns import RequestBoard
from bot.remediation.plan import Plan
from bot.remediation.policy import Policy
from bot.remediation.ports import Board
from bot.runbooks.platform import Platform
from bot.runbooks.platforms import Platforms
from bot.store import decisions, requests, target_locks
from bot.store.database import Store
from bot.store.requests import QUEUED, Request

logger = logging.getLogger(__name__)

_THREAD_GONE = {"cannot_reply_to_message", "thread_not_found", "message_not_found"}
_DRAWN_AGAIN = 5
"""How often a message is drawn anew while it keeps changing; whoever changes it last draws it, too."""


class Showing:
    """The messages of requests."""

    def __init__(self, store: Store, platforms: Platforms, board: Board) -> None:
        self._store, self._platforms, self._board = store, platforms, board
        self._drawing: dict[int, asyncio.Task[None]] = {}
        self._stale: set[int] = set()

    async def board_of(self, request: Request) -> RequestBoard:
        """Return all that there is to show. Raises BadInput when its platform is no longer in the runbooks."""
        platform = self.platform_of(request)
        plan, policy = Plan.from_json(request.plan), Policy.from_json(request.policy)
        async with self._store.read() as connection:
            decided = await decisions.on(connection, request.number)
            ahead = None
            if request.state == QUEUED:
                ahead = await target_locks.holder(connection, request.platform, plan.targets)
        return RequestBoard(request, platform, plan, policy, decided, ahead)

    def platform_of(self, request: Request) -> Platform:
        """Return a request's platform. Raises BadInput when it is no longer in the runbooks."""
        platform = self.known_platform_of(request)
        if platform is None:
            raise BadInput(f"The platform {request.platform} of {request.ref} is no longer in the runbooks.")
        return platform

    def known_platform_of(self, request: Request) -> Platform | None:
        """Return a request's platform; None when it is no longer in the runbooks."""
        return self._platforms.get(request.platform)

    async def post(self, request: Request) -> None:
        """Post a request's message and note where it is. Raises SlackError."""
        ts = await self._board.post(key(request), request.channel, await self.board_of(request))
        async with self._store.begin() as connection:
            await requests.shown_at(connection, request.number, ts)
        await self.show(request.number)  # somebody may have pressed a button before it was known where it is shown

    async def show(self, number: int) -> None:
        """Draw the message anew until it shows the newest. Raises SlackError."""
        shown = -1
        for _ in range(_DRAWN_AGAIN):
            async with self._store.read() as connection:
                now = await requests.by_number(connection, number)
            if now is None or now.message_ts is None or now.version == shown:
                return
            shown = now.version
            await self._board.edit(key(now), now.channel, now.message_ts, await self.board_of(now))

    async def say(self, what: str, request: Request, noun: Any, thread: str) -> None:
        """Say something once in the thread of a request's message; in the channel when somebody has deleted that."""
        try:
            await self._board.post(f"{key(request)}:{what}", request.channel, noun, thread)
        except SlackRefused as refused:
            if refused.code not in _THREAD_GONE:
                raise
            await self._board.post(f"{key(request)}:{what}-alone", request.channel, noun)

    def show_soon(self, number: int) -> None:
        """Draw the message anew beside what is going on, which does not wait for Slack and does not fail with it."""
        if number in self._drawing:
            self._stale.add(number)
            return
        self._drawing[number] = asyncio.create_task(self._drawn(number), name=f"show request {number}")

    async def close(self) -> None:
        """Wait for the drawing that is under way."""
        await asyncio.gather(*self._drawing.values(), return_exceptions=True)

    async def _drawn(self, number: int) -> None:
        again = True
        try:
            while again:
                self._stale.discard(number)
                await self.show(number)
                again = number in self._stale
        except OpsroomError as error:
            logger.info("REQ-%s shows its progress later: %s", number, error)
        finally:
            # At once: whoever asks for a drawing from here on has to get a new one.
            self._drawing.pop(number, None)


def key(request: Request) -> str:
    """Return the name of a request's message, by which it is found again."""
    return f"request:{request.number}"

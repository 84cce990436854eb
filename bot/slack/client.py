"""The one way from Opsroom to Slack: `call` for the Web API, `respond` for reply links, `upload` for files.

It keeps Slack's pace (`bot.slack.pacing`), repeats what may be repeated, and says of everything else what is
known: done, refused, not done, or unclear. The token is in the headers of the requests and nowhere else.
"""

import asyncio
import itertools
import json
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.durable.engine import Guard
from bot.durable.run import unguarded
from bot.errors import OutcomeUnclear, SlackUnavailable
from bot.slack import answers
from bot.slack.answers import Answer, Body, Doubt, Trouble
from bot.slack.methods import Carriage
from bot.slack.methods import method as known
from bot.slack.pacing import Pacing
from bot.wallclock import Clock

SLACK = "https://slack.com/api/"
# Backoff in seconds: full jitter below a ceiling that doubles.
FIRST_CEILING, LAST_CEILING = 0.25, 4.0
TRIES = 8
GUARDED = 5.0
"""Seconds that a call waits for its guard."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wire:
    """How Slack is reached. `timeout` is for a whole exchange, `connect` for making a connection, in seconds.

    At most `connections` at once, each kept for `keep_alive` seconds when idle; `proxy` is the address of
    one.
    """

    timeout: float = 10.0
    connect: float = 3.0
    connections: int = 100
    keep_alive: float = 30.0
    proxy: str | None = None


class SlackClient:
    """Slack's Web API for one token.

    `clock` is what pacing and backoff wait on; `spread` returns numbers in [0, 1) for the jitter; `patience`
    is how many seconds a call may spend on waiting: for its turn, for a 429, between repeats; an exchange
    that began within that time is let end. `guard` is asked before each exchange that must not be repeated: a replica
    that was frozen may have been taken over, and what it was about to do been done. Close it with `close`.
    """

    def __init__(  # noqa: PLR0913 all but two can be left out
        self,
        token: str,
        clock: Clock,
        *,
        base_url: str = SLACK,
        wire: Wire | None = None,
        pacing: Pacing | None = None,
        spread: Callable[[], float] = random.random,
        patience: float = 8.0,
        guard: Guard = unguarded,
    ) -> None:
        self._clock, self._spread, self._guard = clock, spread, guard
        self._pacing = pacing or Pacing(clock)
        self._patience, self._wire = patience, wire or Wire()
        self._session: aiohttp.ClientSession | None = None
        self._warned: set[tuple[str, str]] = set()
        self._web = AsyncWebClient(token=token, base_url=base_url, logger=_quiet_log(), retry_handlers=[])
        # slack_sdk takes a proxy from the environment by itself; only the settings may read that.
        self._web.proxy = self._wire.proxy

    def __repr__(self) -> str:
        return f"SlackClient({self._web.base_url})"

    async def call(
        self,
        method: str,
        args: Mapping[str, Any] | None = None,
        *,
        repeatable: bool | None = None,
        urgent: bool = False,
        patience: float | None = None,
    ) -> Body:
        """Call a Web API method and return its answer.

        `args` are the method's arguments, those that are None left out; `repeatable` overrules
        `bot.slack.methods`; `urgent` goes before what is not; `patience` (seconds) overrules the client's
        own.

        Raises SlackRefused when Slack says no (codes that mean "already so" included); SlackUnavailable when
        it was surely not done, or is repeatable and kept failing; OutcomeUnclear when it may have been done
        and must not be repeated.
        """
        given = {name: value for name, value in (args or {}).items() if value is not None}
        channel = str(given.get("channel", ""))

        async def exchange() -> Body:
            return await self._exchange(method, given)

        return await self._insist(
            method,
            exchange,
            repeatable=known(method).repeatable if repeatable is None else repeatable,
            channel=channel,
            urgent=urgent,
            patience=self._patience if patience is None else patience,
        )

    async def respond(self, url: str, message: Mapping[str, Any], *, patience: float | None = None) -> None:
        """Send a message through a response_url, which takes five within 30 minutes.

        Raises SlackRefused with the code `expired_url` when the link is spent, else as `call` does.

        After an unclear failure, what only one person sees, and what replaces or deletes, is sent again: seen
        twice, it costs a glance, while a person without an answer repeats the command. What the whole channel
        sees is not.
        """

        async def exchange() -> Body:
            return await self._reply(url, message)

        alone = message.get("response_type", "ephemeral") == "ephemeral"
        replaces = bool(message.get("replace_original") or message.get("delete_original"))
        await self._insist(
            "response_url",
            exchange,
            repeatable=alone or replaces,
            channel="",
            urgent=True,
            patience=self._patience if patience is None else patience,
        )

    async def upload(self, url: str, content: bytes, *, patience: float | None = None) -> None:
        """Send a file's bytes to the address that files.getUploadURLExternal gave; sent twice, they are there once.

        Raises SlackRefused and SlackUnavailable as `call` does.
        """

        async def exchange() -> Body:
            return await self._send_file(url, content)

        await self._insist(
            "upload",
            exchange,
            repeatable=True,
            channel="",
            urgent=False,
            patience=self._patience if patience is None else patience,
        )

    async def close(self) -> None:
        """Close the connections and send away whoever waits for a turn."""
        self._pacing.close()
        if self._session is not None:
            await self._session.close()

    async def _insist(
        self,
        method: str,
        exchange: Callable[[], Awaitable[Body]],
        *,
        repeatable: bool,
        channel: str,
        urgent: bool,
        patience: float,
    ) -> Body:
        """Repeat an exchange for as long as that is allowed and patience lasts."""
        started, turn = self._seconds(), None
        for attempt in itertools.count(1):
            left = max(patience - (self._seconds() - started), 0.0)
            turn = await self._pacing.admit(method, channel, urgent=urgent, patience=left, turn=turn)
            if not repeatable:
                await self._guarded(method)
            outcome = await _outcome(exchange)
            if not isinstance(outcome, Trouble):
                return outcome
            if outcome.doubt is Doubt.PERHAPS_DONE and not repeatable:
                raise OutcomeUnclear(method, outcome.reason)
            wait = outcome.retry_after or self._backoff(attempt)
            held = outcome.doubt is Doubt.HELD_BACK
            if held:
                self._pacing.pause(method, wait)
            if self._seconds() - started + wait > patience or (attempt >= TRIES and not held):
                raise SlackUnavailable(method, outcome.reason, retry_after=outcome.retry_after)
            if not held:
                await self._clock.sleep(wait)
        raise AssertionError("the count has no end")

    async def _guarded(self, method: str) -> None:
        try:
            async with asyncio.timeout(GUARDED):
                await self._guard()
        except TimeoutError:
            raise SlackUnavailable(method, "this replica was silent, and others may do its work now") from None

    async def _exchange(self, method: str, args: Body) -> Body:
        """Do one HTTP exchange; raises Trouble or SlackRefused."""
        answer = await self._ask(method, args)
        if isinstance(answer, Trouble):
            raise answer
        body = answers.judge(method, answer, secret=self._web.token or "")
        for warning in answers.warnings(body):
            self._warn_once(method, warning)
        return body

    async def _ask(self, method: str, args: Body) -> Answer | Trouble:
        """Ask Slack once. Nothing is raised: errors of the transport hold the request, and so the token."""
        web = self._web
        web.session = self._open()
        try:
            response = await web.api_call(method, **_carried(known(method).carriage, args))
        except SlackApiError as error:
            return answers.of_web_api(error.response)
        except answers.TRANSPORT as error:
            return answers.of_error(error)
        return answers.of_web_api(response)

    async def _reply(self, url: str, message: Mapping[str, Any]) -> Body:
        """Post to a response_url once; raises Trouble or SlackRefused."""
        answer = await self._post(url, message)
        if isinstance(answer, Trouble):
            raise answer
        return answers.judge_reply(answer)

    async def _post(self, url: str, message: Mapping[str, Any]) -> Answer | Trouble:
        """Post once. The address is a secret, for it lets anyone answer, and is in no error."""
        try:
            async with self._open().post(url, json=dict(message)) as response:
                return answers.of_response_url(response.status, response.headers, await response.text())
        except answers.TRANSPORT as error:
            return answers.of_error(error)

    async def _send_file(self, url: str, content: bytes) -> Body:
        """Send bytes once; raises Trouble or SlackRefused. The address lets anyone write, and is in no error."""
        try:
            async with self._open().post(url, data=content) as response:
                answer = Answer(response.status, {"ok": True}, answers.seconds(response.headers))
        except answers.TRANSPORT as error:
            raise answers.of_error(error) from None
        return answers.judge("upload", answer)

    def _open(self) -> aiohttp.ClientSession:
        """Return the one session, opened at the first use because it belongs to the running event loop."""
        if self._session is None:
            wire = self._wire
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=wire.connections, keepalive_timeout=wire.keep_alive),
                timeout=aiohttp.ClientTimeout(total=wire.timeout, sock_connect=wire.connect),
                cookie_jar=aiohttp.DummyCookieJar(),
                proxy=wire.proxy,
            )
        return self._session

    def _seconds(self) -> float:
        return self._clock.now().timestamp()

    def _backoff(self, attempt: int) -> float:
        return self._spread() * min(FIRST_CEILING * 2.0 ** (attempt - 1), LAST_CEILING)

    def _warn_once(self, method: str, warning: str) -> None:
        if (method, warning) not in self._warned:
            self._warned.add((method, warning))
            log.warning("Slack warns about %s: %s", method, warning)


async def _outcome(exchange: Callable[[], Awaitable[Body]]) -> Body | Trouble:
    """Hand a trouble back as a value, so that what is raised later carries no trail of transport errors."""
    try:
        return await exchange()
    except Trouble as trouble:
        return trouble


def _carried(carriage: Carriage, args: Body) -> dict[str, Any]:
    """Return the arguments in the way that their method takes them, as slack_sdk's `api_call` wants it."""
    if carriage is Carriage.JSON:
        return {"http_verb": "POST", "json": args}
    flat = {name: _flat(value) for name, value in args.items()}
    if carriage is Carriage.QUERY:
        return {"http_verb": "GET", "params": flat}
    return {"http_verb": "POST", "data": flat}


def _flat(value: object) -> str:
    """Write one argument as text: Slack takes 1 and 0 as booleans, commas between names, else JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ",".join(value)
    return json.dumps(value)


def _quiet_log() -> logging.Logger:
    """Return slack_sdk's log, kept above DEBUG: there it would write out every message."""
    wire = logging.getLogger(f"{__name__}.wire")
    wire.setLevel(logging.WARNING)
    return wire

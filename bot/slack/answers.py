"""What came of one HTTP exchange with Slack, judged: done, refused, or a trouble that may pass."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import aiohttp
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.errors import SlackRefused

# Slack's reference says of internal_error and fatal_error that part of the work may have been done; of the
# other two that Slack was not able to take the call in. All four are Slack's own failures and worth
# repeating.
FAILURES = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
# Slack answers too many calls with 429 and `ratelimited`; chat.postMessage also has a `rate_limited`.
TOO_MANY = frozenset({"rate_limited", "ratelimited"})

Body = dict[str, Any]


class Doubt(Enum):
    """Whether the work of a call that went wrong may have been done."""

    NOT_DONE = auto()
    HELD_BACK = auto()
    PERHAPS_DONE = auto()


class Trouble(Exception):
    """One exchange did not work, and the next may; `retry_after` is what Slack asked for, in seconds."""

    def __init__(self, doubt: Doubt, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.doubt, self.reason, self.retry_after = doubt, reason, retry_after


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer: its status, its JSON object where there was one, and the seconds of its Retry-After."""

    status: int
    body: Body | None
    retry_after: float | None


def of_web_api(response: AsyncSlackResponse | aiohttp.ClientResponse) -> Answer:
    """Read what slack_sdk hands out: its own response, or aiohttp's when the body was not JSON."""
    if isinstance(response, AsyncSlackResponse):
        body = response.data if isinstance(response.data, dict) else None
        return Answer(response.status_code, body, seconds(response.headers))
    return Answer(response.status, None, seconds(response.headers))


def seconds(headers: Mapping[str, str]) -> float | None:
    """Return the Retry-After of an answer in seconds; None when there is none (Slack gives whole seconds)."""
    value = next((value for name, value in headers.items() if name.lower() == "retry-after"), "").strip()
    return max(float(value), 1.0) if value.isascii() and value.isdigit() else None


def of_error(error: Exception) -> Trouble:
    """Tell from a transport error whether the call can have reached Slack; without headers and addresses."""
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return Trouble(Doubt.NOT_DONE, "its name could not be looked up")
    if isinstance(error, aiohttp.ClientConnectorError):
        return Trouble(Doubt.NOT_DONE, "no connection could be made")
    if isinstance(error, aiohttp.ConnectionTimeoutError | aiohttp.InvalidURL):
        return Trouble(Doubt.NOT_DONE, "no connection could be made in time")
    if isinstance(error, TimeoutError):
        return Trouble(Doubt.PERHAPS_DONE, "no answer came in time")
    if isinstance(error, aiohttp.ClientError | OSError):
        return Trouble(Doubt.PERHAPS_DONE, "the connection was cut")
    return Trouble(Doubt.PERHAPS_DONE, "the answer could not be read")


# What an exchange may raise besides SlackApiError. AttributeError: slack_sdk trips over a 200 whose body is
# no JSON object; ValueError: a body that is not text.
TRANSPORT = (aiohttp.ClientError, OSError, ValueError, AttributeError)


def judge(method: str, answer: Answer, secret: str = "") -> Body:
    """Return the body of a call that worked; raises Trouble or SlackRefused for one that did not.

    `secret` is taken out of what Slack says, should Slack ever repeat it.
    """
    body = answer.body or {}
    code = str(body.get("error", ""))
    if answer.status == 200 and body.get("ok"):
        return body
    if answer.status == 429 or code in TOO_MANY:
        wait = answer.retry_after or 1.0
        raise Trouble(Doubt.HELD_BACK, f"it asked us to wait {wait:g} s", wait)
    if answer.status >= 500 or code in FAILURES:
        said = code or f"HTTP status {answer.status}"
        raise Trouble(Doubt.PERHAPS_DONE, f"it failed with {said}", answer.retry_after)
    if code:
        said = _details(body)
        raise SlackRefused(method, code, said.replace(secret, "…") if secret else said)
    if answer.status == 200:
        raise Trouble(Doubt.PERHAPS_DONE, "the answer could not be read")
    raise SlackRefused(method, f"http_{answer.status}", "Slack does not answer so: check its API's address")


def _details(body: Body) -> str:
    """Return what a refusal says beside its code: the scope it needs, Slack's messages, whom it concerns."""
    said = [f"it needs the scope {body['needed']}"] if body.get("needed") else []
    said += [str(message) for message in (body.get("response_metadata") or {}).get("messages") or ()]
    for fault in body.get("errors") or ():
        said.append(" ".join(map(str, fault.values())) if isinstance(fault, dict) else str(fault))
    return "; ".join(said)


def warnings(body: Body) -> list[str]:
    """Return the warnings that an answer carries."""
    short = str(body.get("warning") or "").split(",")
    listed = (body.get("response_metadata") or {}).get("warnings") or short
    return [str(warning) for warning in listed if warning]


_CODE = re.compile(r"[a-z][a-z_]{2,60}")
# Slack: a response_url takes five messages within 30 minutes (docs.slack.dev, "Handling user interaction in
# your app").
SPENT = {
    "expired_url": "this reply link is older than 30 minutes; repeat the command to get a fresh one",
    "used_url": "this reply link has carried its five replies; repeat the command to get a fresh one",
}


def of_response_url(status: int, headers: Mapping[str, str], text: str) -> Answer:
    """Read the answer of a response_url, which is `ok`, a JSON object or a bare error code."""
    try:
        body = json.loads(text)
    except ValueError:
        word = text.strip()
        body = {"ok": False, "error": word} if _CODE.fullmatch(word) else None
    if not isinstance(body, dict):
        body = {"ok": True} if status == 200 else None
    return Answer(status, body, seconds(headers))


def judge_reply(answer: Answer) -> Body:
    """As `judge`, for a response_url; a spent link is refused with the code `expired_url`."""
    code = str((answer.body or {}).get("error", ""))
    if code not in SPENT and answer.status in (404, 410):
        code = "expired_url"
    if code in SPENT:
        raise SlackRefused("response_url", "expired_url", SPENT[code])
    return judge("response_url", answer)

"""From an HTTP request to a method and back: token, scopes, arguments, limits, faults, the log."""

from __future__ import annotations

import asyncio
import hmac
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from sandbox.slack.api import METHODS
from sandbox.slack.api.handler import need_scope
from sandbox.slack.api.reading import read_request
from sandbox.slack.calls import Call
from sandbox.slack.faults import Fault
from sandbox.slack.methods import Method, method_table, read_arguments
from sandbox.slack.refusals import Json, SlackError

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace


class UnlistedErrorCodeError(Exception):
    """A handler refused with a code that its method does not have: a fault of the workspace itself."""


@dataclass(slots=True)
class Outcome:
    """What goes back: the JSON, the HTTP status, how long to wait, whether the connection is cut instead."""

    body: Json
    status: int = 200
    retry_after: int | None = None
    cut: bool = False


async def answer(workspace: Workspace, request: web.Request) -> web.StreamResponse:
    """Answer `/api/METHOD`."""
    name, at, started = request.match_info["method"], workspace.clock.now(), time.perf_counter()
    await workspace.answering()
    if request.transport is None or request.transport.is_closing():
        return web.Response(status=499)
    given, body_token, form_error = await read_request(request, method_table().get(name))
    token = _bearer(request) or body_token
    if workspace.latency:
        await asyncio.sleep(workspace.latency)
    fault = workspace.faults.take(name, given)
    outcome = await _outcome(workspace, name, given, token, form_error, fault)
    workspace.calls.add(
        Call(
            seq=workspace.calls.next_seq(),
            method=name,
            args=given,
            at=at,
            seconds=time.perf_counter() - started,
            response=outcome.body,
            status=outcome.status,
            token_kind=_token_kind(workspace, token),
            fault=fault.kind if fault else None,
        )
    )
    return _respond(workspace, request, outcome)


def _respond(workspace: Workspace, request: web.Request, outcome: Outcome) -> web.StreamResponse:
    """Return the response, or cut the connection."""
    if outcome.cut:
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=499)
    headers = {"X-OAuth-Scopes": ",".join(sorted(workspace.manifest.scopes))}
    if outcome.retry_after is not None:
        headers["Retry-After"] = str(outcome.retry_after)
    if outcome.status == 500:
        return web.Response(status=500, text="Internal Server Error", headers=headers)
    return web.json_response(outcome.body, status=outcome.status, headers=headers)


async def _outcome(
    workspace: Workspace,
    name: str,
    given: Json,
    token: str,
    form_error: str | None,
    fault: Fault | None,
) -> Outcome:
    """Do what the fault wants, around the work itself."""
    if fault is not None:
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        elif fault.kind == "http_500":
            return Outcome({"ok": False, "error": "internal_error"}, status=500)
        elif fault.kind == "rate_limited":
            return _too_many(fault.retry_after)
        elif fault.kind == "error":
            return Outcome({"ok": False, "error": fault.error})
        elif fault.kind == "cut_before":
            return Outcome({"ok": False, "error": "cut_before"}, cut=True)
    outcome = work(workspace, name, given, token, form_error)
    outcome.cut = fault is not None and fault.kind == "cut_after"
    return outcome


def _too_many(seconds: int) -> Outcome:
    """Return what Slack says to a call too many."""
    return Outcome({"ok": False, "error": "ratelimited"}, status=429, retry_after=seconds)


def work(workspace: Workspace, name: str, given: Json, token: str, form_error: str | None = None) -> Outcome:
    """Check and do the call. Raises UnlistedErrorCodeError when a handler makes up an error code."""
    method, handler = method_table().get(name), METHODS.get(name)
    try:
        if method is None or handler is None:
            raise SlackError("unknown_method", req_method=name)
        _check_token(workspace, method, token)
        if (seconds := workspace.limits.take(method, given)) is not None:
            return _too_many(seconds)
        if form_error:
            raise SlackError(form_error)
        if method.token == "bot":  # noqa: S105 - the kind of token, no secret
            need_scope(workspace, *method.scopes)
        return Outcome({"ok": True, **handler(workspace, read_arguments(method, given))})
    except SlackError as refused:
        if method is not None and refused.code not in method.errors:
            raise UnlistedErrorCodeError(f"{name} has no error {refused.code}") from refused
        return Outcome({"ok": False, "error": refused.code, **refused.extra})


def _bearer(request: web.Request) -> str:
    """Return the token of the Authorization header."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _token_kind(workspace: Workspace, token: str) -> str:
    """Return bot, app or none."""
    if hmac.compare_digest(token.encode(), workspace.secrets.bot_token.encode()):
        return "bot"
    return "app" if hmac.compare_digest(token.encode(), workspace.secrets.app_token.encode()) else "none"


def _check_token(workspace: Workspace, method: Method, token: str) -> None:
    """Refuse a call without the right token. Raises not_authed, invalid_auth, not_allowed_token_type."""
    if method.token == "none":  # noqa: S105 - the kind of token, no secret
        return
    if not token:
        raise SlackError("not_authed")
    kind = _token_kind(workspace, token)
    if kind == "none":
        raise SlackError("invalid_auth")
    if kind != method.token:
        raise SlackError("not_allowed_token_type")
    if workspace.token_error is not None:
        raise SlackError(workspace.token_error)

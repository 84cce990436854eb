"""`/response/…`: answers that the app sends to a response_url."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.slack.answers import use_response_url
from sandbox.slack.calls import Call
from sandbox.slack.faults import Fault
from sandbox.slack.refusals import Json, SlackError

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

METHOD = "response_url"
"""Under this name the log lists such answers, and faults can meet them."""


async def respond(workspace: Workspace, request: web.Request) -> web.StreamResponse:
    """Take one answer; 404 for an address that is used up or too old, 400 for an answer that Slack would refuse."""
    at, started = workspace.clock.now(), time.perf_counter()
    await workspace.answering()
    body = await _json_body(request)
    if workspace.latency:
        await asyncio.sleep(workspace.latency)
    fault = workspace.faults.take(METHOD, body or {})
    if fault is not None and fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
    answer, status = _outcome(workspace, request.match_info["ticket"], body, fault)
    workspace.calls.add(
        Call(
            seq=workspace.calls.next_seq(),
            method=METHOD,
            args=body or {},
            at=at,
            seconds=time.perf_counter() - started,
            response=answer,
            status=status,
            token_kind="url",  # noqa: S106 - the kind of token, no secret
            fault=fault.kind if fault else None,
        )
    )
    if fault is not None and fault.kind in {"cut_before", "cut_after"} and request.transport is not None:
        request.transport.abort()
    if status == 200:
        return web.Response(text="ok")
    headers = {"Retry-After": str(fault.retry_after)} if fault is not None and status == 429 else {}
    return web.json_response(answer, status=status, headers=headers)


def _outcome(workspace: Workspace, ticket: str, body: Json | None, fault: Fault | None) -> tuple[Json, int]:
    """Return the answer's answer and the HTTP status."""
    if fault is not None and fault.kind in {"http_500", "rate_limited", "error", "cut_before"}:
        codes = {"http_500": ("internal_error", 500), "rate_limited": ("ratelimited", 429)}
        code, status = codes.get(fault.kind, (fault.error, 400))
        return {"ok": False, "error": code}, status
    try:
        if body is None:
            raise SlackError("invalid_payload")
        use_response_url(workspace, ticket, body)
    except SlackError as refused:
        status = 404 if refused.code in {"expired_url", "used_url"} else 400
        return {"ok": False, "error": refused.code, **refused.extra}, status
    return {"ok": True}, 200


async def _json_body(request: web.Request) -> Json | None:
    """Return the JSON object in a body; None when it is none."""
    try:
        body: Any = json.loads(await request.text())
    except ValueError:
        return None
    return body if isinstance(body, dict) else None

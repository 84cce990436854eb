"""Reading a Web API request: query, form or JSON, as the method takes it."""

from __future__ import annotations

import json

from aiohttp import web

from sandbox.slack.methods import Method
from sandbox.slack.refusals import Json

_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}


async def read_request(request: web.Request, method: Method | None) -> tuple[Json, str, str | None]:
    """Return the arguments, the token in the body if any, and Slack's word for a request it cannot read."""
    given: Json = dict(request.query)
    given.pop("token", None)  # Slack takes no token from the address any more
    error: str | None = None
    if method is not None and request.method not in method.http:
        error = "invalid_post_type"
    elif request.method == "POST" and request.can_read_body:
        body, error = await _read_body(request, takes_json=method is None or method.takes_json)
        given |= body
    token = given.pop("token", "")
    return given, token if isinstance(token, str) else "", error


async def _read_body(request: web.Request, *, takes_json: bool) -> tuple[Json, str | None]:
    """Return the arguments in the body, or the word for what is wrong with it."""
    if request.content_type in _FORMS:
        form = await request.post()
        return {name: value for name, value in form.items() if isinstance(value, str)}, None
    if "Content-Type" not in request.headers:
        return {}, "missing_post_type" if await request.read() else None
    if request.content_type != "application/json" or not takes_json:
        return {}, "invalid_post_type" if await request.read() else None
    try:
        body = json.loads(await request.text() or "{}")
    except ValueError:
        return {}, "invalid_json"
    if not isinstance(body, dict):
        return {}, "json_not_object"
    body.pop("token", None)  # with JSON the token goes into the header (Slack: Web API docs)
    return body, None

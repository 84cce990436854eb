"""Requests that change something: what would be sent where, and whether it may be sent again.

A server tells nobody whether it has carried a request out, so that a look decides by the method alone: PUT and DELETE
have the same effect sent once or twice (RFC 9110, section 9.2.2), POST and PATCH may not. Those two carry the deed's
identity in `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header, section 2: a structured string, in quotes), so
that a server that knows it does the work once; most do not, so that nothing is built on it. PUT and DELETE need none.
"""

import json
from dataclasses import replace
from urllib.parse import parse_qsl

import httpx

from bot.errors import ChangeUnclear, TargetRefused
from bot.operations.changing import Deed, Foresight
from bot.operations.effect import Effect
from bot.operations.http.address import HOLE
from bot.operations.http.nouns import HttpRequest
from bot.operations.operation import Operation
from bot.operations.output import Output

KEY = "idempotency-key"
_ONCE_ONLY = ("POST", "PATCH")
_BETWEEN = (502, 504)
"""Answers of a gateway that got none from the server behind it (RFC 9110, sections 15.6.3 and 15.6.5)."""
_NOT_NOW, _GONE = 503, (404, 410)
_FAILED = 22  # curl's exit code for an answer of 400 and above
_SHOWN = 12  # names


def changing(operation: Operation) -> HttpRequest:
    """Return the request that changes something. Raises TargetRefused for an operation that is none."""
    if not isinstance(operation, HttpRequest) or operation.effect is Effect.READ:
        raise TargetRefused("This is no request that changes something.")
    return operation


def foresee(request: HttpRequest) -> Foresight:
    """Return what would be sent; of headers, of the query and of the body the names only, for values may be secret."""
    url = httpx.URL(HOLE.sub("x", request.url))
    where = f"{url.scheme}://{url.netloc.decode()}"
    path = _path(request.url)
    names = [(_names([name for name, _ in request.headers]), "the headers"), (_query(request.url), "the parameters")]
    given = [f"{what} {said}" for said, what in names if said]
    sent = "; ".join([*given, *(["a login"] if request.user else []), _body(request)])
    final = request.method == "DELETE"
    undo = "There is no way back that is known: the server may have one."
    return Foresight(request, "", f"{request.method} {where}{path} with {sent}", {}, url.host, undo, final=final)


def with_key(request: HttpRequest, deed: Deed) -> HttpRequest:
    """Return the request with the deed's identity, unless it is sent with a key of its own or needs none."""
    if request.method not in _ONCE_ONLY or KEY in dict(request.headers):
        return request
    quoted = deed.identity.replace("\\", "\\\\").replace('"', '\\"')
    return replace(request, headers=(*request.headers, (KEY, f'"{quoted}"')))


def judged(request: HttpRequest, output: Output, *, again: bool) -> Output:
    """Return the output with an exit code for a failure; a DELETE that is sent `again` may find that all is gone.

    Raises ChangeUnclear for an answer that tells nothing, TargetRefused when the server cannot do it now.
    """
    status, host = int(output.facts.get("status", 0)), httpx.URL(HOLE.sub("x", request.url)).host
    if status in _BETWEEN:
        raise ChangeUnclear(f"{host} answered {status}: what is behind it gave no answer, and may have done it.")
    if status == _NOT_NOW:
        raise TargetRefused(f"{host} answered 503: it cannot do this now, and has not done it.")
    if again and request.method == "DELETE" and status in _GONE:
        return Output(f"{host} answered {status}: it is gone, as an earlier try may have brought about.")
    return replace(output, code=output.code or _FAILED) if status >= 400 else output


def look(request: HttpRequest, deed: Deed) -> Output | None:
    """Return None when the request was not sent, or may be sent again. Raises ChangeUnclear otherwise."""
    if deed.noted is None or request.method not in _ONCE_ONLY:
        return None
    host = httpx.URL(HOLE.sub("x", request.url)).host
    raise ChangeUnclear(
        f"A {request.method} was sent to {host}, which cannot be asked whether it was done: look there."
    )


def _path(url: str) -> str:
    """Return the path as it is written, its holes open."""
    behind = url.partition("://")[2].partition("?")[0].partition("#")[0]
    _, slash, path = behind.partition("/")
    return f"{slash}{path}"


def _query(url: str) -> str:
    query = url.partition("?")[2].partition("#")[0]
    return _names([name for name, _ in parse_qsl(query, keep_blank_values=True)])


def _body(request: HttpRequest) -> str:
    if request.body is None:
        return "no body"
    size = f"a body of {len(request.body.encode()):,} bytes"
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError):
        form = dict(request.headers).get("content-type", "").startswith("application/x-www-form-urlencoded")
        fields = [name for name, value in parse_qsl(request.body) if value] if form else []
    else:
        fields = list(said) if isinstance(said, dict) else []
    return f"{size} ({_names(fields)})" if fields else size


def _names(names: list[str]) -> str:
    more = [f"{len(names) - _SHOWN} more"] if len(names) > _SHOWN else []
    return ", ".join([*names[:_SHOWN], *more])

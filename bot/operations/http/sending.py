"""Requests that are ready to be sent: the first one, and the one that a redirect asks for."""

from dataclasses import replace

import httpx

from bot.errors import AnswerUnreadable, TargetRefused
from bot.operations.http.exchange import Progress, Sending
from bot.operations.http.nouns import HttpRequest
from bot.operations.http.secrets import basic

REDIRECTS = (301, 302, 303, 307, 308)
_PERSONAL = ("authorization", "cookie")


def sending_of(request: HttpRequest, deadline: float, progress: Progress | None = None) -> Sending:
    """Return a request without holes, ready to be sent until `deadline` of the monotonic clock.

    Raises TargetRefused for an address that cannot be read.
    """
    headers = dict(request.headers)
    if request.user:
        headers.setdefault("authorization", basic(request.user))
    body = None if request.body is None else request.body.encode()
    return Sending(request.method, _url(request.url), headers, body, deadline, progress or Progress())


def redirected(sending: Sending, template: HttpRequest, status: int, where: str) -> Sending:
    """Return the request that a redirect asks for. Another site gets no secrets of this one (RFC 9110, 15.4)."""
    try:
        url = _url(str(sending.url.join(where)))
    except httpx.InvalidURL:
        raise AnswerUnreadable(f"{sending.url.host} leads to an address that cannot be read.") from None
    method, body, headers = sending.method, sending.body, dict(sending.headers)
    if status == 303 or (status in (301, 302) and method == "POST"):
        method, body = ("HEAD" if method == "HEAD" else "GET"), None
        headers.pop("content-type", None)
    if _site(url) != _site(sending.url):
        if body is not None and any(secret.place == "body" for secret in template.secrets):
            raise TargetRefused(
                f"{sending.url.host} leads to {url.host}, which must not see the secret in the request."
            )
        secret = {secret.place.removeprefix("header ") for secret in template.secrets}
        headers = {name: value for name, value in headers.items() if name not in secret | set(_PERSONAL)}
    return replace(sending, method=method, url=url, headers=headers, body=body)


def _site(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _url(text: str) -> httpx.URL:
    """Return a parsed address. Raises TargetRefused, without repeating it."""
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError):
        raise TargetRefused("The address of the request cannot be read once its parameters are filled in.") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise TargetRefused("The request leads to something that is neither http nor https.")
    return url

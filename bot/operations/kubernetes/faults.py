"""What a cluster did not do, as sentences for the on-call engineer; nothing of a token or an address with one in it."""

import json
import re
from collections.abc import Mapping
from typing import Any

from bot.errors import AnswerUnreadable, TargetError, TargetRefused, TargetUnreachable

_FORBIDDEN = re.compile(
    r'cannot (?P<verb>[\w-]+) (?:resource "(?P<resource>[^"]+)"|path "(?P<path>[^"]+)")'
    r'(?: in API group "(?P<group>[^"]*)")?(?: in the namespace "(?P<namespace>[^"]*)")?'
)
_LONGEST = 400
"""Characters of the server's own words that are passed on."""


class ClusterRefused(TargetRefused):
    """The API server answered with an HTTP `status` of 400 or more; `reason` is its word for why, such as NotFound."""

    def __init__(self, sentence: str, status: int, reason: str = "") -> None:
        super().__init__(sentence)
        self.status, self.reason = status, reason


class Overloaded(TargetUnreachable):
    """The API server answered that it cannot answer now (429, 5xx)."""

    def __init__(self, sentence: str, status: int, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.status, self.retry_after = status, retry_after


class NotSent(TargetUnreachable):
    """The cluster was not reached: nothing can have been done."""


def refusal(status: int, body: bytes, headers: Mapping[str, str]) -> TargetError:
    """Return the error for an answer that is none: of the status, and what the server says in its body."""
    said = _status(body)
    message = str(said.get("message") or "").strip()[:_LONGEST]
    reason = str(said.get("reason") or "")
    if status == 401:
        return ClusterRefused("The cluster does not accept the login: the token is wrong or has expired (401).", 401)
    if status == 403:
        return ClusterRefused(f"The cluster refuses: {forbidden(message)}.", 403, reason)
    if status == 429 or status >= 500:
        text = f"The cluster cannot answer now ({status}){f': {message}' if message else ''}."
        return Overloaded(text, status, _seconds(headers.get("Retry-After")))
    if status == 409:
        text = "The cluster refuses: somebody else changed it at the same moment"
        return ClusterRefused(f"{text}{f' ({message})' if message else ''}.", 409, reason)
    words = message or ("there is no such thing" if status == 404 else f"HTTP {status}")
    return ClusterRefused(f"The cluster refuses: {words.rstrip('.')}.", status, reason)


def forbidden(message: str) -> str:
    """Return which right is missing, from the server's words."""
    found = _FORBIDDEN.search(message)
    if not found:
        return f"no right to do this ({message})" if message else "no right to do this"
    what = found["resource"] or found["path"]
    where = f" in namespace {found['namespace']}" if found["namespace"] else " in the cluster"
    return f"no right to {found['verb']} {what}{where if found['resource'] else ''}"


def broken(error: BaseException) -> TargetError:
    """Return the error for a connection that did not come about or broke: by the names of the client's errors."""
    text, name = str(error), type(error).__name__
    while (inner := getattr(error, "reason", None)) is not None and isinstance(inner, BaseException):
        error, text, name = inner, str(inner), type(inner).__name__
    if "certificate" in text.lower() or "SSL" in name or text.startswith("SSLError"):
        sentence = f"The cluster's certificate or TLS is at fault: {_certificate(text)}."
        return NotSent(sentence) if "CERTIFICATE_VERIFY_FAILED" in text else TargetUnreachable(sentence)
    if name in ("ReadTimeoutError", "ConnectTimeoutError", "TimeoutError"):
        kind = NotSent if name == "ConnectTimeoutError" else TargetUnreachable
        return kind("The cluster does not answer in time.")
    if name == "NameResolutionError" or "getaddrinfo" in text or "Name or service not known" in text:
        return NotSent("The cluster does not answer: its host name is not known.")
    if "refused" in text:
        return NotSent("The cluster does not answer: connection refused.")
    if name in ("DecodeError", "ValidationError", "JSONDecodeError"):
        return AnswerUnreadable("The cluster answered with something that cannot be read.")
    return TargetUnreachable(f"The connection to the cluster broke ({name}).")


def unreadable() -> AnswerUnreadable:
    """Return the error for an answer that is not what it should be."""
    return AnswerUnreadable("The cluster answered with something that cannot be read.")


def _certificate(text: str) -> str:
    if "expired" in text:
        return "the certificate has expired"
    if "self-signed" in text or "self signed" in text or "unable to get local issuer" in text:
        return "the certificate is of an authority that is not trusted"
    if "match" in text.lower():
        return "the certificate is for another host"
    return "no secure connection could be made"


def _status(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {"message": " ".join(body[:_LONGEST].decode("utf-8", "replace").split())}
    return said if isinstance(said, dict) else {}


def _seconds(header: str | None) -> float | None:
    return float(header) if header and header.isdigit() else None

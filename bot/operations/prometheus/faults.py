"""What Prometheus says instead of a result, as a sentence."""

import json
from collections.abc import Mapping
from typing import Any

from bot.errors import AnswerUnreadable, TargetError, TargetRefused, TargetUnreachable

_LONGEST = 300


def data_of(status: int, body: bytes) -> Mapping[str, Any]:
    """Return the body of an answer as it was meant. Raises TargetError when it is a refusal or cannot be read.

    The codes are those of https://prometheus.io/docs/prometheus/latest/querying/api/#format-overview
    """
    answer = _parsed(body)
    if status == 200 and answer is not None and answer.get("status") == "success":
        return answer
    raise _refusal(status, _sentence(answer))


_LOGIN = "What answers leads elsewhere, as a login page does: the target's address is not that of Prometheus."
_STATUS: Mapping[int, tuple[type[TargetError], str]] = {
    301: (TargetRefused, _LOGIN),
    302: (TargetRefused, _LOGIN),
    303: (TargetRefused, _LOGIN),
    307: (TargetRefused, _LOGIN),
    308: (TargetRefused, _LOGIN),
    400: (TargetRefused, "Prometheus cannot read the query: {said}."),
    401: (TargetRefused, "Prometheus refuses the credentials of the target's address, or wants some (HTTP 401)."),
    403: (TargetRefused, "Prometheus refuses: the target's credentials do not reach that far (HTTP 403)."),
    422: (TargetRefused, "Prometheus cannot carry the query out: {said}."),
    429: (TargetUnreachable, "Prometheus is asked too much: {said}."),
    502: (TargetUnreachable, "Prometheus does not answer: {said}."),
    503: (TargetUnreachable, "Prometheus gave up: {said}."),
    504: (TargetUnreachable, "Prometheus did not answer in time: {said}."),
}


def _refusal(status: int, said: str) -> TargetError:
    if status in _STATUS:
        kind, sentence = _STATUS[status]
        return kind(sentence.format(said=said or f"HTTP {status}"))
    return AnswerUnreadable(f"What answers is not Prometheus, or not at this path (HTTP {status}).")


def _parsed(body: bytes) -> Mapping[str, Any] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _sentence(answer: Mapping[str, Any] | None) -> str:
    said = answer.get("error", "") if answer is not None else ""
    return " ".join(str(said).split())[:_LONGEST].rstrip(".")

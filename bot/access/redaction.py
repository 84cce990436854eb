"""What must not leave: secrets and personal data are replaced in all text for Slack, a log or the store.

A mark such as `[redacted: password]` says what was there. Addresses of hosts stay, IP addresses too: they name machines
and not people as long as operations are concerned, and without them nobody finds the machine that fails. What people
can look up stays as well: names of pods, digests, identifiers.

Everything runs in linear time: about 0.1 s for a megabyte.
"""

import logging
from itertools import pairwise

from bot.access.kinds import apart, logins, named, personal, places, tokens

_PIECE = 1_000_000  # characters; more is worked on in pieces, cut where a line ends
_ROUNDS = 10
_TALKATIVE = ("httpcore", "httpx", "kubernetes", "psycopg", "redis", "urllib3", "websocket")


def redact(text: str, *, people: bool = True) -> str:
    """Return the text without its secrets and, with `people`, without mail addresses, card numbers and the like.

    What was redacted once stays as it is.
    """
    if len(text) <= _PIECE:
        return _redacted(text, people=people)
    cuts = [0]
    while cuts[-1] < len(text):
        end = text.rfind("\n", cuts[-1], cuts[-1] + _PIECE) + 1
        cuts.append(end if end > cuts[-1] and len(text) - cuts[-1] > _PIECE else min(cuts[-1] + _PIECE, len(text)))
    return "".join(_redacted(text[start:end], people=people) for start, end in pairwise(cuts))


def _redacted(text: str, *, people: bool) -> str:
    """Redact until nothing more is found: what stood behind a secret without a gap is only then seen to begin."""
    for _ in range(_ROUNDS):
        clean = _once(text, people=people)
        if clean == text:
            break
        text = clean
    return text


def _once(text: str, *, people: bool) -> str:
    text = places.keys(text)
    text = places.logins(text)
    text = tokens.tokens(text)
    text = places.headers(text)
    text = logins.passwords(text)
    text = apart.values(text)
    text = named.values(text)
    return personal.people(text) if people else text


class Redaction(logging.Filter):
    """Redacts whatever is logged: the message with its arguments, and the traceback. Belongs on a handler."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record in place; it is always let through."""
        message = record.getMessage()
        clean = redact(message)
        if clean != message:
            record.msg, record.args = clean, ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redact(record.exc_text)
        if record.stack_info:
            record.stack_info = redact(record.stack_info)
        return True


def guard_logs() -> None:
    """Redact all that is logged from now on, and keep libraries from logging what they send and receive.

    httpx writes every address with whatever stands in it, the Kubernetes client whole answers.
    """
    for handler in logging.getLogger().handlers:
        handler.addFilter(Redaction())
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)

"""The limits of an operation as the server's own settings, and who lends a connection that keeps them."""

from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Protocol

from bot.operations.backend import Limits

if TYPE_CHECKING:
    from bot.operations.postgres.connections import Connection

_LOCK_WAIT = 5.0  # seconds; whoever waits longer for a lock holds up those behind
READ_ONLY_AGAIN = b"SET default_transaction_read_only = on"
"""What is set after a statement outside a transaction."""


class Lend(Protocol):
    """Lends a connection on which `begin` was executed, and turns what it raises into TargetError."""

    def __call__(self, limits: Limits, begin: str, *, reading: bool) -> "AbstractAsyncContextManager[Connection]":
        """Lend it within the limits; `reading` is what a refusal says of it."""


def timeouts(limits: Limits, scope: str = "LOCAL") -> str:
    """Return the settings that make the server keep the limits."""
    whole, lock = int(limits.seconds * 1000), int(min(_LOCK_WAIT, limits.seconds * 0.8) * 1000)
    return f"SET {scope} statement_timeout = {max(whole, 1)}; SET {scope} lock_timeout = {max(lock, 1)}"


def to_read(limits: Limits) -> str:
    """Return how a transaction begins that only reads."""
    return f"BEGIN READ ONLY; {timeouts(limits)}"


def to_write(limits: Limits) -> str:
    """Return how a transaction begins that writes."""
    return f"BEGIN READ WRITE; {timeouts(limits)}"


def to_stand_alone(limits: Limits) -> str:
    """Return what is set before a statement outside a transaction.

    Its wait for locks has no limit of its own: CONCURRENTLY waits for older transactions that way.
    """
    whole = max(int(limits.seconds * 1000), 1)
    return f"SET default_transaction_read_only = off; SET statement_timeout = {whole}; SET lock_timeout = 0"

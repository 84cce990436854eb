"""What goes wrong with a Redis server, as a sentence. No sentence repeats an address or a password."""

import socket
import ssl
from collections.abc import Iterator

from redis import exceptions as redis

from bot.errors import AnswerUnreadable, TargetError, TargetRefused, TargetUnreachable

_BY_TYPE: tuple[tuple[type[BaseException], type[TargetError], str], ...] = (
    (redis.BusyLoadingError, TargetUnreachable, "Redis is still loading its data into memory; try again in a while."),
    (redis.MasterDownError, TargetUnreachable, "Redis has lost the primary that it copies from."),
    (redis.ClusterDownError, TargetUnreachable, "The Redis cluster is down: some of its keys have no server."),
    (redis.TryAgainError, TargetUnreachable, "The Redis cluster is moving these keys; try again in a while."),
    (
        redis.AskError,
        TargetRefused,
        "Redis is a cluster, and this key lives on another of its servers: name a server for each in the runbook.",
    ),
    (redis.ClusterCrossSlotError, TargetRefused, "These keys live on several servers of the cluster: name one a line."),
    (
        redis.ReadOnlyError,
        TargetRefused,
        "This Redis is a read-only replica: the target's address must be that of the primary.",
    ),
    (redis.OutOfMemoryError, TargetRefused, "Redis has no memory left (maxmemory) and its policy evicts nothing."),
    (redis.InvalidResponse, AnswerUnreadable, "What answered is not Redis: look at the target's address."),
    (redis.TimeoutError, TargetUnreachable, "Redis does not answer: no connection within 5 seconds."),
)


def fault(error: BaseException, command: str) -> TargetError:
    """Return the error for whatever the client library raised while `command` was carried out."""
    said = (redis.ResponseError, redis.AuthenticationError)  # what the server says to a new connection is wrapped
    error = next((cause for cause in _causes(error) if isinstance(cause, said)), error)
    if isinstance(error, redis.NoPermissionError):
        return TargetRefused(f"Redis refuses: the target's user has no right to run {command} on these keys.")
    if isinstance(error, redis.AuthenticationError):
        return _authentication(str(error))
    for kind, result, sentence in _BY_TYPE:
        if isinstance(error, kind):
            return result(sentence)
    if isinstance(error, redis.ResponseError):
        return _response(str(error), command)
    return TargetUnreachable(_unreachable(error))


def slow(seconds: float) -> TargetError:
    """Return the error for a command that took too long."""
    return TargetUnreachable(f"Redis did not answer within {seconds:g} seconds.")


def unreadable() -> TargetError:
    """Return the error for a reply that no Redis would give."""
    return AnswerUnreadable("What answered is not Redis, or not as it should be: look at the target's address.")


def _authentication(text: str) -> TargetError:
    if "NOAUTH" in text or "required" in text.lower():
        return TargetRefused("Redis wants a password, and the target's address holds none.")
    if "without any password" in text or "no password is set" in text:
        return TargetRefused("Redis has no password, and the target's address holds one.")
    return TargetRefused("Redis refuses the user name or the password of the target's address.")


def _response(text: str, command: str) -> TargetError:
    if text.lower().startswith("unknown command") or "unknown subcommand" in text.lower():
        first = command.split(maxsplit=1)[0]
        return TargetRefused(f"Redis does not know {first}: a managed Redis often switches it off.")
    if text.startswith("WRONGTYPE"):
        return TargetRefused(f"{command} does not fit this key: it holds another type, which redis-cli TYPE names.")
    if "DB index is out of range" in text:
        return TargetRefused("Redis has no database of this number.")
    if "NOAUTH" in text:
        return _authentication(text)
    return TargetRefused(f"Redis refuses {command}: {' '.join(text.split())[:200]}.")


def _unreachable(error: BaseException) -> str:
    if "max number of clients" in str(error):
        return "Redis has no connection left: its maxclients is reached."
    for cause in _causes(error):
        if isinstance(cause, ConnectionRefusedError):
            return "Redis does not answer: connection refused."
        if isinstance(cause, socket.gaierror):
            return "Redis does not answer: its host name is not known."
        if isinstance(cause, ssl.SSLError):
            return "Redis answers, but its certificate or its encryption is not accepted."
        if isinstance(cause, FileNotFoundError):
            return "Redis does not answer: there is no such socket."
    return "Redis does not answer: the connection broke off."


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error, and what led to it."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__

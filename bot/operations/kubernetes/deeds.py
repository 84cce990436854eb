"""Changes that happen once: each object that is written says by which request, and is written only as it was read."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.errors import AnswerUnreadable, ChangeUnclear, TargetError, TargetRefused, TargetUnreachable
from bot.operations.changing import Deed
from bot.operations.effect import Effect
from bot.operations.kubernetes import changes, deleting, executing, worlds
from bot.operations.kubernetes.doing import do
from bot.operations.kubernetes.faults import ClusterRefused, NotSent, unreadable
from bot.operations.kubernetes.looking import look
from bot.operations.kubernetes.session import Moved, Session, unclear
from bot.operations.operation import Operation
from bot.operations.output import Output

_TRIES = 10
"""Times that a write is sent to an object whose status moves all the time."""
Doer = Callable[[Session, Any, Deed], Awaitable[Output]]


async def change(session: Session, operation: Operation, deed: Deed) -> Output:
    """Carry a foreseen operation out, unless this deed did it before; what it did in part is completed.

    Raises ChangeUnclear when it may have been done, TargetRefused with what was done before the refusal.
    """
    if operation.effect is Effect.READ:
        raise TargetRefused("This only reads: there is nothing to change.")
    session.request = deed.identity
    done = await look(session, operation, deed)
    if done is not None:
        return done
    try:
        return await _done(session, operation, deed)
    except ClusterRefused as error:
        return await _refused(session, operation, deed, error)
    except TargetRefused as error:
        raise _partly(session, error) from None
    except (TargetUnreachable, AnswerUnreadable) as error:
        raise _heard(session, error) from None
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise _heard(session, unreadable()) from error


async def _done(session: Session, operation: Operation, deed: Deed) -> Output:
    """Do it; again when only the status of an object moved between its reading and its writing."""
    doer = next((_DOERS[kind] for kind in type(operation).__mro__ if kind in _DOERS), _do)
    for _ in range(_TRIES - 1):
        try:
            return await doer(session, operation, deed)
        except Moved as error:
            meta = error.before["metadata"]
            now = await session.read(error.resource.path(meta.get("namespace", ""), meta["name"]))
            if worlds.moved(error.resource, error.before, now):
                raise
    return await doer(session, operation, deed)


async def _refused(session: Session, operation: Operation, deed: Deed, error: ClusterRefused) -> Output:
    """Return what an earlier try of this deed did, if that is why the object changed; raise the refusal otherwise."""
    if error.status == 409:
        try:
            done = await look(session, operation, deed)
        except TargetUnreachable as silent:
            raise _heard(session, silent) from None
        if done is not None:
            return done
        error = ClusterRefused(f"{error} It was not changed by this.", 409, error.reason)
    raise _partly(session, error)


def _partly(session: Session, error: TargetRefused) -> TargetRefused:
    """Return a refusal that says what was done before it."""
    if not session.wrote:
        return error
    names = ", ".join("/".join(path.removesuffix("/eviction").split("/")[-2:]) for path in session.wrote)
    return TargetRefused(f"{error} Done before that: {names}.")


def _heard(session: Session, error: TargetError) -> TargetError:
    """Return an error as unclear once something was written."""
    return unclear(error) if session.wrote else error


async def _do(session: Session, operation: Operation, deed: Deed) -> Output:  # noqa: ARG001 one shape for all
    return await do(session, operation)


async def _restart(session: Session, operation: changes.Restart, deed: Deed) -> Output:
    """Restart at a time that is written down before, so that a second try says the same."""
    noted = deed.noted or {"moment": datetime.now(UTC).isoformat(timespec="milliseconds")}
    if not deed.noted:
        await deed.note(noted)
    session.moment = noted["moment"]
    return await do(session, operation)


async def _delete(session: Session, operation: changes.Delete, deed: Deed) -> Output:
    """Delete what has the uids that are written down before, and do not wait for its end."""
    asked = replace(operation, wait=False, ignore_missing=operation.ignore_missing or bool(deed.noted))
    found = await deleting.found(session, asked)
    if deed.noted is None:
        await deed.note({"uids": [item["metadata"]["uid"] for _, item in found]})
    else:
        found = [(resource, item) for resource, item in found if item["metadata"]["uid"] in deed.noted["uids"]]
    return await deleting.remove(session, asked, found)


async def _drain(session: Session, operation: changes.Drain, deed: Deed) -> Output:
    """Drain a node; which pods are left tells later how far it came."""
    if deed.noted is None:
        await deed.note({"begun": True})
    return await do(session, operation)


async def _execute(session: Session, operation: changes.Exec, deed: Deed) -> Output:
    """Run a command that is written down before: nobody can tell later whether it ran."""
    await deed.note({"begun": True})
    try:
        return await executing.execute(session, operation)
    except NotSent:
        raise
    except (TargetUnreachable, AnswerUnreadable) as error:
        raise ChangeUnclear(f"{error} Whether the command ran is not known.") from None


_DOERS: Mapping[type, Doer] = {
    changes.Restart: _restart,
    changes.Delete: _delete,
    changes.Drain: _drain,
    changes.Exec: _execute,
}

"""Writing the audit log and reading it: secrets are taken out before an entry is hashed, for it stays for ever.

What is recorded is what changes rights or systems. What else happens in an incident is in its timeline.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access.redaction import redact
from bot.access.roles import Rights, Role
from bot.store import audit
from bot.store.audit import Entry, Record, Wanted
from bot.store.database import Store
from bot.store.grants import EVERYWHERE

__all__ = ["OPSROOM", "AuditLog", "AuditPage", "Entry", "Record", "Wanted", "append"]

OPSROOM = "opsroom"
"""The actor when nobody asked for it just then: a timer, a check after a restart."""

_LONGEST = 10_000
"""Characters of one text among the details; what was changed is in there, and not all that a program said."""
_ACTOR, _SUBJECT = 80, 255
_MARK = re.compile(r'"(\[redacted: [^\]"]+\])"')


async def append(connection: AsyncConnection, record: Record) -> Entry:
    """Record it in the caller's transaction, last of all, and return the entry: both stand or fall together.

    Raises TypeError or ValueError when the details are no JSON values.
    """
    return await audit.append(connection, _clean(record))


def _clean(record: Record) -> Record:
    """Return a record without secrets, and with text that both databases take."""
    return replace(
        record,
        actor=_line(record.actor)[:_ACTOR],
        subject=_line(redact(record.subject))[:_SUBJECT],
        details={_line(redact(str(name))): _value(value, str(name)) for name, value in record.details.items()},
    )


def _line(text: str) -> str:
    return "".join(character for character in text if character.isprintable())


def _value(value: Any, name: str) -> Any:
    """Return a value without secrets; `name` is what it stands under, which may say that it is one."""
    if isinstance(value, Mapping):
        return {redact(str(key)): _value(inner, str(key)) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_value(inner, name) for inner in value]
    if isinstance(value, str):
        return _named(name, value) or _cut(redact(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _named(name, str(value)) or value
    return value


def _named(name: str, value: str) -> str:
    """Return the mark in place of a value whose name says that all of it is secret; empty when it is not."""
    beginning = f'"{name}": '
    shown = redact(beginning + json.dumps(value[:500], ensure_ascii=False), people=False)
    found = _MARK.fullmatch(shown.removeprefix(beginning)) if shown.startswith(beginning) else None
    return found[1] if found else ""


def _cut(text: str) -> str:
    left = len(text) - _LONGEST
    return text if left <= 0 else f"{text[:_LONGEST]}… ({left:,} more characters)"


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some entries for a reader, the newest first: `wanted` is what was asked for, `older` says that there are more.

    `head` is the newest entry of the whole log, None on later pages and for those who may not see all of it.
    """

    entries: tuple[Entry, ...]
    wanted: Wanted
    platform: str = ""
    older: bool = False
    head: Entry | None = None


class AuditLog:
    """The audit log, for those who may read it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def page(self, rights: Rights, wanted: Wanted, limit: int = 20) -> AuditPage:
        """Return the newest entries that are wanted, of the platforms on which the person is an admin.

        What concerns every platform is shown to an admin of every platform alone. Raises NotAllowed for others.
        """
        rights.require(Role.ADMIN)
        asked = wanted.platforms
        sees_all = rights.on(EVERYWHERE) >= Role.ADMIN
        if not sees_all:
            reached = rights.reach(Role.ADMIN, tuple(asked if asked is not None else rights.own_platforms))
            wanted = replace(wanted, platforms=reached)
        async with self._store.read() as connection:
            found = await audit.newest(connection, wanted, limit + 1)
            newest = await audit.newest(connection, Wanted(), 1) if sees_all and wanted.before is None else []
        platform = next(iter(asked), "") if asked else ""
        return AuditPage(tuple(found[:limit]), wanted, platform, len(found) > limit, newest[0] if newest else None)

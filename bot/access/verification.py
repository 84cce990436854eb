"""Verifying the audit log: walking its chain from the first entry to the head, and saying where it is broken."""

from dataclasses import dataclass

from bot.store import audit
from bot.store.audit import BEGINNING, Ends, Entry, Wanted
from bot.store.database import Store


@dataclass(frozen=True, slots=True)
class Break:
    """The first thing that does not fit: `number` of the entry, None when it is no entry's, and `what` in words."""

    number: int | None
    what: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: how many entries are in order, the last of them, and the break behind it if there is one."""

    whole: int
    last: Entry | None
    broken: Break | None = None


async def verify(store: Store, expect: str | None = None) -> Verdict:
    """Walk the whole log as it is now; entries that are added meanwhile wait for the next time.

    `expect` is the hash of an entry, noted earlier and elsewhere: an entry must still have it. Without such a note
    nobody can tell a log from another one that was written anew from its first entry on.
    """
    async with store.read() as connection:
        ends = await audit.ends(connection)
    if ends is None:
        return Verdict(0, None, Break(None, "The head of the log is gone, so that nobody can tell where the log ends."))
    whole, last, hash_, expected = 0, None, BEGINNING, expect in (None, BEGINNING)
    async for entry in audit.walk(store, Wanted(upto=ends.length)):
        if broken := _break_at(entry, whole + 1, hash_):
            return Verdict(whole, last, broken)
        whole, last, hash_ = entry.number, entry, entry.hash
        expected = expected or entry.hash == expect
    broken = _break_at_end(ends, whole, hash_)
    if broken is None and not expected:
        broken = Break(None, f"No entry has the hash {expect} any more: the log was written anew since it was noted.")
    return Verdict(whole, last, broken)


def _break_at(entry: Entry, number: int, previous: str) -> Break | None:
    """Return what is wrong with an entry that should have that number and follow that hash."""
    if entry.number > number:
        return Break(number, _missing(number, entry.number - 1))
    if entry.number < number:
        return Break(entry.number, f"Entry {entry.number} was inserted: the log begins with entry 1.")
    if not entry.fits:
        return Break(number, f"Entry {number} was changed: its contents do not fit its hash.")
    if entry.previous != previous:
        before = f"entry {number - 1}: one of the two was replaced" if number > 1 else "an empty log: it was replaced"
        return Break(number, f"Entry {number} does not follow {before}.")
    return None


def _break_at_end(ends: Ends, whole: int, hash_: str) -> Break | None:
    """Return what is wrong with the end of a log whose entries fit each other."""
    if whole < ends.length:
        return Break(whole + 1, f"{_missing(whole + 1, ends.length)} The end of the log was cut off.")
    if hash_ != ends.hash:
        return Break(whole, f"Entry {whole} was replaced: the head of the log remembers another hash.")
    if ends.newest > ends.length:
        return Break(ends.length + 1, f"What follows entry {ends.length} was inserted: the log ended there.")
    return None


def _missing(first: int, last: int) -> str:
    return f"Entry {first} is missing." if first == last else f"Entries {first} to {last} are missing."

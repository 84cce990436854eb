"""The audit log as it is written, read and verified, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from bot.access import audit, granting
from bot.access.audit import AuditLog, Entry, Record, Wanted
from bot.access.verification import Break, verify
from bot.errors import NotAllowed, StoreError
from bot.store.audit import BEGINNING, seal, walk
from bot.store.database import Store
from bot.store.grants import EVERYWHERE, Grant
from tests.access.secrets import PLACES, TOKENS
from tests.store.rows import NOW, later
from tests.verbs.scenes import rights

Forgery = str | Callable[[list[Entry]], list[str]]
"""What is done to the database: a statement, or what makes some of the entries."""

SCALED = Record(NOW, "U1", "change.after", "deployment/web", "zephyr", {"replicas": [2, 4]})


async def add(store: Store, *records: Record) -> list[Entry]:
    async with store.begin() as connection:
        return [await audit.append(connection, record) for record in records]


async def whole(store: Store) -> list[Entry]:
    return [entry async for entry in walk(store, Wanted())]


async def tamper(store: Store, *statements: str) -> None:
    """Change the database as somebody does who owns it: the triggers first."""
    off = {
        True: [f"DROP TRIGGER {name}" for name in ("audit_update", "audit_delete", "audit_insert", "audit_inserted")]
        + [f"DROP TRIGGER audit_head_{name}" for name in ("update", "insert", "delete")],
        False: ["ALTER TABLE audit DISABLE TRIGGER ALL", "ALTER TABLE audit_head DISABLE TRIGGER ALL"],
    }[store.embedded]
    async with store.begin() as connection:
        for statement in (*off, *statements):
            await connection.execute(text(statement))


def forged(entry: Entry, **changes: Any) -> str:
    """Return the statement that changes an entry and seals it anew, as somebody does who knows how."""
    told = {**entry.as_json(), **changes}
    sets = ", ".join(f"{name} = '{value}'" for name, value in (*changes.items(), ("hash", seal(told))))
    return f"UPDATE audit SET {sets} WHERE number = {entry.number}"


TAMPERED: dict[str, tuple[Forgery, Break]] = {
    "an actor is another one": (
        "UPDATE audit SET actor = 'U9' WHERE number = 3",
        Break(3, "Entry 3 was changed: its contents do not fit its hash."),
    ),
    "a platform is gone": (
        "UPDATE audit SET platform = NULL WHERE number = 1",
        Break(1, "Entry 1 was changed: its contents do not fit its hash."),
    ),
    "details are no JSON": (
        "UPDATE audit SET details = 'nothing' WHERE number = 4",
        Break(4, "Entry 4 was changed: its contents do not fit its hash."),
    ),
    "one is removed": ("DELETE FROM audit WHERE number = 2", Break(2, "Entry 2 is missing.")),
    "two are removed": (
        "DELETE FROM audit WHERE number IN (2, 3)",
        Break(2, "Entries 2 to 3 are missing."),
    ),
    "the first is removed": ("DELETE FROM audit WHERE number = 1", Break(1, "Entry 1 is missing.")),
    "one is removed and the next takes its place": (
        lambda entries: ["DELETE FROM audit WHERE number = 2", forged(entries[2], number=2)],
        Break(2, "Entry 2 does not follow entry 1: one of the two was replaced."),
    ),
    "one is changed and sealed anew": (
        lambda entries: [forged(entries[1], actor="U9")],
        Break(3, "Entry 3 does not follow entry 2: one of the two was replaced."),
    ),
    "the first is changed and sealed anew": (
        lambda entries: [forged(entries[0], previous="1" * 64)],
        Break(1, "Entry 1 does not follow an empty log: it was replaced."),
    ),
    "the last is changed and sealed anew": (
        lambda entries: [forged(entries[4], actor="U9")],
        Break(5, "Entry 5 was replaced: the head of the log remembers another hash."),
    ),
    "the end is cut off": (
        "DELETE FROM audit WHERE number > 3",
        Break(4, "Entries 4 to 5 are missing. The end of the log was cut off."),
    ),
    "all is gone": (
        "DELETE FROM audit",
        Break(1, "Entries 1 to 5 are missing. The end of the log was cut off."),
    ),
    "one is added behind the head": (
        ("INSERT INTO audit SELECT 6, at, actor, action, platform, subject, details, hash, hash FROM audit "
              "WHERE number = 5"),
        Break(6, "What follows entry 5 was inserted: the log ended there."),
    ),
    "one is added before the first": (
        ("INSERT INTO audit SELECT 0, at, actor, action, platform, subject, details, previous, hash FROM audit "
              "WHERE number = 1"),
        Break(0, "Entry 0 was inserted: the log begins with entry 1."),
    ),
    "the head is gone": (
        "DELETE FROM audit_head",
        Break(None, "The head of the log is gone, so that nobody can tell where the log ends."),
    ),
}  # fmt: skip


async def test_a_log_that_nobody_touched_is_whole(store: Store) -> None:
    assert (await verify(store)).broken is None
    entries = await add(store, *(replace(SCALED, at=later(n)) for n in range(5)))
    verdict = await verify(store)
    assert (verdict.whole, verdict.last, verdict.broken) == (5, entries[-1], None)


@pytest.mark.parametrize("how", TAMPERED)
async def test_whatever_is_tampered_with_is_named(store: Store, how: str) -> None:
    entries = await add(store, *(replace(SCALED, at=later(n)) for n in range(5)))
    forgery, expected = TAMPERED[how]
    await tamper(store, *([forgery] if isinstance(forgery, str) else forgery(entries)))
    assert (await verify(store)).broken == expected


async def test_a_log_that_was_written_anew_is_found_by_a_hash_that_was_noted(store: Store) -> None:
    first, second = await add(store, SCALED, SCALED)
    assert (await verify(store, first.hash)).broken is None
    assert (await verify(store, BEGINNING)).broken is None
    await tamper(store, "DELETE FROM audit", f"UPDATE audit_head SET length = 0, hash = '{BEGINNING}'")
    assert (await verify(store)).broken is None
    broken = (await verify(store, second.hash)).broken
    assert broken is not None
    assert broken.what.startswith(f"No entry has the hash {second.hash} any more")


async def test_without_its_head_nothing_more_is_recorded(store: Store) -> None:
    await tamper(store, "DELETE FROM audit_head")
    with pytest.raises(StoreError, match="has lost its head"):
        await add(store, SCALED)


async def test_secrets_are_taken_out_before_they_are_hashed(store: Store) -> None:
    secrets = {**TOKENS, **PLACES}
    details = [{"said": f"look:\n{s}\nis it", "deep": [{"line": s}], s: 1} for s in secrets.values()]
    records = [replace(SCALED, subject=s, details=d) for s, d in zip(secrets.values(), details, strict=True)]
    for kind, entry in zip(secrets, await add(store, *records), strict=True):
        assert secrets[kind] not in f"{entry.subject} {entry.as_json()}", kind
        assert "[redacted" in entry.details, kind
        assert entry.fits


async def test_a_value_is_secret_when_its_name_says_so(store: Store) -> None:
    details = {"password": "tulip", "env": {"API_KEY": ["one", "two"], "REGION": "eu"}, "token": 4711222, "pods": 3}
    (entry,) = await add(store, replace(SCALED, details=details))
    told = entry.as_json()["details"]
    assert told["env"]["REGION"] == "eu"
    assert told["pods"] == 3
    assert told["password"] == "[redacted: password]"
    assert told["env"]["API_KEY"] == ["[redacted: key]"] * 2
    assert told["token"] == "[redacted: token]"


async def test_odd_text_is_made_to_fit_and_can_be_verified(store: Store) -> None:
    odd = Record(NOW, "U" * 200, "x.y", "a\x00b\n" + "c" * 400, details={"t\x00": "é\x00\ud800" + "d" * 20_000, "n": 1})
    (entry,) = await add(store, odd)
    assert (len(entry.actor), len(entry.subject)) == (80, 255)
    assert entry.subject.startswith("abc")
    assert entry.as_json()["details"]["t"].endswith("d… (10,003 more characters)")
    assert (await verify(store)).broken is None
    assert await whole(store) == [entry]


async def test_roles_are_given_and_taken_back_on_record(store: Store) -> None:
    everywhere = Grant("U2", EVERYWHERE, "viewer", "U1", NOW)
    async with store.begin() as connection:
        await granting.give(connection, everywhere)
        await granting.give(connection, replace(everywhere, role="admin"))
        assert await granting.take_back(connection, "U2", EVERYWHERE, "U3", later(1))
        assert not await granting.take_back(connection, "U2", "zephyr", "U3", later(1))
    told = [(e.actor, e.action, e.platform, e.subject, e.as_json()["details"]) for e in await whole(store)]
    assert told == [
        ("U1", "role.granted", None, "U2", {"role": "viewer", "before": None}),
        ("U1", "role.granted", None, "U2", {"role": "admin", "before": "viewer"}),
        ("U3", "role.revoked", None, "U2", {"role": "admin"}),
    ]


async def test_an_admin_sees_the_platforms_that_are_theirs(store: Store) -> None:
    await add(store, SCALED, replace(SCALED, platform="linkist"), replace(SCALED, platform=None))
    log = AuditLog(store)
    for roles, wanted, numbers in [
        ({EVERYWHERE: "admin"}, Wanted(), [3, 2, 1]),
        ({EVERYWHERE: "admin"}, Wanted(platforms=("linkist",)), [2]),
        ({"zephyr": "admin"}, Wanted(), [1]),
        ({"zephyr": "admin", "linkist": "approver"}, Wanted(platforms=("linkist", "zephyr")), [1]),
    ]:
        page = await log.page(rights(roles), wanted)
        assert [entry.number for entry in page.entries] == numbers
        assert (page.head is not None) is (EVERYWHERE in roles)
    for refused in ({EVERYWHERE: "approver"}, {}):
        with pytest.raises(NotAllowed):
            await log.page(rights(refused), Wanted())


async def test_pages_say_whether_there_is_more(store: Store) -> None:
    await add(store, *[SCALED] * 5)
    log, admin = AuditLog(store), rights({EVERYWHERE: "admin"})
    first = await log.page(admin, Wanted(), 3)
    assert ([e.number for e in first.entries], first.older) == ([5, 4, 3], True)
    second = await log.page(admin, Wanted(before=3), 3)
    assert ([e.number for e in second.entries], second.older) == ([2, 1], False)

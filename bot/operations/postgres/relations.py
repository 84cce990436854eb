"""What the catalogue knows of a table, an index or a setting: its size, its age, its value."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.errors import TargetRefused
from bot.operations.postgres.naming import Named
from bot.operations.postgres.tokens import literal

Ask = Callable[[str], Awaitable[list[tuple[str, ...]]]]
"""Returns the rows of a query of the catalogue, as text."""

_RELATION = """
SELECT c.reltuples::bigint::text, pg_size_pretty(pg_total_relation_size(c.oid)),
    coalesce(s.n_dead_tup, 0)::text,
    coalesce(date_trunc('second', greatest(s.last_vacuum, s.last_autovacuum))::text, ''),
    coalesce(date_trunc('second', greatest(s.last_analyze, s.last_autoanalyze))::text, ''),
    coalesce(i.indisvalid, true)::text, coalesce(pg_get_indexdef(i.indexrelid), '')
FROM pg_class c LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid LEFT JOIN pg_index i ON i.indexrelid = c.oid
WHERE c.oid = to_regclass({})
"""
_SETTING = """
SELECT name, current_setting(name), context, coalesce(sourcefile, '') LIKE '%postgresql.auto.conf'
FROM pg_settings WHERE lower(name) = {}
"""
_SECRET = re.compile(r"conninfo|passphrase|password|command|krb|cert|key", re.IGNORECASE)
_WHEN = {
    "postmaster": "once the server was restarted",
    "sighup": "once its settings were loaded again (SELECT pg_reload_conf())",
    "backend": "for new sessions, once its settings were loaded again (SELECT pg_reload_conf())",
    "superuser-backend": "for new sessions, once its settings were loaded again (SELECT pg_reload_conf())",
    "user": "once its settings were loaded again (SELECT pg_reload_conf())",
    "superuser": "once its settings were loaded again (SELECT pg_reload_conf())",
}


@dataclass(frozen=True, slots=True)
class Relation:
    """A table or an index: its rows as the planner believes (-1: it never looked), its size in words, its dead rows.

    `vacuumed` and `analyzed` are when it was last kept in order; `definition` is that of an index, which `is_valid`
    unless it was not finished.
    """

    name: str
    rows: int
    size: str
    dead: int = 0
    vacuumed: str = ""
    analyzed: str = ""
    is_valid: bool = True
    definition: str = ""

    @property
    def spoken(self) -> str:
        """Its name and its size."""
        return f"{self.name} ({self.size} in all)"


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of the server: its value now, when a new one holds, and the statement that brings this one back."""

    name: str
    value: str
    when: str
    undo: str


async def relation_of(ask: Ask, name: str) -> Relation | None:
    """Return the table or the index of a name as SQL writes it; None when there is none."""
    found = await ask(_RELATION.format(literal(name))) if name else []
    if not found:
        return None
    rows, size, dead, vacuumed, analyzed, valid, definition = found[0]
    return Relation(name, int(rows), size, int(dead), vacuumed, analyzed, valid == "true", definition)


async def setting_of(ask: Ask, name: str) -> Setting | None:
    """Return a setting; one that may hold a secret without its value."""
    found = await ask(_SETTING.format(literal(name.strip('"').lower())))
    if not found:
        return None
    name, value, context, own = found[0]
    if _SECRET.search(name):
        value = "not shown"
    reset = f"ALTER SYSTEM RESET {name}"
    undo = f"ALTER SYSTEM SET {name} = {literal(value)}" if own in ("t", "true") and value != "not shown" else reset
    return Setting(name, value, _WHEN.get(context, "never: it cannot be changed"), undo)


async def is_there(ask: Ask, named: Named) -> None:
    """Raise TargetRefused for a database or a schema that is not there."""
    table, column = {"schema": ("pg_namespace", "nspname")}.get(named.kind, ("pg_database", "datname"))
    name = named.name[1:-1].replace('""', '"') if named.name[:1] == '"' else named.name.lower()
    if name and not await ask(f"SELECT 1 FROM {table} WHERE {column} = {literal(name)}"):  # noqa: S608 - a literal
        raise TargetRefused(f"There is no {named.kind} {named.name} here.")

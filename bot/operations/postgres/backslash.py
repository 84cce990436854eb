"""What psql's own commands show, as the SQL that shows it."""

from collections.abc import Mapping

_RELATIONS = (
    "SELECT table_schema, table_name, table_type FROM information_schema.tables "
    "WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"
)

AS_SQL: Mapping[str, str] = {
    "d": _RELATIONS,
    "dt": _RELATIONS,
    "dv": "SELECT schemaname, viewname FROM pg_views ORDER BY 1, 2",
    "di": "SELECT schemaname, tablename, indexname FROM pg_indexes ORDER BY 1, 2, 3",
    "ds": "SELECT schemaname, sequencename, last_value FROM pg_sequences ORDER BY 1, 2",
    "dn": "SELECT nspname FROM pg_namespace ORDER BY 1",
    "du": "SELECT rolname, rolsuper, rolcanlogin FROM pg_roles ORDER BY 1",
    "dg": "SELECT rolname, rolsuper, rolcanlogin FROM pg_roles ORDER BY 1",
    "dx": "SELECT extname, extversion FROM pg_extension ORDER BY 1",
    "df": "SELECT routine_schema, routine_name FROM information_schema.routines ORDER BY 1, 2",
    "l": "SELECT datname, pg_size_pretty(pg_database_size(datname)) FROM pg_database ORDER BY 1",
    "conninfo": "SELECT current_database(), current_user, inet_server_addr(), inet_server_port()",
    "dconfig": "SHOW ALL",
}
_COLUMNS = (
    "SELECT column_name, data_type, is_nullable, column_default FROM information_schema.columns "
    "WHERE table_name = '{}' ORDER BY ordinal_position"
)
_OTHERS: Mapping[str, str] = {
    "copy": "write a SELECT",
    "i": "write the statements on lines of their own",
    "timing": "leave it out; the time is always shown",
    "x": "use the option -x",
    "watch": "make a monitor of it",
    "c": "use the option -d",
}


def instead_of(command: str) -> str:
    r"""Return what to write instead of a command of psql such as `\dt` or `\d users`."""
    name, _, argument = command.lstrip("\\").partition(" ")
    plain = name.rstrip("+S")
    if plain in ("d", "dt") and argument.strip().isidentifier():
        return f"write {_COLUMNS.format(argument.strip())}"
    if plain in AS_SQL:
        return f"write {AS_SQL[plain]}"
    return _OTHERS.get(plain, "write one SQL statement")

"""How a statement is taken back: the statement that does it, or a sentence that says that none does."""

from bot.operations.effect import Effect
from bot.operations.postgres.effects import effect_of
from bot.operations.postgres.naming import named_by
from bot.operations.postgres.sessions import CANCEL, TERMINATE, signal_of
from bot.operations.postgres.statement import Statement

NO_NEED = "There is nothing to take back: no data changes."
_BACKUP = "There is no way back but the newest backup."
_BY_SIGNAL = {
    TERMINATE: "There is no way back: what the session had not committed is undone, and its client connects again.",
    CANCEL: "There is no way back: whoever sent the query sends it again.",
}
_DROPPED = frozenset({"table", "view", "materialized view", "sequence", "schema", "extension", "type", "domain"})


def undo_of(statement: Statement) -> str:
    """Return the statement that takes another back, or a sentence."""
    if name := signal_of(statement):
        return _BY_SIGNAL[name]
    named = named_by(statement)
    is_new = statement.head == "create" and "replace" not in statement.words and bool(named.name)
    if is_new and named.kind == "index":
        return f"DROP INDEX {'CONCURRENTLY ' if 'concurrently' in statement.words else ''}{named.name}"
    if is_new and named.kind in _DROPPED:
        return f"DROP {named.kind.upper()} {named.name}"
    if statement.verb == "insert":
        return "There is no statement for it: DELETE the new rows by what is in them."
    if effect_of(statement) is Effect.DESTROY:
        return _BACKUP
    return "There is no statement that is known to take it back."

"""What a statement is about: the kind of thing and its name, as its tokens have it."""

from dataclasses import dataclass

from bot.operations.postgres.statement import Statement, closing, depths
from bot.operations.postgres.tokens import Kind, Token

_BETWEEN = frozenset(
    {
        *("from", "into", "only", "concurrently", "if", "not", "exists", "unique", "or", "replace"),
        *("verbose", "full", "freeze", "analyze", "analyse", "skip_locked", "temp", "temporary", "unlogged"),
    }
)
_KINDS = frozenset(
    {
        *("table", "index", "view", "materialized", "sequence", "schema", "database", "system", "function"),
        *("procedure", "trigger", "type", "role", "user", "extension", "policy", "publication", "subscription"),
        *("tablespace", "foreign", "domain", "collation", "aggregate", "server", "statistics"),
    }
)
_OF_TABLES = frozenset({"delete", "update", "insert", "merge", "truncate", "vacuum", "analyze", "analyse", "cluster"})


@dataclass(frozen=True, slots=True)
class Named:
    """One thing, by its kind (`table`, `index`, `system`; empty when nothing says) and its name as SQL writes it.

    `behind` is what stands behind the name; `on` the table of an index that is made.
    """

    kind: str = ""
    name: str = ""
    behind: tuple[Token, ...] = ()
    on: str = ""

    @property
    def all_names(self) -> tuple[str, ...]:
        """Its name, and those that follow behind commas."""
        names, rest = [self.name], self.behind
        while rest and rest[0].is_sign(","):
            name, end = _name(rest, 1)
            names.append(name)
            rest = rest[end:]
        return tuple(names)


def named_by(statement: Statement) -> Named:
    """Return what a statement is about; nothing for one that is about no single thing, such as a bare VACUUM."""
    found = statement.tokens
    at, kinds = 1, []
    while at < len(found) and (found[at].is_word(*_BETWEEN, *_KINDS) or found[at].is_sign("(")):
        if found[at].is_sign("("):
            at = closing(found, at)
        elif found[at].text in _KINDS:
            kinds.append(found[at].text)
        at += 1
    kind = " ".join(kinds) or ("table" if statement.head in _OF_TABLES else "")
    name, end = _name(found, at)
    if statement.head == "create" and kind == "index":
        return _index(found, "" if name.lower() == "on" else name)
    return Named(kind, name, found[end:])


def _index(found: tuple[Token, ...], name: str) -> Named:
    """Return an index that is to be made. It gets the schema of its table, whatever is looked for first."""
    at = next((at for at, (token, depth) in enumerate(depths(found)) if depth == 0 and token.is_word("on")), None)
    if at is None:
        return Named("index", name)
    at += 2 if at + 1 < len(found) and found[at + 1].is_word("only") else 1
    table, end = _name(found, at)
    schema = table.rpartition(".")[0]
    return Named("index", f"{schema}.{name}" if schema and name else name, found[end:], table)


def _name(found: tuple[Token, ...], at: int) -> tuple[str, int]:
    """Return the name that begins at a place, with its schema if it has one, and where it ends."""
    parts: list[str] = []
    while at < len(found) and found[at].kind in (Kind.WORD, Kind.NAME):
        parts.append(found[at].shown)
        if at + 1 >= len(found) or not found[at + 1].is_sign("."):
            return ".".join(parts), at + 1
        at += 2
    return ".".join(parts), at

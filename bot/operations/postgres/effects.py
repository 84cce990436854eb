"""What an SQL statement does at worst.

A statement is a read only when everything about it says so: its head, its words, every function that it calls, and
sqlglot's reading of it. All else is a write; what loses something for good is told by its words. Not seen in a text
are a view, an operator, a cast or a row's function (`t.f`) that calls something else: those the READ ONLY transaction
of the backend holds back.
"""

from functools import lru_cache

from bot.operations.effect import Effect
from bot.operations.postgres.calls import called
from bot.operations.postgres.pure import FINAL, PURE
from bot.operations.postgres.statement import QUERIES, Statement, explained_at, runs
from bot.operations.postgres.tokens import Kind, Token

_WRITING_TEXT = """
alter analyse analyze call checkpoint cluster comment create grant import insert notify reassign refresh reindex
revoke security vacuum
"""
WRITING = frozenset(_WRITING_TEXT.split())
FINAL_HEADS = frozenset({"delete", "drop", "merge", "truncate", "update"})
READING = QUERIES | {"explain", "show"}

_LOSING = frozenset({"delete", "drop", "merge", "truncate", "update"})
_CHANGING = _LOSING | {"insert", "into"}
_LOCKS = frozenset({"update", "share", "no", "key"})
_DEEPEST = 40  # brackets within brackets: more is nobody's query, and costs the parser time
_LONGEST = 2_000  # tokens


@lru_cache(maxsize=2048)
def effect_of(statement: Statement) -> Effect:
    """Return the effect of a statement; never lower than the truth that its text can tell."""
    if statement.free:
        return Effect.READ  # only a query that is a read can be put there
    if statement.head == "explain":
        return _explained(statement)
    if statement.head == "show":
        return Effect.READ
    worst = _by_words(statement)
    if statement.head in READING and worst is Effect.READ:
        return Effect.READ if _is_pure(statement) else Effect.WRITE
    return max(worst, Effect.WRITE)


def _explained(statement: Statement) -> Effect:
    inner = Statement(statement.tokens[explained_at(statement) :])
    if not inner.tokens:
        return Effect.WRITE
    if runs(statement):
        return effect_of(inner)
    # The planner calls functions that are said to be stable, so that even the plan of an unknown one may do something.
    return Effect.READ if set(called(inner.tokens)) <= PURE else Effect.WRITE


def _by_words(statement: Statement) -> Effect:
    """Return the worst that the statement's words and functions say; READ when they say nothing."""
    if not FINAL.isdisjoint(name.split(".")[-1] for name in called(statement.tokens)):
        return Effect.DESTROY
    match statement.head:
        case "grant" | "revoke" | "comment" | "security":
            return Effect.WRITE
        case "alter":
            return Effect.DESTROY if _alter_loses(statement.tokens) else Effect.WRITE
        case "create" if statement.tokens[1:2] and statement.tokens[1].is_word("or"):
            return Effect.DESTROY  # OR REPLACE: what was there before is not kept
    found = statement.tokens
    said = [_said(found, at) for at in range(len(found)) if found[at].kind is Kind.WORD]
    return max(said, default=Effect.READ)


def _said(found: tuple[Token, ...], at: int) -> Effect:
    """Return what the word at this place says of the statement."""
    word, before = found[at].text, found[at - 1] if at else None
    if word == "for" and found[at + 1 : at + 2] and found[at + 1].is_word(*_LOCKS):
        return Effect.WRITE
    if word not in _CHANGING or (before is not None and before.is_sign(".")):
        return Effect.READ
    locks = before is not None and (before.is_word("for") or (at > 2 and found[at - 3].is_word("for")))
    if locks or _is_event(found, at):
        return Effect.WRITE
    return Effect.DESTROY if word in _LOSING else Effect.WRITE


def _is_event(found: tuple[Token, ...], at: int) -> bool:
    """Whether the word names what a trigger or a foreign key waits for: BEFORE DELETE OR UPDATE, ON DELETE."""
    waits = found[0].is_word("create", "alter") and at > 0
    return waits and found[at - 1].is_word("on", "before", "after", "or", "of")


def _alter_loses(found: tuple[Token, ...]) -> bool:
    return any(token.is_word("drop", "type") for token in found[2:])


def _is_pure(statement: Statement) -> bool:
    if not set(called(statement.tokens)) <= PURE:
        return False
    deepest = depth = 0
    for token in statement.tokens:
        depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
        deepest = max(deepest, depth)
    return deepest <= _DEEPEST and len(statement.tokens) <= _LONGEST and _parses_as_query(statement)


def _parses_as_query(statement: Statement) -> bool:
    """Whether sqlglot reads the statement as a query with nothing in it that writes.

    What is in quotes has no say here and may mislead a parser, so that it sees a plain word in its place.
    """
    import sqlglot  # heavy: 0.2 s at start for nothing, when a process reads no SQL
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    text = "".join(f"{token.gap and ' '}{_harmless(token)}" for token in statement.tokens)
    try:
        trees = sqlglot.parse(text, read="postgres")
    except (SqlglotError, RecursionError, LookupError, TypeError, ValueError, AttributeError, AssertionError):
        return False  # whatever it stumbled over, it has not called this a read
    writes = (exp.DML, exp.DDL, exp.Into, exp.Lock, exp.Command, exp.Drop, exp.Alter, exp.TruncateTable, exp.Set)
    root = trees[0] if len(trees) == 1 else None
    return isinstance(root, exp.Query | exp.Values | exp.Paren) and root.find(*writes) is None


def _harmless(token: Token) -> str:
    inner = token.text[1:-1]
    plain = inner.replace(" ", "").replace("_", "").isalnum() and inner.isascii()
    match token.kind:
        case Kind.TEXT:
            return token.text if plain and token.text[0] == "'" else "'x'"
        case Kind.NAME:
            return token.text if plain and token.text[0] == '"' else '"x"'
        case Kind.HOLE:
            return "1"
    return token.shown

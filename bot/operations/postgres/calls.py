"""Which functions a statement calls, told by its tokens: a name before a bracket, unless the syntax says otherwise."""

from collections.abc import Iterator, Sequence

from bot.operations.postgres.pure import SYNTAX
from bot.operations.postgres.tokens import Kind, Token

_VERBS = ("select", "insert", "update", "delete", "merge", "values", "table")


def called(found: Sequence[Token]) -> Iterator[str]:
    """Yield the name of every function that may be called here; one of another schema with its schema, as `a.f`.

    What cannot be told from a call counts as one: an alias with columns and without AS, a quoted name.
    """
    named = _named_queries(found)
    for at in range(1, len(found)):
        name = found[at - 1]
        if not found[at].is_sign("(") or name.kind not in (Kind.WORD, Kind.NAME, Kind.HOLE):
            continue
        if at - 1 not in named and not _is_syntax(found, at - 1):
            yield _full_name(found, at - 1)


def _full_name(found: Sequence[Token], at: int) -> str:
    parts = [_plain(found[at])]
    while at >= 2 and found[at - 1].is_sign("."):
        at -= 2
        parts.insert(0, _plain(found[at]))
    return ".".join(parts[1:] if len(parts) == 2 and parts[0] == "pg_catalog" else parts)


def _plain(token: Token) -> str:
    """Return a name without its quotes where they make no difference; with them it stays unknown."""
    bare = token.text.strip('"')
    simple = token.kind is Kind.NAME and bare.isidentifier() and bare.islower() and token.text[0] == '"'
    return bare if simple else token.text


def _is_syntax(found: Sequence[Token], at: int) -> bool:
    """Whether the word at this place belongs to the syntax and not to a function."""
    word, before = found[at], found[at - 1] if at else None
    if word.kind is not Kind.WORD or (before is not None and before.is_sign(".")):
        return False
    if word.text in SYNTAX or before is None:
        return word.text in SYNTAX
    if before.is_word("as"):  # a column list, a type, or MATERIALIZED; a call cannot stand here
        return True
    if before.is_sign(")"):  # the alias of what is in the brackets, OVER, FILTER
        return not _behind_distinct_on(found, at - 1)
    return _follows(word.text, before, found[at - 2] if at > 1 else None)


def _follows(word: str, before: Token, earlier: Token | None) -> bool:
    """Whether a word that could name a function stands where only the syntax has it."""
    match word:
        case "by":
            return before.is_word("group", "order", "partition")
        case "sets":
            return before.is_word("grouping")
        case "varying":
            return before.is_word("character", "char", "bit")
        case "materialized":
            return before.is_word("not") and earlier is not None and earlier.is_word("as")
        case "join" | "like" | "ilike":
            operand = before.kind in (Kind.NAME, Kind.TEXT, Kind.HOLE, Kind.NUMBER)
            return operand or before.is_word("not") or (before.kind is Kind.WORD and before.text not in SYNTAX)
    return False


def _behind_distinct_on(found: Sequence[Token], at: int) -> bool:
    """Whether the bracket that closes at this place is that of DISTINCT ON, behind which an expression begins."""
    depth = 0
    for place in range(at, 1, -1):
        depth += found[place].is_sign(")") - found[place].is_sign("(")
        if depth == 0:
            return found[place - 1].is_word("on") and found[place - 2].is_word("distinct")
    return True


def _named_queries(found: Sequence[Token]) -> frozenset[int]:
    """Return the places of the names that a leading WITH gives to its queries; a column list may follow them."""
    if not found or not found[0].is_word("with"):
        return frozenset()
    depth, places = 0, set()
    for at, token in enumerate(found[1:], 1):
        depth += token.is_sign("(") - token.is_sign(")")
        if depth == 0 and token.is_word(*_VERBS):
            break
        before = found[at - 1]
        if depth == 0 and (before.is_word("with", "recursive") or before.is_sign(",")):
            places.add(at)
    return frozenset(places)

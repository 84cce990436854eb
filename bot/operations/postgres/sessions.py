"""The sessions that a statement ends or interrupts: pg_terminate_backend, pg_cancel_backend."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import TargetRefused
from bot.operations.backend import Limits
from bot.operations.effect import Effect
from bot.operations.postgres.effects import effect_of
from bot.operations.postgres.reading import read_query
from bot.operations.postgres.statement import Statement, closing, depths, read_statement
from bot.operations.postgres.tokens import Token, literal

if TYPE_CHECKING:
    from bot.operations.postgres.connections import Connection

TERMINATE, CANCEL = "pg_terminate_backend", "pg_cancel_backend"
_MOST = 200  # sessions in one statement: more is a restart
_LONGEST_QUERY = 160
_QUOTED = re.compile(r"'[^']*('|$)")
_COLUMNS = (
    "pid, backend_start::text, coalesce(query_start::text, ''), coalesce(usename, backend_type), "
    "coalesce(host(client_addr), 'this machine'), application_name, coalesce(state, 'busy'), query"
)
_FROZEN = "SELECT pid, {}(pid) FROM pg_stat_activity WHERE (pid, {}) IN ("


@dataclass(frozen=True, slots=True)
class Session:
    """One session, and what it runs; times as the server writes them."""

    pid: str
    started: str
    query_started: str
    user: str
    client: str
    application: str
    state: str
    query: str

    @property
    def spoken(self) -> str:
        """Who it is, what it does and since when; what stands in quotes is left out, for it is people's data."""
        query = _QUOTED.sub("'…'", " ".join(self.query.split()))[:_LONGEST_QUERY]
        program = f" ({self.application})" if self.application else ""
        since = f" since {self.query_started}" if self.query_started else ""
        return f"pid {self.pid}: {self.user} from {self.client}{program}, {self.state}{since}: {query or 'nothing yet'}"


def signal_of(statement: Statement) -> str:
    """Return which of the two functions a statement calls; empty for neither."""
    words = {token.text.strip('"') for token in statement.tokens}
    return next((name for name in (TERMINATE, CANCEL) if name in words), "")


async def sessions_of(connection: "Connection", statement: Statement, limits: Limits) -> tuple[Session, ...]:
    """Return the sessions that a statement would signal now. Raises TargetRefused when that cannot be told."""
    which = _pids(statement)
    text = f"SELECT {_COLUMNS} FROM pg_stat_activity WHERE pid IN ({which}) ORDER BY pid"  # noqa: S608 - tokens
    query = read_statement(text)
    if effect_of(query) is not Effect.READ:
        raise TargetRefused("It cannot be told beforehand which sessions this is about: name their pids.")
    answer = await read_query(connection, query.text, limits)
    return tuple(Session(*row) for row in answer.rows.rows)


def is_frozen(statement: Statement) -> bool:
    """Whether a statement names its sessions by their start, so that it can be about no others."""
    name = signal_of(statement)
    return any(statement.text.startswith(_FROZEN.format(name, by)) for by in ("backend_start", "query_start"))


def is_open(statement: Statement) -> bool:
    """Whether the sessions are chosen when it runs, as in `SELECT pg_terminate_backend(pid) FROM …`."""
    return any(depth == 0 and token.is_word("from") for token, depth in depths(statement.tokens))


def frozen(statement: Statement, sessions: tuple[Session, ...]) -> Statement:
    """Return the statement for these sessions and no others, and still for those alone that it was written for.

    Raises TargetRefused for too many.
    """
    if len(sessions) > _MOST:
        raise TargetRefused(f"This is about {len(sessions)} sessions; more than {_MOST} are too many: narrow it.")
    name = signal_of(statement)
    by = "backend_start" if name == TERMINATE else "query_start"
    pairs = ", ".join(f"({each.pid}, {literal(started(name, each))})" for each in sessions)
    return read_statement(f"{_FROZEN.format(name, by)}{pairs}) AND pid IN ({_pids(statement)})")


def started(name: str, session: Session) -> str:
    """Return when that began which a signal ends: the session, or its query."""
    return session.started if name == TERMINATE else session.query_started


def _pids(statement: Statement) -> str:
    """Return a query of the pids: the function's argument in place of everything that is selected."""
    found, name = statement.tokens, signal_of(statement)
    places = [at for at, token in enumerate(found[:-1]) if token.text.strip('"') == name and found[at + 1].is_sign("(")]
    source = next((at for at, (token, depth) in enumerate(depths(found)) if depth == 0 and token.is_word("from")), None)
    rest = _text(found[source:]) if source is not None else ""
    queries = [f"SELECT ({_text(_argument(found, at + 1))})::int {rest}" for at in places]
    return queries[0] if len(queries) == 1 else " UNION ALL ".join(f"({query})" for query in queries)


def _argument(found: tuple[Token, ...], opening: int) -> tuple[Token, ...]:
    """Return the first argument of the call whose bracket opens here."""
    inner = found[opening + 1 : closing(found, opening)]
    commas = (at for at, (token, depth) in enumerate(depths(inner)) if depth == 0 and token.is_sign(","))
    return inner[: next(commas, len(inner))]


def _text(found: tuple[Token, ...]) -> str:
    return Statement(found).text if found else "NULL"

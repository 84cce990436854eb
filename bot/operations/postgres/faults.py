"""What the server and its driver raise, as our own errors: one clear sentence each, never with a password.

Codes: PostgreSQL manual, appendix A. While a connection is made the driver knows no code, only the server's English.
"""

import re
from typing import TYPE_CHECKING

from bot.errors import TargetError, TargetRefused, TargetUnreachable

if TYPE_CHECKING:
    import psycopg

_LONGEST = 300

_WHEN_CONNECTING: tuple[tuple[str, type[TargetError], str], ...] = (
    (r"password authentication failed|no password supplied", TargetRefused, "wrong user or password"),
    (r"role \".*\" does not exist", TargetRefused, "there is no such user"),
    (r"database \".*\" does not exist", TargetRefused, "there is no such database"),
    (r"no pg_hba\.conf entry", TargetRefused, "it does not let this user in from here (pg_hba.conf)"),
    (r"not permitted to log in|permission denied for database", TargetRefused, "this user has no right to connect"),
    (r"too many c|remaining connection slots", TargetUnreachable, "it has too many connections already"),
    (r"is starting up|in recovery mode|not yet accepting", TargetUnreachable, "it is starting up"),
    (r"is shutting down", TargetUnreachable, "it is shutting down"),
    (r"certificate", TargetRefused, "its certificate is not accepted"),
    (r"does not support SSL|SSL (?:SYSCALL )?error|no encryption", TargetRefused, "no encrypted connection came about"),
    (r"Connection refused", TargetUnreachable, "connection refused"),
    (r"No such file or directory", TargetUnreachable, "there is no server at its socket"),
    (r"could not translate|[Nn]ame or service|[Nn]o address|resolve", TargetUnreachable, "its host name is not known"),
    (r"timeout|timed out", TargetUnreachable, "no connection came about in time"),
    (r"No route|unreachable", TargetUnreachable, "there is no way to its host"),
)

_BY_CODE: dict[str, tuple[type[TargetError], str]] = {
    "28P01": (TargetRefused, "wrong user or password"),
    "28000": (TargetRefused, "this user is not let in"),
    "3D000": (TargetRefused, "there is no such database"),
    "57P01": (TargetUnreachable, "it is being restarted, or somebody ended this connection"),
    "57P02": (TargetUnreachable, "it is restarting after a crash"),
    "57P03": (TargetUnreachable, "it is starting up or shutting down"),
    "53300": (TargetUnreachable, "it has too many connections already"),
    "53100": (TargetUnreachable, "its disk is full"),
    "53200": (TargetUnreachable, "it is out of memory"),
    "55P03": (TargetRefused, "something else holds a lock that this needs; nothing was done"),
    "40P01": (TargetRefused, "it ended this to break a deadlock; nothing was done"),
}


def when_connecting(error: "psycopg.Error", name: str, password: str) -> TargetError:
    """Return why no connection to a database (by its spoken name) came about."""
    code = error.sqlstate or ""
    if code in _BY_CODE:
        kind, reason = _BY_CODE[code]
        return kind(_said(kind, name, reason))
    text = str(error)
    for pattern, kind, reason in _WHEN_CONNECTING:
        if re.search(pattern, text):
            return kind(_said(kind, name, reason))
    return TargetUnreachable(f"The database {name} does not answer: {_plain(text, password)}.")


def of_statement(error: "psycopg.Error", name: str, password: str, seconds: float, *, reading: bool) -> TargetError:
    """Return why a statement did not work; `seconds` is the limit that it had, `reading` whether it was held to it."""
    code = error.sqlstate or ""
    if not code or code.startswith("08"):
        ended = f"The database {name} ended the connection before the answer was there."
        return TargetUnreachable(ended if reading else f"{ended} Nothing was done: it was not committed.")
    if code in _BY_CODE:
        kind, reason = _BY_CODE[code]
        return kind(_said(kind, name, reason))
    said = _plain(error.diag.message_primary or str(error), password)
    if sentence := _sentence(code, said, seconds, reading=reading):
        return TargetRefused(sentence)
    hint = f" Its hint: {_plain(error.diag.message_hint, password)}." if error.diag.message_hint else ""
    return TargetRefused(f"The database refuses: {said}.{hint}")


def _said(kind: type[TargetError], name: str, reason: str) -> str:
    return f"The database {name} {'refuses' if kind is TargetRefused else 'does not answer'}: {reason}."


def _sentence(code: str, said: str, seconds: float, *, reading: bool) -> str:
    """Return the sentence for a code that needs more than the server's own words; empty for others."""
    if code in ("42P01", "42883", "55000") and "pg_stat_statements" in said:
        return _STATEMENTS
    match code:
        case "57014" if "statement timeout" not in said:
            return f"Somebody stopped this at the database ({said})."
        case "57014":
            advice = "narrow it with WHERE or LIMIT" if reading else "what ran in a transaction is undone"
            return f"The database stopped this after {seconds:g} s, the limit that it had; {advice}."
        case "25006":
            why = (
                "this statement would write, and only reading was asked for" if reading else "it is a read-only replica"
            )
            return f"The database refuses: {why} ({said})."
        case "42501":
            return f"The database refuses: this user has no right to do it ({said})."
    return ""


_STATEMENTS = (
    "The database keeps no statistics of statements: add pg_stat_statements to shared_preload_libraries, restart the "
    "server, and run CREATE EXTENSION pg_stat_statements in this database."
)


def _plain(text: str, password: str) -> str:
    """Return a message of the server on one line, without its end and without the password."""
    line = " ".join(text.split()).rstrip(".")
    if password:
        line = line.replace(password, "…")
    return line[:_LONGEST]

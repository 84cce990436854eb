"""`psql` and `pg_isready` lines as operations.

Where the line connects to (`-h`, `-U`, `-p`, an address) is read and forgotten: the target knows its own. A database's
name is kept, so that a statement meant for one is not carried out in another.
"""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from bot.operations.postgres.backslash import instead_of
from bot.operations.postgres.given import values_between
from bot.operations.postgres.nouns import IsReady, Layout, Sql
from bot.operations.postgres.options import Option, options_of
from bot.operations.postgres.sql import statement_of
from bot.operations.postgres.statement import Statement
from bot.operations.refusal import LineRefused
from bot.operations.words import Part, split

_SECRET = "leave it out; the target knows its password"  # noqa: S105 - a piece of advice
_ADDRESS = re.compile(r"postgres(?:ql)?(?:\+\w+)?://", re.IGNORECASE)
_HOLE = re.compile(r"[$<\[{]")
_SETTINGS = ("ON_ERROR_STOP", "VERBOSITY")  # variables that change nothing about one statement


def read_psql(line: str, part: Part) -> Sql:
    """Return the operation of a `psql` line. Raises LineRefused."""
    options = list(options_of(line, part))
    database = _database(line, options)
    commands = [option for option in options if option.name == "c"]
    _check_settings(line, options)
    if not commands:
        end = part[-1]
        reason = "an interactive psql could run anything"
        raise LineRefused(line, end.column, end.text, reason, 'write the statement behind -c, as in psql -c "SELECT 1"')
    if len(commands) > 1:
        second = commands[1]
        reason = "this is a second statement"
        raise LineRefused(line, second.word.column, second.value or "", reason, "write each on a line of its own")
    return Sql(_statement(line, _written(line, part), commands[0]), database, _layout(options))


def read_pg_isready(line: str, part: Part) -> IsReady:
    """Return the operation of a `pg_isready` line. Raises LineRefused."""
    for option in options_of(line, part):
        if option.name == "":
            raise LineRefused(line, option.word.column, option.value or "", "pg_isready takes no words", "leave it out")
        if option.name == "d":
            _named(line, option)
    return IsReady()


def _written(line: str, part: Part) -> str:
    """Return the SQL of a line before any hole of it was filled."""
    if not line.lstrip().startswith(part[0].text):
        return line  # SQL as a whole, handed on as if it stood behind -c
    return next(option.value or "" for option in options_of(line, split(line)[0]) if option.name == "c")


def _statement(line: str, written: str, command: Option) -> Statement:
    filled = command.value or ""
    values = values_between(written, filled) if filled != written else {}
    if values is None:
        reason = "its values cannot be told from the words around them"
        raise LineRefused(line, command.word.column, "", reason, "write spaces around the holes, or the values")
    sql = written.strip()
    if sql.startswith("\\"):
        column = command.word.column
        raise LineRefused(line, column, sql.split()[0], "psql's own commands are not SQL", instead_of(sql))
    return statement_of(line, sql, command.word.column, values)


def _layout(options: Sequence[Option]) -> Layout:
    given = {option.name for option in options}
    separators = [option.value for option in options if option.name == "F" and option.value]
    return Layout("t" in given, "A" in given, "x" in given, "csv" in given, separators[-1] if separators else "|")


def _check_settings(line: str, options: Sequence[Option]) -> None:
    for option in options:
        if option.name == "v" and (option.value or "").partition("=")[0] not in _SETTINGS:
            reason = "psql's variables are not filled in here"
            raise LineRefused(line, option.word.column, option.value or "", reason, "write a <name> in the statement")


def _database(line: str, options: Sequence[Option]) -> str | None:
    """Return the database that a line names: behind -d, or in the first bare word (the second is the user)."""
    bare = [option for option in options if option.name == ""]
    if len(bare) > 2:
        third = bare[2]
        reason = "psql takes a database and a user"
        raise LineRefused(line, third.word.column, third.value or "", reason, "write the SQL in quotes behind -c")
    named = [option for option in options if option.name == "d"] + bare[:1]
    return _named(line, named[0]) if named else None


def _named(line: str, option: Option) -> str | None:
    """Return the literal name of a database in a name, an address or a list of settings (`dbname=a host=b`)."""
    text = option.value or ""
    if _ADDRESS.match(text):
        return _from_address(line, option, text)
    settings = dict(re.findall(r"(\w+)\s*=\s*(\S+)", text))
    if "password" in settings and not _HOLE.search(settings["password"]):
        raise LineRefused(line, option.word.column, "password", "a password does not belong here", _SECRET)
    name = settings.get("dbname") if settings else text
    return name if name and not _HOLE.search(name) else None


def _from_address(line: str, option: Option, text: str) -> str | None:
    plain = re.sub(r"[<>\[\]{}]", "$", text)  # what is left of a hole would not be an address
    try:
        address = urlsplit(plain)
        password = address.password
    except ValueError:
        raise LineRefused(line, option.word.column, "", "this address cannot be read", "write $DATABASE_URL") from None
    if (password and "$" not in password) or re.search(r"[?&]password=[^$&]", plain):
        raise LineRefused(line, option.word.column, "", "a password does not belong here", _SECRET)
    name = address.path.strip("/")
    return name if name and "$" not in name else None

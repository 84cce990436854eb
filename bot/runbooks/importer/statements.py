"""SQL in documents: one statement after the other, with the comments above them."""

import re
from collections.abc import Iterator

from bot.runbooks.importer.pieces import Command, Gap, Piece, Remark

_PART = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|;|\n|.", re.DOTALL)


def read_statements(content: str, first: int) -> Iterator[Piece]:
    """Yield the statements and comments of SQL whose first line is `first`."""
    statement, start, line = "", first, first
    for found in _PART.finditer(content):
        part = found[0]
        if part.startswith("--") and not statement.strip():
            yield Remark(line, part.lstrip("- ").strip())
        elif part == "\n" and not statement.strip():
            if content[: found.start()].endswith("\n"):
                yield Gap(line)
        elif part == ";" and statement.strip():
            yield Command(start, f"{_one_line(statement)};")
            statement = ""
        elif not part.startswith(("--", "/*")) and part != ";":
            start = line if not statement.strip() else start
            statement += part
        line += part.count("\n")
    if statement.strip():
        yield Command(start, _one_line(statement))


def _one_line(statement: str) -> str:
    return " ".join(statement.split())

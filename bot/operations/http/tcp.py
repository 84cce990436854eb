"""`tcp HOST PORT`, and the ways in which runbooks write it: `telnet HOST PORT`, `nc -zv HOST PORT`."""

import re

from bot.operations.http.grammar import seconds
from bot.operations.http.nouns import TcpConnect
from bot.operations.operation import Hole
from bot.operations.refusal import LineRefused
from bot.operations.words import Part, Word

_HOST = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}|[0-9A-Fa-f:]{2,45}")


def read_tcp(line: str, part: Part) -> TcpConnect:
    """Return the connect of `tcp HOST PORT` or `telnet HOST PORT`. Raises LineRefused."""
    head, words = part[0].text, part[1:]
    options = [word for word in words if word.text.startswith("-")]
    if options:
        at = options[0]
        raise LineRefused(line, at.column, at.text, f"{head} takes no options here", f"write {head} HOST PORT")
    return _connect(line, part[0], words, None)


def read_nc(line: str, part: Part) -> TcpConnect:
    """Return the connect of `nc -z HOST PORT`. Raises LineRefused."""
    limit, words, at, looks = None, [], 1, False
    while at < len(part):
        word = part[at]
        if word.text == "-w" and at + 1 < len(part):
            limit, at = seconds(line, part[at + 1]), at + 1
        elif found := re.fullmatch(r"-([zvn]+)(?:w([0-9]+))?", word.text):
            looks = looks or "z" in found[1]
            limit = float(found[2]) if found[2] else limit
        elif word.text.startswith("-"):
            raise LineRefused(line, word.column, word.text, "nc only looks at ports here", "write nc -z HOST PORT")
        else:
            words.append(word)
        at += 1
    if not looks:
        raise LineRefused(line, part[0].column, "nc", "without -z it talks to the port", "write nc -z HOST PORT")
    return _connect(line, part[0], tuple(words), limit)


def _connect(line: str, head: Word, words: Part, limit: float | None) -> TcpConnect:
    usage = f"write {head.text} HOST PORT"
    if len(words) != 2:
        at = words[2] if len(words) > 2 else head
        reason = "this is one word too many" if len(words) > 2 else "a host and a port are needed"
        raise LineRefused(line, at.column, at.text, reason, usage)
    host, port = words
    if not host.is_hole and not _HOST.fullmatch(host.text):
        raise LineRefused(line, host.column, host.text, "this is no host", usage)
    if port.is_hole:
        return TcpConnect(host.text, Hole(port.holes[0]), limit)
    if not re.fullmatch(r"[0-9]{1,5}", port.text) or not 0 < int(port.text) < 65536:
        raise LineRefused(line, port.column, port.text, "this is no port", "write a number from 1 to 65535")
    return TcpConnect(host.text if host.holes else host.text.lower(), int(port.text), limit)

"""Command lines inside prose: "Check the nodes: kubectl get nodes; then restart" holds one.

For rows of an inventory and for documents that are turned into runbooks. What is found is text as it stands in the
prose, whether or not it can be read as an operation.
"""

import re
from collections.abc import Iterator

_PROGRAMS = (
    r"kubectl|psql|pg_isready|pg_dump|pg_dumpall|pg_restore|createdb|dropdb|redis-cli|curl|wget|npm|npx|yarn|pnpm|"
    r"git|docker(?:-compose)?|aws|gcloud|az|helm|trivy|df|du|gunzip|gzip|tar|promql|nslookup|dig|tcp|systemctl|"
    r"journalctl|terraform|ansible-playbook|is-set"
)
_WORDY = (  # these are words of prose as well, so what follows must look like an argument
    r"which(?= [a-z0-9_-]+$)|echo(?= [\"'$])|open(?= https?://)|watch(?= (?:-n|kubectl|curl|redis-cli|psql|docker))|"
    r"tail(?= -)|head(?= -)|grep(?= [\"'-])|cat(?= [/.\w-]*[/.])|telnet(?= \S+ \d)|nc(?= -)|ssh(?= \S+[@.])|"
    r"node(?= [-./\w]*[-./])|python3?(?= [-./\w]*[-./])|make(?= [a-z:_-]+$)|(?:ba)?sh(?= [-./])|kill(?= -)|"
    r"host(?= \S+\.)|k6(?= (?:-|archive |cloud |inspect |run |stats|version))"
)
_SQL = (
    r"SELECT|WITH(?= \w+ AS\b)|EXPLAIN|VACUUM|ANALYZE(?=;|$| \w+;?$)|REINDEX|SHOW(?= [a-z_]+;?$)|TRUNCATE|"
    r"CREATE (?=INDEX|UNIQUE|TABLE|DATABASE|EXTENSION)|DROP (?=TABLE|INDEX|DATABASE)|"
    r"ALTER (?=TABLE|SYSTEM|ROLE|DATABASE)|INSERT INTO|UPDATE(?= \w+ SET\b)|DELETE FROM"
)
_HEAD = re.compile(rf"(?:^|(?<=: )|(?<=^\$ )|(?<=\bsudo ))(?:(?:{_PROGRAMS})(?=\s|$)|{_WORDY}|(?:{_SQL})\b)")
_NOTE = re.compile(r"\[(?:NOTE|CAUTION|ALSO)\b")
_SUBSTITUTION = re.compile(r"(?:export )?(?:[A-Za-z_]\w*=|echo )[\"']?[^$]*\$\(")
_ASSIGNMENT = re.compile(r"(?:export )?[A-Za-z_]\w*=(?:\"[^\"]*\"|'[^']*'|\S*)$")
_TRAILING = re.compile(r"\s+\([^()'\"]*(?:\([^()]*\)[^()]*)*\)\s*$")
_STATEMENT_BEHIND = re.compile(rf"(psql\b[^:'\"]*): ((?:{_SQL})\b.*)", re.DOTALL)


def commands_in(text: str) -> list[str]:
    """Return the command lines in a piece of prose, in their order, each once.

    Remarks in brackets (`[NOTE: …]`) are left out. Of `NAME=$(command)` and of `echo "… $(command)"` the command is
    returned, since that is what brings something back.
    """
    found: list[str] = []
    known: set[str] = set()
    for piece in _pieces(_without_notes(text)):
        name = re.match(r"([A-Za-z_]\w*)=", piece)
        if name:
            known.add(name[1])
        found += _commands(piece, known)
    return list(dict.fromkeys(found))


def _commands(piece: str, known: set[str]) -> Iterator[str]:
    """Yield the command of one piece, if it has one. `known` are variables that an earlier piece sets."""
    head = _HEAD.search(piece)
    start = head.start() if head else 0
    if _SUBSTITUTION.match(piece, start):
        inner = _inside(piece, piece.index("$(", start) + 2)
        yield from _commands(inner, known)
        return
    if not head or _ASSIGNMENT.match(piece) or _only_repeats(piece[start:], known):
        return
    behind = _STATEMENT_BEHIND.match(piece, start)
    yield f'{behind[1]} -c "{behind[2]}"' if behind else _trimmed(piece[start:])


def _only_repeats(command: str, known: set[str]) -> bool:
    """Whether an echo only shows text, or what an earlier piece brought."""
    names = re.findall(r"\$\{?([A-Za-z_]\w*)", command)
    return command.startswith("echo ") and all(name in known for name in names)


def _trimmed(command: str) -> str:
    """Return a command without the remark in parentheses behind it."""
    if re.match(rf"(?:{_SQL})\b", command):
        return command.strip()
    return _TRAILING.sub("", command).strip()


def _without_notes(text: str) -> str:
    """Return the text without its remarks, which may have brackets of their own."""
    kept, at = "", 0
    while found := _NOTE.search(text, at):
        kept += text[at : found.start()]
        at = _closing(text, found.start(), "[", "]")
    return (kept + text[at:]).strip()


def _inside(text: str, start: int) -> str:
    """Return what is in the parentheses that opened before `start`."""
    return text[start : _closing(text, start - 1, "(", ")") - 1].strip()


def _closing(text: str, start: int, opening: str, closing: str) -> int:
    """Return the place behind the bracket that closes the one at `start`, or the end."""
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] == opening) - (text[at] == closing)
        if depth == 0:
            return at + 1
    return len(text)


def _pieces(text: str) -> Iterator[str]:
    """Yield what is between `;`, `&&` and ends of lines, outside of quotes and parentheses."""
    start, at, quote, depth = 0, 0, "", 0
    while at < len(text):
        char = text[at]
        if quote != "'" and text.startswith("$(", at):
            at = _closing(text, at + 1, "(", ")") - 1
        elif quote:
            at += char == "\\"
            quote = "" if char == quote else quote
        elif char in "\"'" and not (char == "'" and at and text[at - 1].isalnum()):
            quote = char
        elif char in "()":
            depth = max(depth + (1 if char == "(" else -1), 0)
        elif not depth and (char in ";\n" or text.startswith("&&", at)):
            yield text[start:at].strip()
            start = at + (2 if char == "&" else 1)
            at = start - 1
        at += 1
    yield text[start:].strip()

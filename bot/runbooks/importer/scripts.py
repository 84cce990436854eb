"""Shell in documents: its command lines, one by one, with the remarks above them."""

import re
from collections.abc import Iterator

from bot.operations.found import commands_in
from bot.operations.line import is_sql
from bot.runbooks.importer.pieces import Command, Gap, Piece, Point, Remark, Setting, Skipped
from bot.runbooks.importer.statements import read_statements

_PROMPT = re.compile(r"(?:[\w.-]+@[\w.-]+[:~\w/-]*)?[$%]\s+(?=\S)")
_POINT = re.compile(r"(?:[-*•]|\d{1,2}[.)])\s+(?=[^\s-])")
_CONTROL = re.compile(
    r"(?:if|then|else|elif|fi|for|while|until|do|done|case|esac|function|return|break|continue|select)\b|[{}]|\(\)|\w+\(\)|\[\[?\s"
)
_HOUSEKEEPING = re.compile(
    r"(?:set|cd|pushd|popd|export|source|trap|sleep|read|local|exit|wait|clear|alias|unset|shopt|\.)\b(?!/)"
)
_SETTING = re.compile(r"(?:export\s+|readonly\s+)?([A-Za-z_]\w*)=(?:\"([^\"$`]*)\"|'([^']*)'|([^\s\"'$`;|&]*))\s*$")
_HEREDOC = re.compile(r"<<-?\s*(['\"]?)(\w+)\1")
_SESSION = re.compile(r"(?:mysql|mongosh?)\s*$")

_LONGEST = 40
"""Lines over which text in quotes may go."""


class _Lines:
    """The lines of a block that are still to be read."""

    def __init__(self, content: str, first: int) -> None:
        self._lines, self._first, self._at = content.splitlines(), first, 0

    def __bool__(self) -> bool:
        return self._at < len(self._lines)

    @property
    def number(self) -> int:
        return self._first + self._at

    @property
    def next(self) -> str:
        return self._lines[self._at] if self else ""

    def take(self) -> str:
        self._at += 1
        return self._lines[self._at - 1]

    def closes(self, text: str) -> bool:
        """Tell whether the quote that is open in a text ends soon; an apostrophe never does."""
        for line in self._lines[self._at : self._at + _LONGEST]:
            text = f"{text} {line}"
            if not _open_quote(text):
                return True
        return False


def read_script(content: str, first: int) -> Iterator[Piece]:
    """Yield the pieces of a shell script or of a session whose first line is `first`."""
    lines, known = _Lines(content, first), _assigned(content)
    prompts = any(_PROMPT.match(line.strip()) for line in content.splitlines())
    while lines:
        number, line = lines.number, lines.take().strip()
        if not line:
            yield Gap(number)
        elif line.startswith("#"):
            yield from _remark(number, line)
        elif point := _POINT.match(line):
            yield Point(number, line[point.end() :])
        elif line[0] in "{[" and not line.startswith(("[ ", "[[")):
            yield from _sample(number, line, lines)
        elif prompts and not _PROMPT.match(line):
            yield Skipped(number, line, "it is output, or goes on from the line above")
        elif is_sql(line):
            yield from _sql(number, line, lines)
        else:
            pieces = _command(number, _PROMPT.sub("", line, count=1), lines)
            yield from (_unless_repeated(piece, known) for piece in pieces)


def _assigned(content: str) -> frozenset[str]:
    """Return the variables that a script sets."""
    return frozenset(re.findall(r"^\s*(?:export\s+)?([A-Za-z_]\w*)=", content, re.MULTILINE))


def _unless_repeated(piece: Piece, known: frozenset[str]) -> Piece:
    """Skip a command that only prints what the script itself found out before."""
    if not isinstance(piece, Command) or not piece.text.startswith("echo "):
        return piece
    names = re.findall(r"\$\{?([A-Za-z_]\w*)", piece.text)
    return Skipped(piece.line, piece.text, "it only prints words") if known.issuperset(names) else piece


def _remark(number: int, line: str) -> Iterator[Piece]:
    text = line.lstrip("# ").strip(" =-")
    if line.startswith("#!") or re.fullmatch(r"[\w./-]+\.(?:sh|bash|py|sql)", text):
        yield Skipped(number, line, "it names the script; its commands are placed one by one")
    elif text:
        yield Remark(number, text)


def _sample(number: int, line: str, lines: _Lines) -> Iterator[Piece]:
    """Pass over JSON that shows what is answered."""
    depth = _depth(line)
    while lines and depth > 0:
        depth += _depth(lines.take())
    yield Skipped(number, line, "it is an example of output")


def _depth(line: str) -> int:
    return sum(line.count(char) for char in "{[") - sum(line.count(char) for char in "}]")


def _sql(number: int, line: str, lines: _Lines) -> Iterator[Piece]:
    """Read a bare statement, as one types it in a session, up to its semicolon or an empty line."""
    text = line
    while lines and not text.rstrip().endswith(";") and lines.next.strip() and not lines.next.lstrip().startswith("#"):
        text += "\n" + lines.take()
    yield from (piece for piece in read_statements(text, number) if not isinstance(piece, Gap))


def _command(number: int, line: str, lines: _Lines) -> Iterator[Piece]:
    text, remark = _whole(line, lines)
    if heredoc := _HEREDOC.search(text):
        yield from _heredoc(number, text, heredoc, lines)
    elif setting := _SETTING.match(text):
        yield Setting(number, setting[1], next((value for value in setting.groups()[1:] if value), ""))
    elif _CONTROL.match(text):
        yield Skipped(number, text, "a shell decides or repeats here; write it as steps")
    elif _SESSION.match(text):
        yield Point(number, f"Open a session: {text}")
    elif found := commands_in(text):
        yield from (Command(number, command, remark) for command in found)
    elif _HOUSEKEEPING.match(text):
        yield Skipped(number, text, "it only prepares the shell")
    elif re.match(r"(?:echo|printf)\b", text):
        yield Skipped(number, text, "it only prints words")
    else:
        yield Command(number, text, remark)


def _whole(line: str, lines: _Lines) -> tuple[str, str]:
    """Return a command with the lines on which it goes on, and the remark behind it."""
    text = line
    while lines:
        if text.endswith("\\"):
            text = f"{text[:-1].rstrip()} {lines.take().strip()}"
        elif text.endswith(("|", "&&")) or (_open_quote(text) and lines.closes(text)):
            text = f"{text} {lines.take().strip()}"
        else:
            break
    return _without_remark(text)


def _open_quote(text: str) -> str:
    """Return the quote that does not end in a text, or nothing; a substitution in quotes has quotes of its own."""
    quote, at, inside = "", 0, [""]
    while at < len(text):
        char = text[at]
        if char == "\\" and quote != "'":
            at += 1
        elif quote != "'" and text.startswith("$(", at):
            inside.append(quote)
            quote = ""
        elif char == ")" and not quote and len(inside) > 1:
            quote = inside.pop()
        elif char in "\"'" and not quote:
            quote = "" if _is_apostrophe(text, at) else char
        elif char == quote:
            quote = ""
        at += 1
    return quote


def _is_apostrophe(text: str, at: int) -> bool:
    """Tell whether a quote stands inside a word, as in `don't`."""
    return text[at] == "'" and at > 0 and text[at - 1].isalpha() and text[at + 1 : at + 2].isalpha()


def _without_remark(text: str) -> tuple[str, str]:
    for found in re.finditer(r"\s#\s+", text):
        if not _open_quote(text[: found.start()]):
            return text[: found.start()].rstrip(), text[found.end() :].strip()
    return text.strip(), ""


def _heredoc(number: int, text: str, heredoc: "re.Match[str]", lines: _Lines) -> Iterator[Piece]:
    """Read what stands below a command for its input: SQL for psql; anything else is a file that a shell would make."""
    body, start = "", lines.number
    while lines and lines.next.strip() != heredoc[2]:
        body += lines.take() + "\n"
    if lines:
        lines.take()
    command = f"{text[: heredoc.start()]} {text[heredoc.end() :]}".strip()
    if not re.match(r"(?:sudo\s+)?psql\b", command):
        yield Skipped(number, text, "its input stands below it; put that into a file and name the file")
        return
    for piece in read_statements(body, start):
        if isinstance(piece, Command):
            quoted = re.sub(r'(["\\`$])', r"\\\1", piece.text) if '"' in piece.text or "'" in piece.text else piece.text
            yield Command(piece.line, f'{command} -c "{quoted}"')
        else:
            yield piece

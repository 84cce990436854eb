"""Blocks of a document that hold command lines: which they are, and their pieces."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.operations.found import commands_in
from bot.operations.job.grammar import PROGRAMS
from bot.runbooks.importer.headings import sentence
from bot.runbooks.importer.outline import Block, Code, Item, Text
from bot.runbooks.importer.pieces import Command, Gap, Piece, Remark
from bot.runbooks.importer.scripts import read_script
from bot.runbooks.importer.statements import read_statements

KNOWN = PROGRAMS | {
    *("psql", "mysql", "mysqldump", "mongodump", "mongorestore", "etcdctl", "consul", "vault", "velero", "restic"),
    *("terraform", "tofu", "ansible", "ansible-playbook", "kustomize", "istioctl", "flyctl", "heroku", "rclone"),
    *("make", "go", "cargo", "gradle", "mvn", "java", "dotnet", "php", "composer", "ruby", "rails", "rake", "bundle"),
    *("python", "python3", "poetry", "uv"),
}
"""Programs that a document may run as jobs; the draft lists those that it does."""

_SHELLS = ("bash", "sh", "shell", "zsh", "console", "shell-session", "shellsession", "terminal", "cmd")
_SQLS = ("sql", "postgresql", "postgres", "pgsql", "plpgsql")


def pieces_of(code: Code) -> Iterator[Piece] | None:
    """Return the pieces of a block of code; None when it holds nothing that is read here."""
    if code.language in _SQLS:
        return read_statements(code.content, code.line)
    if code.language in _SHELLS:
        return read_script(code.content, code.line)
    if code.language in ("promql", "prometheus"):
        lines = enumerate(code.content.splitlines(), code.line)
        return iter([Command(at, f"promql '{line.strip()}'") for at, line in lines if line.strip()])
    if not code.language and any(commands_in(line.strip().removeprefix("$ ")) for line in code.content.splitlines()):
        return read_script(code.content, code.line)
    return None


def holds_commands(block: Block) -> bool:
    """Tell whether there are command lines in a block, or below it."""
    match block:
        case Code():
            return pieces_of(block) is not None
        case Item(head, blocks=blocks):
            return holds_commands(head) or any(map(holds_commands, blocks))
        case Text(codes=codes):
            return any(map(commands_in, codes))
    return False


@dataclass(slots=True)
class Above:
    """The remark above a piece of code, or what the whole block is about."""

    about: str
    remark: str = ""
    line: int = 0
    uses: int = 0
    count: int = 0

    @property
    def is_left_over(self) -> bool:
        """Whether there is a remark with nothing below it."""
        return bool(self.remark) and not self.uses

    def begin(self, piece: Remark | Gap) -> None:
        """Go on with another remark, or with none behind an empty line."""
        self.remark, self.line = (piece.text if isinstance(piece, Remark) else ""), piece.line
        self.uses = 0

    def next(self, behind: str) -> str:
        """Return the title of the next command or point; `behind` is a remark on its own line."""
        self.uses, self.count = self.uses + 1, self.count + 1
        return sentence(self.remark or behind or self.about) if self.remark or behind or self.about else ""

"""The operations of a PostgreSQL target."""

from dataclasses import dataclass, field
from typing import ClassVar

from bot.operations.effect import Effect
from bot.operations.operation import Operation, TargetKind
from bot.operations.postgres.effects import effect_of
from bot.operations.postgres.statement import Statement


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is printed, after psql's options: `-t` rows only, `-A` unaligned, `-x` one column a line, `--csv`."""

    rows_only: bool = False
    unaligned: bool = False
    expanded: bool = False
    csv: bool = False
    separator: str = "|"


@dataclass(frozen=True, slots=True)
class Sql(Operation):
    """One SQL statement.

    `database` is the name that the line gives, if it gives one: whoever carries it out must be connected to that.
    How the answer is printed makes no other operation of it.
    """

    kind: ClassVar[TargetKind] = TargetKind.POSTGRES

    statement: Statement
    database: str | None = None
    layout: Layout = field(default=Layout(), compare=False)

    @property
    def effect(self) -> Effect:
        """What the statement does at worst; see `effects`."""
        return effect_of(self.statement)

    @property
    def holes(self) -> tuple[str, ...]:
        """The names of what is not known yet."""
        return self.statement.holes


@dataclass(frozen=True, slots=True)
class IsReady(Operation):
    """Whether the server accepts connections: `pg_isready`, which does not log in."""

    kind: ClassVar[TargetKind] = TargetKind.POSTGRES

    @property
    def effect(self) -> Effect:
        """A read: it knocks."""
        return Effect.READ

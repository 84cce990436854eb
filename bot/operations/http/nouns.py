"""What can be asked of a web server, or of a port."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from bot.operations.effect import Effect
from bot.operations.operation import Hole, Operation, TargetKind

METHODS = {
    "GET": Effect.READ,
    "HEAD": Effect.READ,
    "OPTIONS": Effect.READ,
    "POST": Effect.WRITE,
    "PUT": Effect.WRITE,
    "PATCH": Effect.WRITE,
    "DELETE": Effect.DESTROY,
}
"""Every method that is sent, and what it may do (RFC 9110 section 9.2.1 calls the first three safe)."""


class Show(StrEnum):
    """What of the answer is printed."""

    BODY = "body"
    BOTH = "head and body"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Secret:
    """A hole that is filled when the request is sent: where it is (`url`, `body`, `user`, a header) and its name."""

    place: str
    name: str


@dataclass(frozen=True, slots=True)
class HttpRequest(Operation):
    """One request. Holes in its texts stay until it is sent: `secrets` lists them, and nothing else is filled.

    `url` is absolute. `headers` have names in small letters. `fail` makes an answer of 400 and above exit code 22.
    `write_out` is curl's format of `-w`. `seconds` is the line's own time limit.
    """

    kind: ClassVar[TargetKind] = TargetKind.HTTP
    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: str | None = None
    user: str = ""
    follow: bool = False
    fail: bool = False
    show: Show = Show.BODY
    write_out: str = ""
    secrets: tuple[Secret, ...] = ()
    seconds: float | None = field(default=None, compare=False)

    @property
    def effect(self) -> Effect:
        """By the method."""
        return METHODS.get(self.method, Effect.DESTROY)


@dataclass(frozen=True, slots=True)
class TcpConnect(Operation):
    """Open a connection to a port, and close it again without a word."""

    kind: ClassVar[TargetKind] = TargetKind.HTTP
    host: str
    port: int | Hole
    seconds: float | None = field(default=None, compare=False)

    @property
    def effect(self) -> Effect:
        """Nothing is sent."""
        return Effect.READ

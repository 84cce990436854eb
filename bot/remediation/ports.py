"""What the one path asks of the outside world: targets that can be changed, and a chat that shows how it goes.

`bot.diagnosis.connected` and `bot.slack.rooms` are the adapters.
"""

from typing import Any, Protocol

from bot.operations.backend import Limits
from bot.operations.changing import Deed, Foresight
from bot.operations.operation import Operation
from bot.operations.output import Output
from bot.runbooks.platform import Platform


class Changers(Protocol):
    """The targets of all platforms, for those who may change them. What comes back is redacted. Raises TargetError."""

    async def foresee(self, platform: Platform, operation: Operation, target: str, limits: Limits) -> Foresight:
        """Return what an operation would change on a target, and change nothing."""

    async def change(self, platform: Platform, operation: Operation, target: str, limits: Limits, deed: Deed) -> Output:
        """Carry a foreseen operation out. Raises ChangeUnclear when it may have been done."""

    async def look(
        self, platform: Platform, operation: Operation, target: str, limits: Limits, deed: Deed
    ) -> Output | None:
        """Return what came of a deed that was begun, None when it was not done and may be."""

    async def ask(self, platform: Platform, operation: Operation, target: str, limits: Limits) -> Output:
        """Carry out an operation that changes nothing."""


class Board(Protocol):
    """Where requests are shown. Channels and messages are known by their ids. Raises the errors under SlackError."""

    async def post(self, key: str, channel: str, noun: Any, thread: str | None = None) -> str:
        """Post a message once for this key, however often it is asked for, and return its id."""

    async def send(self, key: str, channel: str, noun: Any) -> None:
        """Post a message once for this key, some time soon: it is kept until it is posted."""

    async def edit(self, key: str, channel: str, message: str, noun: Any) -> None:
        """Make a message say something else, some time soon; of several edits the last one counts."""

    async def answer(self, reply_to: str | None, channel: str, person: str, noun: Any) -> None:
        """Answer a person's request, visible to that person alone."""

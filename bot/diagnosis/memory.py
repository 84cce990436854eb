"""The targets of a test: answers that were written down, under the same rules as the connected ones."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from bot.diagnosis.leaving import Redact, leaving, redacted_error
from bot.errors import TargetError, TargetRefused, TargetUnreachable
from bot.operations.backend import Backend, Limits
from bot.operations.line import Line, read_line
from bot.operations.operation import Operation
from bot.operations.output import Output
from bot.runbooks.platform import Platform
from bot.runbooks.targets import Target

Answer = Output | TargetError | None


class TargetsInMemory:
    """Answers by command line; None never answers. `asked` lists the lines, in order, that were carried out."""

    def __init__(self, answers: Mapping[str, Answer], redact: Redact = str) -> None:
        self._answers = {read_line(text).operation: answer for text, answer in answers.items()}
        self._redact = redact
        self.asked: list[str] = []
        self.closed = False

    async def run(self, platform: Platform, line: Line, target: str | None, limits: Limits) -> Output:
        """Return what was written down for the line's operation. Raises TargetError or NoTarget."""
        platform.target_for(line.operation, target)
        self.asked.append(line.text)
        answer = self._answers.get(line.operation, TargetRefused(f"Nothing is written down for {line.text}."))
        if answer is None:
            await asyncio.sleep(limits.seconds)
            answer = TargetUnreachable(f"There was no answer within {limits.seconds:g} s.")
        if isinstance(answer, TargetError):
            raise redacted_error(type(answer)(*answer.args), self._redact)
        return await leaving(replace(answer), line.filters, self._redact)

    @asynccontextmanager
    async def turn(self, platform: Platform, target: Target, limits: Limits) -> AsyncIterator[tuple[Backend, Limits]]:
        """Lend what answers as it is written down, and changes nothing."""
        yield _Written(self, platform, target), limits

    def is_set_up(self, platform: Platform) -> bool:
        """Tell whether any answer was written down."""
        return bool(self._answers)

    async def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True


@dataclass(frozen=True, slots=True)
class _Written:
    """A backend whose answers were written down."""

    targets: TargetsInMemory
    platform: Platform
    target: Target

    async def run(self, operation: Operation, limits: Limits) -> Output:
        """Return what was written down."""
        return await self.targets.run(self.platform, Line(str(operation), operation), self.target.name, limits)

    async def close(self) -> None:
        """Have nothing to close."""

"""What a probe found."""

from dataclasses import dataclass
from enum import IntEnum

from bot.operations.output import Output


class Level(IntEnum):
    """How bad it is, from good to bad; what could not be found out is worse than what is good."""

    OK = 0
    UNKNOWN = 1
    WARNING = 2
    CRITICAL = 3

    @property
    def word(self) -> str:
        """`ok`, `unknown`, `warning` or `critical`, as runbooks write it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on one probe.

    `value` is what was read, with its unit, and `threshold` the condition that decided, or those that were not met;
    both are empty when nothing could be read. `sentence` says it all. `target` is the name of the target asked, and
    `seconds` how long the answer took. The output is redacted and capped; there is none when there was no answer.
    """

    probe: str
    title: str
    level: Level
    sentence: str
    value: str = ""
    threshold: str = ""
    target: str = ""
    output: Output | None = None
    seconds: float = 0.0


def worst_first(findings: list[Finding]) -> tuple[Finding, ...]:
    """Return findings by how bad they are; of equals the order stays."""
    return tuple(sorted(findings, key=lambda finding: -finding.level))


def worst(findings: tuple[Finding, ...]) -> Level:
    """Return the worst level of all; OK for none."""
    return max((finding.level for finding in findings), default=Level.OK)

"""What walkthroughs show to people, as nouns; `bot.slack.views` turns them into messages."""

from dataclasses import dataclass

from bot.runbooks.platform import Platform
from bot.runbooks.procedures import Procedure
from bot.store.walkthroughs import Walkthrough


@dataclass(frozen=True, slots=True)
class WalkthroughBoard:
    """A walkthrough with all its steps, always true."""

    walkthrough: Walkthrough
    platform: Platform


@dataclass(frozen=True, slots=True)
class ProcedureList:
    """The procedures of a platform, and the walkthroughs that go on there."""

    platform: Platform
    going: tuple[Walkthrough, ...]


@dataclass(frozen=True, slots=True)
class ProcedurePage:
    """All of one procedure, for reading."""

    platform: Platform
    procedure: Procedure

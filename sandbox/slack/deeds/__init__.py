"""What people do in the workspace: type, click, fill in, submit; each deed as Slack's client would do it."""

from sandbox.slack.deeds.people import People
from sandbox.slack.deeds.results import ClickResult, CommandResult, SubmitResult

__all__ = ["ClickResult", "CommandResult", "People", "SubmitResult"]

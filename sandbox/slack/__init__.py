"""A local stand-in for a Slack workspace: one process, stricter than Slack, never laxer.

How to read it: `workspace` holds everything that Slack would remember (`state/`), `api/` are the Web API methods
with their checks (`methods`, `limits`, `faults`), `doors/` bring commands, clicks and events to the app, `deeds/`
are what people do, `screen` is what they see, `control` steers it all over HTTP, `server` serves it, `blockkit/` is
the validator, `page/` the page in the browser.
"""

from sandbox.slack.clock import SystemClock, TestClock
from sandbox.slack.deeds import ClickResult, CommandResult, SubmitResult
from sandbox.slack.faults import Fault
from sandbox.slack.refusals import DeedRefusedError, ManifestError
from sandbox.slack.server import Server, serve
from sandbox.slack.workspace import Workspace

__all__ = [
    "ClickResult",
    "CommandResult",
    "DeedRefusedError",
    "Fault",
    "ManifestError",
    "Server",
    "SubmitResult",
    "SystemClock",
    "TestClock",
    "Workspace",
    "serve",
]

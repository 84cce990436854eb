"""Every failure that a person can be told about.

::

    OpsroomError                 the root: its text is a sentence written for a person
    ├── BadInput                 what was asked for cannot be read or does not exist
    │   ├── RunbookError         a runbook file is wrong; lists every fault with file:line:column
    │   ├── LineRefused          a command line that is no operation (bot/operations/refusal.py)
    │   └── SettingsError        the environment is wrong; names the variable
    ├── NotAllowed               the person's role does not reach that far
    ├── Conflict                 the world is not in the state that the request needs
    ├── StoreError               the store
    │   ├── StoreLocked          another process has the embedded store open
    │   ├── StoreOutdated        the schema is older or newer than the program
    │   └── StoreUnavailable     the database does not answer
    ├── TargetError              an outside system of a platform
    │   ├── TargetRefused        it answered, and said no: rights, a name that does not exist, a faulty query
    │   ├── TargetUnreachable    it does not answer, or not in time
    │   ├── ChangeUnclear        it may have been changed: look before it is repeated
    │   └── AnswerUnreadable     it answered with something that cannot be read
    └── SlackError               Slack
        ├── SlackRefused         Slack said no, and will say no again (carries Slack's error code)
        ├── SlackUnavailable     Slack did not do it (not reached, or asked us to wait); it may be repeated
        └── OutcomeUnclear       Slack may have done it: look before you repeat
"""

from typing import ClassVar


class OpsroomError(Exception):
    """Root of the tree: `str(error)` is a sentence that a person can act on.

    `passing` says that the same request may work a little later, so that it is worth repeating;
    `retry_after` is how many seconds the other side asked us to wait, if it did.
    """

    passing: ClassVar[bool] = False
    retry_after: float | None = None


class BadInput(OpsroomError):
    """What was asked for cannot be read or does not exist."""


class RunbookError(BadInput):
    """A runbook file is wrong."""


class SettingsError(BadInput):
    """The environment is wrong."""


class NotAllowed(OpsroomError):
    """The person's role does not reach that far."""


class Conflict(OpsroomError):
    """The world is not in the state that the request needs."""


class StoreError(OpsroomError):
    """The store failed."""


class StoreLocked(StoreError):
    """Another process has the embedded store open."""


class StoreOutdated(StoreError):
    """The schema is older or newer than the program."""


class StoreUnavailable(StoreError):
    """The database does not answer."""

    passing = True


class TargetError(OpsroomError):
    """An operation on a platform's target did not work; `str()` names the target's side of it, never a secret."""


class TargetRefused(TargetError):
    """The target answered, and said no: rights, a name that does not exist, a faulty query, a limit of ours."""


class TargetUnreachable(TargetError):
    """The target does not answer, or not in time."""

    passing = True


class ChangeUnclear(TargetError):
    """The connection ended after a change was sent: it may have been done."""

    passing = True


class AnswerUnreadable(TargetError):
    """The target answered with something that cannot be read."""


class SlackError(OpsroomError):
    """A call to Slack did not work."""


class SlackRefused(SlackError):
    """Slack said no, and will say no again.

    `method` is the Web API method, `code` Slack's error code (`missing_scope`, `channel_not_found` …).
    """

    def __init__(self, method: str, code: str, detail: str = "") -> None:
        super().__init__(f"Slack refused {method}: {code}{f' ({detail})' if detail else ''}.")
        self.method, self.code, self.detail = method, code, detail


class SlackUnavailable(SlackError):
    """Slack did not do it: it was not reached, or it asked us to wait. The call may be repeated."""

    passing = True

    def __init__(self, method: str, reason: str, retry_after: float | None = None) -> None:
        super().__init__(f"Slack did not answer {method}: {reason}.")
        self.method, self.retry_after = method, retry_after


class OutcomeUnclear(SlackError):
    """The connection ended or Slack failed after the call was sent: it may have been done."""

    passing = True

    def __init__(self, method: str, reason: str) -> None:
        super().__init__(f"The outcome of {method} is unclear: {reason}.")
        self.method = method

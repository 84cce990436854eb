"""What a person asked for: one noun for commands, clicks and submitted forms alike."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from bot.errors import BadInput


@dataclass(frozen=True, slots=True)
class Request:
    """A request, as it can be written down and done later by any replica.

    `id` is the receipt's and names whatever the request causes; `text` is what followed the verb, as it arrived;
    `values` are the fields of a submitted form, by argument; `channel_name` is what Slack calls the place (a direct
    message is `directmessage`). `trigger` opens a form once within 3 seconds; `reply_to` is Slack's response URL, good
    for 5 answers in 30 minutes. `again` is the id of an earlier request that this one repeats; `insist` says that the
    person was asked and wants it all the same; `typed` is the whole line behind the command, and `whole` says that all
    of it is the text.
    """

    id: str
    command: str
    verb: str
    text: str
    by: str
    channel: str
    channel_name: str
    at: datetime
    trigger: str | None = None
    reply_to: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    again: str | None = None
    insist: bool = False
    typed: str = ""
    whole: bool = False

    @property
    def path(self) -> str:
        """Command and verb, as the catalogue names them: `incident declare`."""
        return f"{self.command} {self.verb}".strip()

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON can keep it."""
        return {**asdict(self), "at": self.at.isoformat(), "values": dict(self.values)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Request":
        """Return the request that `as_json` wrote, on an older or newer replica maybe; raises BadInput if it cannot."""
        known = {field.name: kept[field.name] for field in fields(cls) if field.name in kept}
        try:
            return cls(**{**known, "at": datetime.fromisoformat(kept["at"])})
        except (KeyError, TypeError, ValueError) as error:
            raise BadInput(f"This request was written by another Opsroom and cannot be read ({error}).") from None

    def repeated(self, by: "Request") -> "Request":
        """Return this request as it is repeated by the click `by`: the same id, so that it causes nothing twice."""
        text = self.typed if by.whole else self.text
        asked = replace(self, command=by.command, verb=by.verb, text=text, insist=by.insist)
        return replace(asked, trigger=by.trigger, reply_to=by.reply_to)

"""What delivery knows of each Web API method: its pace, whether it may be repeated, how its arguments travel.

One table, `METHODS`. Tiers and argument styles are those of the pages under
https://docs.slack.dev/reference/methods; whether a method may be repeated is our own reading of what it does.
"""

from dataclasses import dataclass
from enum import StrEnum


class Tier(StrEnum):
    """Slack's name for how often a method may be called; the numbers are in `bot.slack.pacing`."""

    T1 = "tier 1"
    T2 = "tier 2"
    T3 = "tier 3"
    T4 = "tier 4"
    POSTING = "posting"
    GENEROUS = "generous"
    UNLIMITED = "unlimited"


class Carriage(StrEnum):
    """How arguments travel: in the query of a GET, as a form, or as a JSON body."""

    QUERY = "query"
    FORM = "form"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Method:
    """One Web API method.

    `repeatable` says that a second call after an unclear first one leaves the workspace as one call would.
    """

    tier: Tier
    repeatable: bool
    carriage: Carriage


def _reads(tier: Tier) -> Method:
    return Method(tier, repeatable=True, carriage=Carriage.QUERY)


def _settles(tier: Tier) -> Method:
    return Method(tier, repeatable=True, carriage=Carriage.JSON)


def _adds(tier: Tier, carriage: Carriage = Carriage.JSON) -> Method:
    return Method(tier, repeatable=False, carriage=carriage)


# A repeated invite, pin, archive … may be answered with "already so" (already_in_channel, already_pinned …):
# the workspace is then as it was meant to be, and the caller reads that code as done. views.open and
# views.push spend a trigger_id, which Slack takes once: a repeat would be refused although the first call
# opened the window. An address for an upload that is never used costs nothing.
METHODS: dict[str, Method] = {
    "api.test": _settles(Tier.T4),
    "auth.test": _settles(Tier.GENEROUS),
    "bookmarks.add": _adds(Tier.T2),
    "bookmarks.edit": _settles(Tier.T2),
    "bookmarks.list": _reads(Tier.T3),
    "bookmarks.remove": _settles(Tier.T2),
    "bots.info": _reads(Tier.T3),
    "canvases.create": _adds(Tier.T2),
    "canvases.delete": _settles(Tier.T3),
    "canvases.edit": _adds(Tier.T3),
    "chat.delete": _settles(Tier.T3),
    "chat.deleteScheduledMessage": _settles(Tier.T3),
    "chat.getPermalink": _reads(Tier.GENEROUS),
    "chat.postEphemeral": _adds(Tier.T4),
    "chat.postMessage": _adds(Tier.POSTING),
    "chat.scheduleMessage": _adds(Tier.T3),
    "chat.update": _settles(Tier.T3),
    "conversations.archive": _settles(Tier.T2),
    "conversations.canvases.create": _adds(Tier.T2),
    "conversations.create": _adds(Tier.T2),
    "conversations.history": _reads(Tier.T3),
    "conversations.info": _reads(Tier.T3),
    "conversations.invite": _settles(Tier.T3),
    "conversations.join": _settles(Tier.T3),
    "conversations.kick": _settles(Tier.T3),
    "conversations.leave": _settles(Tier.T3),
    "conversations.list": _reads(Tier.T2),
    "conversations.members": _reads(Tier.T4),
    "conversations.open": _settles(Tier.T3),
    "conversations.rename": _settles(Tier.T2),
    "conversations.replies": _reads(Tier.T3),
    "conversations.setPurpose": _settles(Tier.T2),
    "conversations.setTopic": _settles(Tier.T2),
    "conversations.unarchive": _settles(Tier.T2),
    "files.completeUploadExternal": _adds(Tier.T4),
    "files.delete": _settles(Tier.T3),
    "files.getUploadURLExternal": Method(Tier.T4, repeatable=True, carriage=Carriage.FORM),
    "files.info": _reads(Tier.T4),
    "pins.add": _settles(Tier.T2),
    "pins.list": _reads(Tier.T2),
    "pins.remove": _settles(Tier.T2),
    "reactions.add": _settles(Tier.T3),
    "reactions.get": _reads(Tier.T3),
    "reactions.remove": _settles(Tier.T2),
    "team.info": _reads(Tier.T3),
    "usergroups.list": _reads(Tier.T2),
    "usergroups.users.list": _reads(Tier.T2),
    "users.conversations": _reads(Tier.T3),
    "users.getPresence": _reads(Tier.T3),
    "users.info": _reads(Tier.T4),
    "users.list": _reads(Tier.T2),
    "users.lookupByEmail": _reads(Tier.T3),
    "views.open": _adds(Tier.T4),
    "views.publish": _settles(Tier.T4),
    "views.push": _adds(Tier.T4),
    "views.update": _settles(Tier.T4),
    "response_url": _adds(Tier.UNLIMITED),
    "upload": _settles(Tier.UNLIMITED),
}

# A method that the table does not know is treated with the most care: called rarely, never repeated.
UNKNOWN = _adds(Tier.T2)


def method(name: str) -> Method:
    """Return what is known of that method; an unknown one counts as tier 2 and as not repeatable."""
    return METHODS.get(name, UNKNOWN)

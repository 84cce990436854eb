"""What did not work in a room, in words that say what to do about it."""

from slack_sdk.models.blocks import SectionBlock

from bot.incidents.nouns import Mended, TroubleNote
from bot.slack.views.buttons import actions
from bot.slack.views.message import Message
from bot.slack.views.text import channel, fit_escaped, mrkdwn
from bot.store.incidents import Incident
from bot.store.troubles import Trouble
from bot.verbs.replies import Button

_WHAT = {
    "channel": "I could not open a room for {ref}",
    "invitation": "I could not bring the declarer into the room",
    "responders": "I could not bring all responders in",
    "header": "I could not post the header",
    "topic": "I could not set the topic",
    "answer": "I could not answer the declarer",
    "pin": "I could not pin the header",
    "assessment": "I could not show the first look at the platform",
    "bookmarks": "I could not add the bookmarks",
    "announcement": "I could not announce {ref}",
}
_NOW = {
    "invitation": "The declarer is in",
    "responders": "The responders are in",
    "header": "The header is posted",
    "topic": "The topic is set",
    "answer": "The declarer has an answer",
    "pin": "The header is pinned",
    "assessment": "The first look at the platform is there",
    "bookmarks": "The bookmarks are there",
    "announcement": "{ref} is announced",
}
_CURE = {
    "missing_scope": "Slack has not given Opsroom the permission. Install the app anew with the current manifest",
    "too_many_pins": "This channel has as many pins as Slack allows. Remove one",
    "too_many_bookmarks": "This channel has as many bookmarks as Slack allows. Remove one",
    "is_archived": "The channel is archived. Unarchive it",
    "channel_not_found": "There is no such channel, or Opsroom is not in it. Invite @opsroom there",
    "not_in_channel": "Opsroom is not in that channel. Invite @opsroom there",
    "no_such_group": "There is no user group as the runbook names it. Make it",
    "plan_upgrade_required": "User groups need a paid Slack plan. Invite people by hand, or change the plan",
    "restricted_action": "The workspace does not let Opsroom do this. Ask a workspace admin",
    "name_taken": "All names for it are taken. Rename or delete an old channel",
}
"""What to do about it, by Slack's error code; then it is worth trying again."""


def trouble_text(incident: Incident, trouble: Trouble) -> str:
    """Return the trouble and its cure, escaped."""
    cure = next((cure for code, cure in _CURE.items() if code in trouble.reason), None)
    reason = fit_escaped(trouble.reason, 600)
    todo = f"{cure}, then try again." if cure else "Try again in a while."
    return f"⚠️ {_what(incident, trouble)}. {todo} {_rest(incident, trouble)}.\n_{reason}_"


def _what(incident: Incident, trouble: Trouble) -> str:
    if trouble.part == "channel" and incident.channel_id:
        return f"I cannot write in the room of {incident.ref}, {channel(incident.channel_id)}"
    return _WHAT.get(trouble.part, f"I could not do the {trouble.part}").format(ref=incident.ref)


def _rest(incident: Incident, trouble: Trouble) -> str:
    """Say how much of it is not lost."""
    return f"{incident.ref} is on record" if trouble.part == "channel" else "Everything else goes on"


def trouble_note(noun: TroubleNote) -> Message:
    """To the room: a part of it did not work."""
    text = trouble_text(noun.incident, noun.trouble)
    retry = Button("Try again", "incident retry", f"{noun.incident.ref} {noun.trouble.part}")
    return Message(text, [SectionBlock(text=mrkdwn(text)), *actions([retry])])


def mended(noun: Mended) -> Message:
    """To the room: it works now."""
    now = _NOW.get(noun.part, "That works").format(ref=noun.incident.ref)
    text = f"✅ {now} now."
    return Message(text, [SectionBlock(text=mrkdwn(text))])

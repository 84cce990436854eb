"""What did not work in a room, in words that say what to do about it."""

from slack_sdk.models.blocks import SectionBlock

from bot.incidents.nouns import Mended, TroubleNote
from bot.slack.views.buttons import actions
from bot.slack.views.message import Message
from bot.slack.views.text import fit_escaped, mrkdwn
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
    "bookmarks": "I could not add the bookmarks",
    "announcement": "I could not announce {ref}",
}
_CURE = {
    "missing_scope": "Slack has not given Opsroom the permission. Install the app anew with the current manifest",
    "too_many_pins": "This channel has as many pins as Slack allows. Remove one",
    "too_many_bookmarks": "This channel has as many bookmarks as Slack allows. Remove one",
    "is_archived": "The channel is archived. Unarchive it",
    "channel_not_found": "There is no such channel, or Opsroom is not in it. Invite @opsroom there",
    "not_in_channel": "Opsroom is not in that channel. Invite @opsroom there",
    "no_such_group": "The user group named in the runbook does not exist in this workspace",
    "plan_upgrade_required": "User groups need a paid Slack plan. Invite people by hand",
    "restricted_action": "The workspace does not let Opsroom do this. Ask a workspace admin",
    "name_taken": "All names for it are taken. Rename or delete an old channel",
}


def trouble_text(incident: Incident, trouble: Trouble) -> str:
    """Return the trouble and its cure, escaped."""
    what = _WHAT.get(trouble.part, f"I could not do the {trouble.part}").format(ref=incident.ref)
    cure = next((cure for code, cure in _CURE.items() if code in trouble.reason), None)
    reason = fit_escaped(trouble.reason, 600)
    return (
        f"⚠️ {what}. {cure + ', then try again' if cure else reason.rstrip('.')}. Everything else goes on.\n_{reason}_"
    )


def trouble_note(noun: TroubleNote) -> Message:
    """To the room: a part of it did not work."""
    text = trouble_text(noun.incident, noun.trouble)
    retry = Button("Try again", "incident retry", f"{noun.incident.ref} {noun.trouble.part}")
    return Message(text, [SectionBlock(text=mrkdwn(text)), *actions([retry])])


def mended(noun: Mended) -> Message:
    """To the room: it works now."""
    text = f"✅ That worked now: {noun.part}."
    return Message(text, [SectionBlock(text=mrkdwn(text))])

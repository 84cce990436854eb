"""Text objects and the links in them (Slack: composition objects, text object)."""

from sandbox.slack.blockkit.rules import Rule, flag, matching, one_of, tagged, text


def plain(high: int) -> Rule:
    """Accept a plain_text object of 1 to `high` characters."""
    return one_of({"plain_text": _plain(high)})


def mrkdwn(high: int) -> Rule:
    """Accept a mrkdwn object of 1 to `high` characters."""
    return one_of({"mrkdwn": _mrkdwn(high)})


def words(high: int) -> Rule:
    """Accept a text object of either kind, of 1 to `high` characters."""
    return one_of({"plain_text": _plain(high), "mrkdwn": _mrkdwn(high)})


def _plain(high: int) -> Rule:
    return tagged({"text": text(1, high)}, {"emoji": flag})


def _mrkdwn(high: int) -> Rule:
    return tagged({"text": text(1, high)}, {"verbatim": flag})


LINK = matching(r"(?i)[a-z][a-z0-9+.-]*:\S+", "a link such as https://example.com", 3000)
WEB_LINK = matching(r"(?i)https?://[^\s/]+\S*", "a link that starts with https:// or http://", 3000)
HTTPS_LINK = matching(r"(?i)https://[^\s/]+\S*", "a link that starts with https://", 3000)

USER_ID = matching(r"[UW][A-Z0-9]+", "the id of a user, such as U012AB3CD")
CHANNEL_ID = matching(r"[CG][A-Z0-9]+", "the id of a channel, such as C012AB3CD")
CONVERSATION_ID = matching(r"[CGDUW][A-Z0-9]+", "the id of a conversation, such as C012AB3CD")

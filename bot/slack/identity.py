"""Who we are in Slack: asked once, then known."""

from dataclasses import dataclass

from slack_bolt.authorization import AuthorizeResult

from bot.slack.client import SlackClient


@dataclass(frozen=True, slots=True)
class Me:
    """The app's bot user and its workspace."""

    user_id: str
    bot_id: str
    team_id: str
    user: str
    team: str


class Identity:
    """Asks Slack for the identity that belongs to the token, the first time that somebody needs it."""

    def __init__(self, client: SlackClient) -> None:
        self._client = client
        self._me: Me | None = None

    async def me(self, patience: float | None = None) -> Me:
        """Return who we are; raises what `SlackClient.call` raises."""
        if self._me is None:
            said = await self._client.call("auth.test", patience=patience)
            self._me = Me(**{name: str(said.get(name, "")) for name in Me.__slots__})
        return self._me

    def known(self) -> AuthorizeResult:
        """Tell Bolt who we are, as far as we know: an acknowledgement must not wait until Slack answers us.

        The calls that work makes go through our own client and not through Bolt's.
        """
        me = self._me
        if me is None:
            return AuthorizeResult(enterprise_id=None, team_id=None)
        return AuthorizeResult(enterprise_id=None, team_id=me.team_id, bot_user_id=me.user_id, bot_id=me.bot_id)

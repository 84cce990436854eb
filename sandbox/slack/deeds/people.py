"""`workspace.people`: everything that a person can do, one method per deed."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from sandbox.slack.deeds import clicking, commands, modals, talking
from sandbox.slack.deeds.checks import entered
from sandbox.slack.deeds.results import ClickResult, CommandResult, SubmitResult
from sandbox.slack.refusals import DeedRefusedError, Json
from sandbox.slack.sight import active
from sandbox.slack.state.views import OpenView

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

DEEDS = frozenset(
    {
        "command", "say", "click", "click_in_view", "fill", "submit", "close_view", "react", "pin", "join",
        "leave", "invite", "archive", "open_dm", "open_home", "read", "share_file", "shortcut", "suggest",
    }
)  # fmt: skip
"""The deeds by name, as the control API offers them."""


class People:
    """Does things in the name of people. `user_id` and `channel_id` may also be names.

    Each deed raises DeedRefusedError when Slack's client would not offer it to that person.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def command(self, user_id: str, channel_id: str, line: str) -> CommandResult:
        """Type a slash command, for example `/incident list`, and wait for the acknowledgement."""
        return await commands.run_command(self._workspace, user_id, channel_id, line)

    async def say(self, user_id: str, channel_id: str, text: str, thread_ts: str | None = None) -> str:
        """Write a message, or a reply, and return its timestamp. @names, #channels and links work."""
        return talking.say(self._workspace, user_id, channel_id, text, thread_ts)

    async def click(
        self,
        user_id: str,
        channel_id: str,
        message_ts: str,
        action_id: str,
        *,
        block_id: str | None = None,
        value: Any = None,
    ) -> ClickResult:
        """Press a button or choose `value` (an option's value, a date, an id, a list) in a message."""
        return await clicking.click(self._workspace, user_id, channel_id, message_ts, action_id, block_id, value)

    async def click_in_view(
        self,
        user_id: str,
        view_id: str | None,
        action_id: str,
        *,
        block_id: str | None = None,
        value: Any = None,
    ) -> ClickResult:
        """Press or choose something in the topmost modal (None) or in the view with that id."""
        view = self._view(user_id, view_id)
        return await clicking.click_in_view(self._workspace, view, action_id, block_id, value)

    async def fill(self, user_id: str, view_id: str | None, values: Json) -> None:
        """Fill in fields of a view without submitting it."""
        view = self._view(user_id, view_id)
        view.state = entered(view.content["blocks"], view.state, values)
        self._workspace.changes.touch(user=view.user)

    async def suggest(self, user_id: str, view_id: str | None, action_id: str, typed: str) -> list[Json]:
        """Type into a menu that asks the app for its options, and return them."""
        return await clicking.suggest(self._workspace, self._view(user_id, view_id), action_id, typed)

    async def submit(self, user_id: str, view_id: str | None = None, values: Json | None = None) -> SubmitResult:
        """Fill in `values` (by block id or action id) and submit the topmost modal."""
        return await modals.submit(self._workspace, user_id, view_id, values or {})

    async def close_view(self, user_id: str, view_id: str | None = None, *, everything: bool = False) -> None:
        """Close the topmost modal, or all of them."""
        await modals.close(self._workspace, user_id, view_id, everything=everything)

    async def react(self, user_id: str, channel_id: str, message_ts: str, name: str, *, remove: bool = False) -> None:
        """React to a message, or take it back."""
        talking.react(self._workspace, user_id, channel_id, message_ts, name, remove=remove)

    async def pin(self, user_id: str, channel_id: str, message_ts: str, *, remove: bool = False) -> None:
        """Pin a message, or take the pin off."""
        talking.pin(self._workspace, user_id, channel_id, message_ts, remove=remove)

    async def join(self, user_id: str, channel_id: str) -> None:
        """Join a public channel."""
        talking.join(self._workspace, user_id, channel_id)

    async def leave(self, user_id: str, channel_id: str) -> None:
        """Leave a channel."""
        talking.leave(self._workspace, user_id, channel_id)

    async def invite(self, user_id: str, channel_id: str, who: str) -> None:
        """Invite a person or the app (by id or name) into a channel."""
        talking.invite(self._workspace, user_id, channel_id, who)

    async def archive(self, user_id: str, channel_id: str) -> None:
        """Archive a channel."""
        talking.archive(self._workspace, user_id, channel_id)

    async def open_dm(self, user_id: str, other_id: str) -> str:
        """Open a direct message with somebody and return its channel id."""
        return talking.open_dm(self._workspace, user_id, other_id)

    async def open_home(self, user_id: str, tab: str = "home") -> str:
        """Open the app's Home ("home") or Messages tab ("messages"); return the conversation's channel id."""
        return talking.open_home(self._workspace, user_id, tab)

    async def read(self, user_id: str, channel_id: str) -> None:
        """Mark a channel as read."""
        talking.read(self._workspace, user_id, channel_id)

    async def share_file(self, user_id: str, channel_id: str, name: str, content: bytes | str, text: str = "") -> str:
        """Share a file (bytes, or base64 text) and return its message's timestamp."""
        raw = base64.b64decode(content) if isinstance(content, str) else content
        return talking.share_file(self._workspace, user_id, channel_id, name, raw, text)

    async def shortcut(
        self,
        user_id: str,
        callback_id: str,
        channel_id: str | None = None,
        message_ts: str | None = None,
    ) -> ClickResult:
        """Use a global shortcut, or a message shortcut on a message."""
        return await commands.run_shortcut(self._workspace, user_id, callback_id, channel_id, message_ts)

    def _view(self, user_id: str, view_id: str | None) -> OpenView:
        """Return a view that the person has before them."""
        person = active(self._workspace, user_id)
        if view_id is not None and view_id == self._workspace.homes.get(person.id):
            return self._workspace.views[view_id]
        if view_id is None or view_id in self._workspace.views:
            return modals.top_modal(self._workspace, person, view_id)
        raise DeedRefusedError(f"{person.display_name} sees no view {view_id}.")

"""Events: what happens in the workspace, told to the app if it subscribed and may know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.slack.refusals import Json
from sandbox.slack.state.channels import Channel
from sandbox.slack.state.messages import Message, message_as_api

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

_CHANNEL_TYPES = {"public": "channel", "private": "group", "dm": "im"}
_SUBSCRIPTIONS = {"public": "message.channels", "private": "message.groups", "dm": "message.im"}


def announce(workspace: Workspace, event: Json, channel: Channel | None = None) -> None:
    """Tell the app of an event of its own name, if it subscribed to it and sees the channel."""
    if event["type"] in workspace.manifest.events and _sees(workspace, channel):
        _send(workspace, event, channel)


def announce_message(workspace: Workspace, channel: Channel, event: Json) -> None:
    """Tell the app of a message event, if it subscribed to that kind of channel and is in it."""
    if _SUBSCRIPTIONS[channel.kind] in workspace.manifest.events and workspace.bot.id in channel.members:
        _send(workspace, event | {"channel": channel.id, "channel_type": _CHANNEL_TYPES[channel.kind]}, channel)


def announce_post(workspace: Workspace, channel: Channel, message: Message) -> None:
    """Tell the app of a new message, and of its being mentioned in it."""
    shown = message_as_api(message, team_id=workspace.team_id) | {"event_ts": message.ts}
    announce_message(workspace, channel, shown)
    mentioned = workspace.bot.id in message.pings and not message.bot_id
    if mentioned and not channel.is_dm and workspace.bot.id in channel.members:
        announce(workspace, shown | {"type": "app_mention", "channel": channel.id}, channel)


def _sees(workspace: Workspace, channel: Channel | None) -> bool:
    """Whether the app may know of something in that channel."""
    return channel is None or channel.kind == "public" or workspace.bot.id in channel.members


def _send(workspace: Workspace, event: Json, channel: Channel | None) -> None:
    """Wrap an event as the Events API does, and deliver it in the background."""
    payload = {
        "token": workspace.secrets.verification_token,
        "team_id": workspace.team_id,
        "context_team_id": workspace.team_id,
        "context_enterprise_id": None,
        "api_app_id": workspace.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": workspace.ids.new("Ev"),
        "event_time": int(workspace.clock.now()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.team_id,
                "user_id": workspace.bot.id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": channel is not None and channel.is_shared,
        "event_context": workspace.ids.secret(32),
    }
    workspace.background.spawn(workspace.door.deliver_event(payload))

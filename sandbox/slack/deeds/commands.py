"""Slash commands and shortcuts: what a person starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.slack.answers import apply_answer
from sandbox.slack.deeds.payloads import (
    channel_name,
    interaction,
    issue_response_url,
    issue_trigger,
    response_address,
)
from sandbox.slack.deeds.results import ClickResult, CommandResult
from sandbox.slack.doors.delivery import Request
from sandbox.slack.refusals import DeedRefusedError, Json, SlackError
from sandbox.slack.sight import active, inside, message_before
from sandbox.slack.state.messages import message_as_api
from sandbox.slack.text import from_typed

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace


async def run_command(workspace: Workspace, user: str, channel_id: str, line: str) -> CommandResult:
    """Send a slash command as typed and show the person what the acknowledgement says."""
    person = active(workspace, user)
    channel = inside(workspace, person, channel_id)
    name, _, typed = line.strip().partition(" ")
    command = workspace.manifest.commands.get(name.lower())
    if command is None:
        workspace.notice(person.id, f"{name} is not a valid command.")
        return CommandResult(acked=False, error="unknown_command")
    typed = typed.strip()
    text = from_typed(typed, workspace.directory, with_names=True) if command.should_escape else typed
    ticket = issue_response_url(workspace, person, channel)
    payload = {
        "token": workspace.secrets.verification_token,
        "team_id": workspace.team_id,
        "team_domain": workspace.domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": person.id,
        "user_name": person.name,
        "command": command.command,
        "text": text,
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "false",
        "response_url": response_address(workspace, ticket),
        "trigger_id": issue_trigger(workspace, person),
    }
    answer = await workspace.door.deliver(Request("slash_commands", payload, command.url))
    error = answer.error
    if answer.acked and answer.body is not None:
        error = _show(workspace, ticket.id, answer.body)
    if error:
        workspace.notice(person.id, f"{name} failed with the error “{error}”.")
    return CommandResult(answer.acked, answer.body, error, answer.delay_seconds)


def _show(workspace: Workspace, ticket_id: str, body: object) -> str | None:
    """Post what an acknowledgement says; return Slack's error word when it cannot be posted."""
    if not isinstance(body, dict):
        return "invalid_command_response"
    try:
        apply_answer(workspace, workspace.response_urls[ticket_id], body)
    except SlackError as refused:
        return refused.code
    return None


async def run_shortcut(
    workspace: Workspace, user: str, callback_id: str, channel_id: str | None, message_ts: str | None
) -> ClickResult:
    """Use a shortcut; one on a message needs the channel and the message."""
    person = active(workspace, user)
    shortcut = workspace.manifest.shortcuts.get(callback_id)
    if shortcut is None:
        raise DeedRefusedError(f"There is no shortcut {callback_id}.")
    if shortcut.kind == "global":
        payload = interaction(workspace, "shortcut", person)
    elif channel_id is None or message_ts is None:
        raise DeedRefusedError(f"“{shortcut.name}” is used on a message; say which.")
    else:
        payload = _on_message(workspace, person.id, channel_id, message_ts)
    payload |= {
        "callback_id": callback_id,
        "trigger_id": issue_trigger(workspace, person),
        "action_ts": workspace.timestamps.new(),
    }
    url = workspace.manifest.interactivity_url
    answer = await workspace.door.deliver(Request("interactive", payload, url))
    if answer.error:
        workspace.notice(person.id, f"{shortcut.name} failed with the error “{answer.error}”.")
    return ClickResult(answer.acked, answer.error, answer.delay_seconds)


def _on_message(workspace: Workspace, user: str, channel_id: str, message_ts: str) -> Json:
    """Return what a message shortcut says about its message."""
    person = active(workspace, user)
    channel = inside(workspace, person, channel_id)
    message = message_before(channel, person, message_ts)
    if message.ephemeral:
        raise DeedRefusedError("Shortcuts do not work on messages that only you see.")
    ticket = issue_response_url(workspace, person, channel, message)
    return interaction(workspace, "message_action", person) | {
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message_ts": message.ts,
        "message": message_as_api(message, team_id=workspace.team_id),
        "response_url": response_address(workspace, ticket),
    }

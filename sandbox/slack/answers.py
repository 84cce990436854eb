"""Answers to a person's deed: what an acknowledgement says, and what is sent to a response_url."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.slack.content import read_content
from sandbox.slack.posting import Place, delete, edit, post, whisper
from sandbox.slack.refusals import Json, SlackError
from sandbox.slack.state.channels import Channel
from sandbox.slack.state.messages import Message
from sandbox.slack.state.tickets import RESPONSE_SECONDS, RESPONSE_USES, ResponseUrl

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

_FIELDS = {
    "text", "blocks", "attachments", "response_type", "replace_original", "delete_original", "thread_ts",
    "metadata", "mrkdwn", "unfurl_links", "unfurl_media", "link_names", "parse",
}  # fmt: skip


def use_response_url(workspace: Workspace, ticket_id: str, body: Json) -> None:
    """Do what was sent to a response_url. Raises SlackError: used_url, expired_url and the codes of messages."""
    ticket = workspace.response_urls.get(ticket_id)
    if ticket is None or workspace.clock.now() - ticket.at > RESPONSE_SECONDS:
        raise SlackError("expired_url")
    if ticket.uses >= RESPONSE_USES:
        raise SlackError("used_url")
    ticket.uses += 1
    apply_answer(workspace, ticket, body)


def apply_answer(workspace: Workspace, ticket: ResponseUrl, body: Json) -> None:
    """Post, replace or delete as the answer says. Raises SlackError when Slack would refuse it."""
    if unknown := sorted(set(body) - _FIELDS):
        raise SlackError("invalid_payload", *(f"[ERROR] unknown field: {name}" for name in unknown))
    channel = workspace.channels[ticket.channel]
    if channel.archived:
        raise SlackError("is_archived")
    original = _original(channel, ticket)
    if body.get("delete_original"):
        if original is None:
            raise SlackError("message_not_found")
        delete(workspace, channel, original)
    elif body.get("replace_original") and original is not None:
        edit(workspace, channel, original, read_content(body))
    else:
        _new_message(workspace, channel, ticket, body)


def _new_message(workspace: Workspace, channel: Channel, ticket: ResponseUrl, body: Json) -> None:
    """Post the answer: for one person, or in the channel."""
    content, thread = read_content(body), body.get("thread_ts")
    kind = body.get("response_type", "ephemeral")
    if thread is not None and thread not in channel.messages:
        raise SlackError("cannot_reply_to_message")
    if kind == "ephemeral":
        whisper(workspace, channel, ticket.user, content, thread)
    elif kind == "in_channel":
        post(workspace, channel, workspace.bot, content, Place(thread_ts=thread))
    else:
        raise SlackError("invalid_payload", "[ERROR] response_type must be ephemeral or in_channel")


def _original(channel: Channel, ticket: ResponseUrl) -> Message | None:
    """Return the message to which the person's deed belongs."""
    if ticket.message_ts is None:
        return None
    if not ticket.ephemeral:
        return channel.messages.get(ticket.message_ts)
    kept = channel.ephemerals.get(ticket.user, ())
    return next((message for message in kept if message.ts == ticket.message_ts), None)

"""The parts of which interaction payloads consist, and the tickets that go with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.slack.refusals import Json
from sandbox.slack.state.channels import Channel
from sandbox.slack.state.messages import Message
from sandbox.slack.state.people import Person
from sandbox.slack.state.tickets import ResponseUrl, Trigger

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace


def interaction(workspace: Workspace, kind: str, person: Person) -> Json:
    """Return what every interaction payload starts with."""
    return {
        "type": kind,
        "user": {
            "id": person.id,
            "username": person.name,
            "name": person.name,
            "team_id": workspace.team_id,
        },
        "api_app_id": workspace.app_id,
        "token": workspace.secrets.verification_token,
        "team": {"id": workspace.team_id, "domain": workspace.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def issue_trigger(workspace: Workspace, person: Person, view_id: str | None = None) -> str:
    """Return a new trigger id for a person's deed."""
    ids = workspace.ids
    now = int(workspace.clock.now())
    trigger_id = f"{now % 10**10}.{len(workspace.triggers) + 10**9}.{ids.secret(32)}"
    trigger = Trigger(id=trigger_id, user=person.id, at=workspace.clock.now(), view_id=view_id)
    workspace.triggers.keep(trigger_id, trigger)
    return trigger_id


def issue_response_url(
    workspace: Workspace, person: Person, channel: Channel, message: Message | None = None
) -> ResponseUrl:
    """Return a new address for answers to a person's deed."""
    ticket = ResponseUrl(
        id=workspace.ids.secret(40),
        user=person.id,
        channel=channel.id,
        at=workspace.clock.now(),
        message_ts=message.ts if message else None,
        ephemeral=message.ephemeral if message else False,
        thread_ts=message.thread_ts if message else None,
    )
    workspace.response_urls.keep(ticket.id, ticket)
    return ticket


def response_address(workspace: Workspace, ticket: ResponseUrl) -> str:
    """Return the full address of a response_url."""
    return f"{workspace.base_url}/response/{ticket.id}"


def channel_name(channel: Channel) -> str:
    """Return the name of a channel as payloads give it."""
    return {"public": channel.name, "private": "privategroup", "dm": "directmessage"}[channel.kind]

"""Buttons, menus and pickers: in messages, in modals, on App Home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.slack.deeds.payloads import (
    channel_name,
    interaction,
    issue_response_url,
    issue_trigger,
    response_address,
)
from sandbox.slack.deeds.results import ClickResult
from sandbox.slack.doors.delivery import Request
from sandbox.slack.elements import KINDS, Found, chosen, elements_in, find, options_of, state_of
from sandbox.slack.refusals import DeedRefusedError, Json
from sandbox.slack.sight import active, message_before, visible
from sandbox.slack.state.channels import Channel
from sandbox.slack.state.messages import Message, message_as_api
from sandbox.slack.state.people import Person
from sandbox.slack.state.views import OpenView
from sandbox.slack.viewing import view_json

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace


async def click(
    workspace: Workspace,
    user: str,
    channel_id: str,
    message_ts: str,
    action_id: str,
    block_id: str | None,
    value: Any,
) -> ClickResult:
    """Press or choose something in a message that the person sees."""
    person = active(workspace, user)
    channel = visible(workspace, person, channel_id)
    if channel.archived:
        raise DeedRefusedError(f"#{channel.name} is archived; nothing can be pressed there.")
    message = message_before(channel, person, message_ts)
    blocks = _blocks_of(message)
    found = find(blocks, action_id, block_id)
    if not message.app_id:
        raise DeedRefusedError("That message is not the app’s.")
    entered = message.choices.setdefault(person.id, {})
    action = _use(workspace, found, value, entered)
    if not _dispatches(found):
        return ClickResult(acked=True, sent=False)
    payload = interaction(workspace, "block_actions", person)
    payload |= _in_message(workspace, person, channel, message)
    payload["state"] = {"values": state_of(blocks, entered)}
    return await _send(workspace, person, payload, action, None)


def _blocks_of(message: Message) -> list[Json]:
    """Return the blocks of a message, those in attachments included."""
    inner = [block for attachment in message.attachments for block in attachment.get("blocks", ())]
    return [*message.blocks, *inner]


def _in_message(workspace: Workspace, person: Person, channel: Channel, message: Message) -> Json:
    """Return what a block_actions payload says about its message; an ephemeral one is not repeated in it."""
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.ephemeral,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    ticket = issue_response_url(workspace, person, channel, message)
    part: Json = {
        "container": container,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "response_url": response_address(workspace, ticket),
    }
    if not message.ephemeral:
        part["message"] = message_as_api(message, team_id=workspace.team_id)
    return part


async def click_in_view(
    workspace: Workspace,
    view: OpenView,
    action_id: str,
    block_id: str | None,
    value: Any,
) -> ClickResult:
    """Press or choose something in a modal or on App Home."""
    person = active(workspace, view.user)
    found = find(view.content["blocks"], action_id, block_id)
    action = _use(workspace, found, value, view.state)
    workspace.changes.touch(user=person.id)
    if not _dispatches(found):
        return ClickResult(acked=True, sent=False)
    payload = interaction(workspace, "block_actions", person)
    payload |= {"container": {"type": "view", "view_id": view.id}, "view": view_json(workspace, view)}
    return await _send(workspace, person, payload, action, view.id)


def _dispatches(found: Found) -> bool:
    """Whether using an element tells the app; inside an input block only with dispatch_action."""
    return found.block.get("type") != "input" or bool(found.block.get("dispatch_action"))


def _use(workspace: Workspace, found: Found, value: Any, state: dict[str, dict[str, Any]]) -> Json:
    """Return the action of a payload; what was chosen is noted in `state`."""
    element = found.element
    action: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": found.block_id,
        "action_ts": workspace.timestamps.new(),
    }
    if kind := KINDS.get(element["type"]):
        entry = {kind.key: chosen(element, value)}
        state.setdefault(found.block_id, {})[element["action_id"]] = {"type": element["type"], **entry}
        return action | entry
    return action | _pressed(element, value)


def _pressed(element: Json, value: Any) -> Json:
    """Return what pressing a button or an overflow menu says."""
    if element["type"] == "overflow":
        for option in options_of(element):
            if option.get("value") == value:
                return {"selected_option": option}
        raise DeedRefusedError(f"{element['action_id']} does not offer {value}.")
    if element["type"] == "feedback_buttons":
        for side in ("positive_button", "negative_button"):
            if element[side].get("value") == value:
                return {"value": value, "text": element[side]["text"]}
        raise DeedRefusedError(f"{element['action_id']} does not offer {value}.")
    return {name: element[name] for name in ("text", "value", "style", "url", "confirm") if name in element}


async def _send(workspace: Workspace, person: Person, payload: Json, action: Json, view_id: str | None) -> ClickResult:
    """Send a block_actions payload; a failure is shown to the person."""
    if not workspace.manifest.interactivity:
        raise DeedRefusedError("This app is not configured to handle interactive responses.")
    payload |= {"actions": [action], "trigger_id": issue_trigger(workspace, person, view_id)}
    request = Request("interactive", payload, workspace.manifest.interactivity_url)
    answer = await workspace.door.deliver(request)
    if answer.error:
        workspace.notice(person.id, f"The app did not react to the click (“{answer.error}”).")
    return ClickResult(answer.acked, answer.error, answer.delay_seconds)


async def suggest(workspace: Workspace, view: OpenView, action_id: str, typed: str) -> list[Json]:
    """Ask the app for the options of an external menu in a view, as typing in it does."""
    person = active(workspace, view.user)
    found = next((item for item in elements_in(view.content["blocks"]) if item.element["action_id"] == action_id), None)
    if found is None or not found.element["type"].endswith("external_select"):
        raise DeedRefusedError(f"{action_id} is no menu that asks the app for its options.")
    payload = interaction(workspace, "block_suggestion", person) | {
        "action_id": action_id,
        "block_id": found.block_id,
        "value": typed,
        "container": {"type": "view", "view_id": view.id},
        "view": view_json(workspace, view),
    }
    url = workspace.manifest.options_url or workspace.manifest.interactivity_url
    answer = await workspace.door.deliver(Request("interactive", payload, url))
    body = answer.body if isinstance(answer.body, dict) else {}
    grouped = [option for group in body.get("option_groups", ()) for option in group.get("options", ())]
    return [*body.get("options", ()), *grouped]

"""Submitting and closing modals, and what the app's answer makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.slack.deeds.checks import entered, objections
from sandbox.slack.deeds.payloads import (
    interaction,
    issue_response_url,
    issue_trigger,
    response_address,
)
from sandbox.slack.deeds.results import SubmitResult
from sandbox.slack.doors.delivery import Answer, Request
from sandbox.slack.elements import elements_in
from sandbox.slack.refusals import DeedRefusedError, Json, SlackError
from sandbox.slack.sight import active
from sandbox.slack.state.people import Person
from sandbox.slack.state.views import OpenView
from sandbox.slack.viewing import drop_top, forget_stack, push_modal, update_view, view_json

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

_TROUBLE = "We had some trouble connecting. Try again?"


def top_modal(workspace: Workspace, person: Person, view_id: str | None) -> OpenView:
    """Return the modal that the person has before them. Raises DeedRefusedError when it is another, or none."""
    stack = workspace.stacks.get(person.id)
    if not stack:
        raise DeedRefusedError(f"{person.display_name} has no modal open.")
    if view_id not in {None, stack[-1]}:
        raise DeedRefusedError(f"{view_id} is not the modal that {person.display_name} sees.")
    return workspace.views[stack[-1]]


async def submit(workspace: Workspace, user: str, view_id: str | None, values: Json) -> SubmitResult:
    """Fill in the topmost modal and submit it; objections of the client or the app leave it open."""
    person = active(workspace, user)
    view = top_modal(workspace, person, view_id)
    blocks = view.content["blocks"]
    if "submit" not in view.content and not any(block["type"] == "input" for block in blocks):
        raise DeedRefusedError("This modal has no button to submit it.")
    view.state = entered(blocks, view.state, values)
    view.errors = objections(blocks, view.state)
    workspace.changes.touch(user=person.id)
    if view.errors:
        return SubmitResult(acked=False, errors=dict(view.errors))
    payload = interaction(workspace, "view_submission", person) | {
        "trigger_id": issue_trigger(workspace, person, view.id),
        "view": view_json(workspace, view),
        "response_urls": _response_urls(workspace, person, view),
    }
    url = workspace.manifest.interactivity_url
    answer = await workspace.door.deliver(Request("interactive", payload, url))
    if not answer.acked:
        workspace.notice(person.id, _TROUBLE)
        return SubmitResult(acked=False, error=answer.error, delay_seconds=answer.delay_seconds)
    return _follow(workspace, person, view, answer)


def _response_urls(workspace: Workspace, person: Person, view: OpenView) -> list[Json]:
    """Return the addresses for answers that inputs with response_url_enabled bring."""
    urls = []
    for item in elements_in(view.content["blocks"]):
        if not item.element.get("response_url_enabled"):
            continue
        entry = view.state[item.block_id][item.element["action_id"]]
        chosen = entry.get("selected_conversation") or entry.get("selected_channel")
        if chosen in workspace.channels:
            ticket = issue_response_url(workspace, person, workspace.channels[chosen])
            urls.append(
                {
                    "block_id": item.block_id,
                    "action_id": item.element["action_id"],
                    "channel_id": chosen,
                    "response_url": response_address(workspace, ticket),
                }
            )
    return urls


def _follow(workspace: Workspace, person: Person, view: OpenView, answer: Answer) -> SubmitResult:
    """Do with the modal what the app's answer says; an answer that Slack would not understand is trouble."""
    delay = answer.delay_seconds
    if workspace.views.get(view.id) is not view:  # the app closed or replaced it while answering
        return SubmitResult(acked=True, closed=True, delay_seconds=delay)
    body = answer.body or {}
    try:
        return _act(workspace, person, view, body, delay)
    except SlackError as refused:
        workspace.notice(person.id, _TROUBLE)
        detail = "; ".join(refused.extra.get("response_metadata", {}).get("messages", ()))
        error = f"{refused.code}: {detail}" if detail else refused.code
        return SubmitResult(acked=True, error=error, delay_seconds=delay)


def _act(workspace: Workspace, person: Person, view: OpenView, body: Json, delay: float) -> SubmitResult:
    """Carry out a response_action. Raises SlackError when it makes no sense."""
    if not isinstance(body, dict):
        raise SlackError("invalid_arguments", "[ERROR] the answer must be empty or an object")
    action = body.get("response_action")
    if action is None and not body:
        drop_top(workspace, person.id)
        return SubmitResult(acked=True, closed=True, delay_seconds=delay)
    if action == "errors":
        view.errors = _app_errors(view, body.get("errors"))
        workspace.changes.touch(user=person.id)
        return SubmitResult(acked=True, errors=dict(view.errors), delay_seconds=delay)
    if action == "update":
        update_view(workspace, view, _view_in(body))
        return SubmitResult(acked=True, updated=True, delay_seconds=delay)
    if action == "push":
        push_modal(workspace, person.id, _view_in(body))
        return SubmitResult(acked=True, pushed=True, delay_seconds=delay)
    if action == "clear":
        forget_stack(workspace, person.id)
        return SubmitResult(acked=True, closed=True, delay_seconds=delay)
    raise SlackError("invalid_arguments", f"[ERROR] unknown response_action: {action}")


def _view_in(body: Json) -> Json:
    """Return the view in an answer."""
    view = body.get("view")
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", "[ERROR] the answer has no view")
    return view


def _app_errors(view: OpenView, errors: object) -> dict[str, str]:
    """Return the app's objections; each must belong to an input block of the view."""
    inputs = {block["block_id"] for block in view.content["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_arguments", "[ERROR] errors must be an object with at least one entry")
    if strangers := sorted(set(errors) - inputs):
        raise SlackError("invalid_arguments", f"[ERROR] no input block has the block_id {', '.join(strangers)}")
    return {block_id: str(text) for block_id, text in errors.items()}


async def close(workspace: Workspace, user: str, view_id: str | None, *, everything: bool) -> None:
    """Close the topmost modal, or all; the app hears of it where a view asks for that."""
    person = active(workspace, user)
    view = top_modal(workspace, person, view_id)
    shown = view_json(workspace, view)
    if everything or view.content.get("clear_on_close"):
        forget_stack(workspace, person.id)
    else:
        drop_top(workspace, person.id)
    if view.content.get("notify_on_close"):
        payload = interaction(workspace, "view_closed", person)
        payload |= {"view": shown, "is_cleared": everything}
        await workspace.door.deliver(Request("interactive", payload, workspace.manifest.interactivity_url))

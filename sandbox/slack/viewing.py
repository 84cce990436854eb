"""Opening, updating and closing modals and App Home, whoever asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.slack.content import check_view
from sandbox.slack.elements import state_of
from sandbox.slack.posting import with_block_ids
from sandbox.slack.refusals import Json, SlackError
from sandbox.slack.state.tickets import TRIGGER_SECONDS, Trigger
from sandbox.slack.state.views import OpenView, view_as_api

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

STACK = 3
"""A modal stack holds 3 views (Slack: modals docs)."""


def spend_trigger(workspace: Workspace, trigger_id: str) -> Trigger:
    """Use up a trigger id. Raises invalid_trigger_id, exchanged_trigger_id, expired_trigger_id."""
    trigger = workspace.triggers.get(trigger_id)
    if trigger is None:
        raise SlackError("invalid_trigger_id")
    if trigger.used:
        raise SlackError("exchanged_trigger_id")
    if workspace.clock.now() - trigger.at > TRIGGER_SECONDS:
        raise SlackError("expired_trigger_id")
    trigger.used = True
    return trigger


def open_modal(workspace: Workspace, user: str, content: Json) -> OpenView:
    """Show a modal in place of whatever modals the person has open."""
    check_view(content, "modal")
    _claim_external(workspace, content, None)
    forget_stack(workspace, user)
    return _place(workspace, user, content, previous=None)


def push_modal(workspace: Workspace, user: str, content: Json) -> OpenView:
    """Put a modal on top of the open ones. Raises not_found, push_limit_reached."""
    check_view(content, "modal")
    stack = workspace.stacks.get(user, [])
    if not stack:
        raise SlackError("not_found")
    if len(stack) >= STACK:
        raise SlackError("push_limit_reached")
    _claim_external(workspace, content, None)
    return _place(workspace, user, content, previous=workspace.views[stack[-1]])


def _place(workspace: Workspace, user: str, content: Json, *, previous: OpenView | None) -> OpenView:
    """Make a modal and lay it on the stack."""
    view = _new(workspace, user, content)
    if previous is not None:
        view.root_id, view.previous_id = previous.root_id, previous.id
    workspace.stacks.setdefault(user, []).append(view.id)
    workspace.changes.touch(user=user)
    return view


def _new(workspace: Workspace, user: str, content: Json) -> OpenView:
    """Make a view and enter it in the books."""
    blocks = with_block_ids(workspace, content.get("blocks", []))
    view_id = workspace.ids.new("V")
    view = OpenView(
        id=view_id,
        user=user,
        content={**content, "blocks": blocks},
        hash=_hash(workspace),
        root_id=view_id,
        previous_id=None,
        external_id=content.get("external_id", ""),
        state=state_of(blocks, {}),
    )
    workspace.views[view_id] = view
    if view.external_id:
        workspace.external_views[view.external_id] = view_id
    return view


def update_view(workspace: Workspace, view: OpenView, content: Json, view_hash: str | None = None) -> None:
    """Show other content in a view; what was entered stays where block and action ids stay. Raises hash_conflict."""
    if view_hash is not None and view_hash != view.hash:
        raise SlackError("hash_conflict")
    check_view(content, view.content["type"])
    _claim_external(workspace, content, view)
    blocks = with_block_ids(workspace, content.get("blocks", []))
    view.content, view.hash, view.errors = {**content, "blocks": blocks}, _hash(workspace), {}
    view.state = state_of(blocks, view.state)
    if external := content.get("external_id", ""):
        workspace.external_views.pop(view.external_id, None)
        view.external_id = external
        workspace.external_views[external] = view.id
    workspace.changes.touch(user=view.user)


def publish_home(workspace: Workspace, user: str, content: Json, view_hash: str | None) -> OpenView:
    """Show content on the person's App Home. Raises hash_conflict."""
    known = workspace.views.get(workspace.homes.get(user, ""))
    if known is not None:
        update_view(workspace, known, content, view_hash)
        return known
    check_view(content, "home")
    _claim_external(workspace, content, None)
    view = _new(workspace, user, content)
    workspace.homes[user] = view.id
    workspace.changes.touch(user=user)
    return view


def _claim_external(workspace: Workspace, content: Json, view: OpenView | None) -> None:
    """Refuse an external id that another view has. Raises duplicate_external_id."""
    owner = workspace.external_views.get(content.get("external_id", ""))
    if owner is not None and (view is None or owner != view.id):
        raise SlackError("duplicate_external_id")


def _hash(workspace: Workspace) -> str:
    """Return a new hash for a view's content."""
    return f"{int(workspace.clock.now())}.{workspace.ids.secret(8)}"


def drop_top(workspace: Workspace, user: str) -> None:
    """Close the topmost modal; the one beneath it shows again."""
    stack = workspace.stacks[user]
    _forget(workspace, stack.pop())
    if not stack:
        del workspace.stacks[user]
    workspace.changes.touch(user=user)


def forget_stack(workspace: Workspace, user: str) -> None:
    """Close all modals of a person."""
    for view_id in workspace.stacks.pop(user, []):
        _forget(workspace, view_id)
    workspace.changes.touch(user=user)


def _forget(workspace: Workspace, view_id: str) -> None:
    """Strike a view from the books."""
    view = workspace.views.pop(view_id)
    workspace.external_views.pop(view.external_id, None)


def view_json(workspace: Workspace, view: OpenView) -> Json:
    """Return a view as the API and the interaction payloads show it."""
    return view_as_api(view, team_id=workspace.team_id, app_id=workspace.app_id, bot_id=workspace.bot.bot_id)

"""views.open, push, update, publish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.slack import viewing
from sandbox.slack.api.handler import Handler
from sandbox.slack.content import check_view
from sandbox.slack.refusals import Json, SlackError

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace


def open_view(workspace: Workspace, args: Json) -> Json:
    """Open a modal for the person whose trigger id it is."""
    check_view(args["view"], "modal")
    trigger = viewing.spend_trigger(workspace, args.get("trigger_id", ""))
    view = viewing.open_modal(workspace, trigger.user, args["view"])
    return {"view": viewing.view_json(workspace, view)}


def push_view(workspace: Workspace, args: Json) -> Json:
    """Put a modal on top of the one from which the trigger id came."""
    check_view(args["view"], "modal")
    trigger = viewing.spend_trigger(workspace, args.get("trigger_id", ""))
    if trigger.view_id not in workspace.stacks.get(trigger.user, []):
        raise SlackError("not_found")
    view = viewing.push_modal(workspace, trigger.user, args["view"])
    return {"view": viewing.view_json(workspace, view)}


def update_view(workspace: Workspace, args: Json) -> Json:
    """Show other content in a view, found by its id or its external id."""
    view_id = args.get("view_id") or workspace.external_views.get(args.get("external_id", ""))
    view = workspace.views.get(view_id or "")
    if view is None:
        raise SlackError("not_found")
    viewing.update_view(workspace, view, args["view"], args.get("hash"))
    return {"view": viewing.view_json(workspace, view)}


def publish(workspace: Workspace, args: Json) -> Json:
    """Publish a person's App Home."""
    if not workspace.manifest.home_tab:
        raise SlackError("not_enabled")
    person = workspace.users.get(args["user_id"])
    if person is None or person.is_bot or person.deactivated:
        raise SlackError("invalid_arguments", "[ERROR] user_id is nobody who has an App Home")
    check_view(args["view"], "home")
    view = viewing.publish_home(workspace, person.id, args["view"], args.get("hash"))
    return {"view": viewing.view_json(workspace, view)}


METHODS: dict[str, Handler] = {
    "views.open": open_view,
    "views.push": push_view,
    "views.update": update_view,
    "views.publish": publish,
}

"""usergroups.list and usergroups.users.list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.slack.api.handler import Handler
from sandbox.slack.refusals import Json, SlackError
from sandbox.slack.state.people import usergroup_as_api

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace


def list_groups(workspace: Workspace, args: Json) -> Json:
    """List the user groups."""
    with_users = bool(args.get("include_users"))
    shown = [
        usergroup_as_api(group, team_id=workspace.team_id, users=group.users if with_users else None)
        for group in workspace.usergroups.values()
    ]
    return {"usergroups": shown}


def list_members(workspace: Workspace, args: Json) -> Json:
    """List the active members of a user group."""
    group = workspace.usergroups.get(args["usergroup"])
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": [user for user in group.users if not workspace.users[user].deactivated]}


METHODS: dict[str, Handler] = {"usergroups.list": list_groups, "usergroups.users.list": list_members}

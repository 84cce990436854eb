"""users.info, users.lookupByEmail, users.profile.get, users.list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.slack.api.handler import Handler, page_of
from sandbox.slack.refusals import Json, SlackError
from sandbox.slack.state.people import Person, person_as_api, profile_as_api

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace


def _may_read_email(workspace: Workspace) -> bool:
    """Whether the app sees e-mail addresses."""
    return "users:read.email" in workspace.manifest.scopes


def _shown(workspace: Workspace, person: Person) -> Json:
    """Return a user object."""
    return person_as_api(
        person,
        team_id=workspace.team_id,
        app_id=workspace.app_id,
        now=workspace.clock.now(),
        with_email=_may_read_email(workspace),
    )


def info(workspace: Workspace, args: Json) -> Json:
    """Return a user."""
    person = workspace.users.get(args["user"])
    if person is None:
        raise SlackError("user_not_found")
    return {"user": _shown(workspace, person)}


def lookup_by_email(workspace: Workspace, args: Json) -> Json:
    """Return the active user with an e-mail address."""
    for person in workspace.users.values():
        if person.email and person.email.lower() == args["email"].lower() and not person.deactivated:
            return {"user": _shown(workspace, person)}
    raise SlackError("users_not_found")


def profile_get(workspace: Workspace, args: Json) -> Json:
    """Return a user's profile."""
    person = workspace.users.get(args.get("user", workspace.bot.id))
    if person is None:
        raise SlackError("user_not_found")
    profile = profile_as_api(
        person,
        team_id=workspace.team_id,
        app_id=workspace.app_id,
        with_email=_may_read_email(workspace),
    )
    return {"profile": profile}


def list_users(workspace: Workspace, args: Json) -> Json:
    """List all users."""
    people = list(workspace.users.values())
    page, cursor = page_of(people, args, usual=1000, most=1000, too_many="limit_required")
    shown = [_shown(workspace, person) for person in page]
    return {
        "members": shown,
        "cache_ts": int(workspace.clock.now()),
        "response_metadata": {"next_cursor": cursor},
    }


METHODS: dict[str, Handler] = {
    "users.info": info,
    "users.lookupByEmail": lookup_by_email,
    "users.profile.get": profile_get,
    "users.list": list_users,
}

"""auth.test, api.test, apps.connections.open, bots.info, team.info: who and where we are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.slack.api.handler import Handler
from sandbox.slack.doors.socket import SocketDoor
from sandbox.slack.refusals import Json, SlackError

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace


def auth_test(workspace: Workspace, _args: Json) -> Json:
    """Say whose token it is."""
    return {
        "url": f"{workspace.base_url}/",
        "team": workspace.name,
        "user": workspace.bot.name,
        "team_id": workspace.team_id,
        "user_id": workspace.bot.id,
        "bot_id": workspace.bot.bot_id,
        "is_enterprise_install": False,
    }


def api_test(_workspace: Workspace, args: Json) -> Json:
    """Say that it works; an `error` argument comes back as text."""
    return {"args": args}


def connections_open(workspace: Workspace, _args: Json) -> Json:
    """Return the address of one Socket Mode connection."""
    door = workspace.door
    if not isinstance(door, SocketDoor) or not door.enabled:
        raise SlackError("access_denied", "[ERROR] Socket Mode is not turned on for this app")
    return {"url": f"{workspace.base_url.replace('http', 'ws', 1)}/socket/{door.ticket()}"}


def bots_info(workspace: Workspace, args: Json) -> Json:
    """Return the app's bot."""
    if args.get("bot") != workspace.bot.bot_id:
        raise SlackError("bot_not_found")
    bot = workspace.bot
    return {
        "bot": {
            "id": bot.bot_id,
            "deleted": False,
            "name": bot.display_name,
            "updated": int(workspace.clock.now()),
            "app_id": workspace.app_id,
            "user_id": bot.id,
            "icons": {},
        }
    }


def team_info(workspace: Workspace, args: Json) -> Json:
    """Return the workspace."""
    if args.get("team", workspace.team_id) != workspace.team_id:
        raise SlackError("team_not_found")
    return {
        "team": {
            "id": workspace.team_id,
            "name": workspace.name,
            "domain": workspace.domain,
            "email_domain": "",
            "icon": {},
            "url": f"{workspace.base_url}/",
        }
    }


METHODS: dict[str, Handler] = {
    "auth.test": auth_test,
    "api.test": api_test,
    "apps.connections.open": connections_open,
    "bots.info": bots_info,
    "team.info": team_info,
}

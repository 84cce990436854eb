"""People and user groups, and how the Web API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sandbox.slack.refusals import Json


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the workspace, human or bot."""

    id: str
    name: str
    display_name: str
    real_name: str
    email: str
    title: str = ""
    tz: str = "UTC"
    is_admin: bool = False
    guest: bool = False
    deactivated: bool = False
    is_bot: bool = False
    bot_id: str = ""


@dataclass(frozen=True, slots=True)
class Usergroup:
    """A user group: its id, its handle without the @, and the ids of its members."""

    id: str
    handle: str
    name: str
    users: tuple[str, ...]


def person_as_api(person: Person, *, team_id: str, app_id: str, now: float, with_email: bool) -> Json:
    """Return the user object of users.info; the e-mail address only for apps that may read it."""
    user: Json = {
        "id": person.id,
        "team_id": team_id,
        "name": person.name,
        "deleted": person.deactivated,
        "updated": int(now),
        "is_bot": person.is_bot,
        "is_app_user": False,
        "profile": profile_as_api(person, team_id=team_id, app_id=app_id, with_email=with_email),
    }
    if not person.deactivated:
        offset = datetime.fromtimestamp(now, ZoneInfo(person.tz)).utcoffset()
        user |= {
            "real_name": person.real_name,
            "tz": person.tz,
            "tz_label": person.tz,
            "tz_offset": int(offset.total_seconds()) if offset is not None else 0,
            "is_admin": person.is_admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": person.guest,
            "is_ultra_restricted": False,
            "is_email_confirmed": not person.is_bot,
        }
    return user


def profile_as_api(person: Person, *, team_id: str, app_id: str, with_email: bool) -> Json:
    """Return the profile object of a user."""
    profile: Json = {
        "title": person.title,
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.display_name,
        "display_name_normalized": person.display_name,
        "status_text": "",
        "status_emoji": "",
        "avatar_hash": person.id.lower(),
        "team": team_id,
    }
    if with_email and not person.is_bot:
        profile["email"] = person.email
    if person.is_bot:
        profile |= {"bot_id": person.bot_id, "api_app_id": app_id}
    return profile


def usergroup_as_api(group: Usergroup, *, team_id: str, users: Sequence[str] | None) -> Json:
    """Return the user group object; the members only when asked for."""
    shown: Json = {
        "id": group.id,
        "team_id": team_id,
        "is_usergroup": True,
        "name": group.name,
        "handle": group.handle,
        "description": "",
        "is_external": False,
        "date_delete": 0,
        "user_count": len(group.users),
        "prefs": {"channels": [], "groups": []},
    }
    if users is not None:
        shown["users"] = list(users)
    return shown

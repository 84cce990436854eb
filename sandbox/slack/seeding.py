"""Filling a workspace from a people file: members, channels and user groups as JSON."""

from __future__ import annotations

from typing import Any

from sandbox.slack.refusals import Json
from sandbox.slack.workspace import Workspace


def populate(workspace: Workspace, people: Json) -> None:
    """Add what the file lists under people, channels and usergroups; keys are the arguments of the `add_…` methods.

    `{"people": [{"name": "alice", "tz": "Europe/Berlin"}], "channels": [{"name": "general", "members": ["alice"],
    "is_general": true, "app": true}], "usergroups": [{"handle": "oncall", "users": ["alice"]}]}`; `app` puts the app
    into a channel. Raises ValueError or KeyError with a sentence for a name that is taken or unknown.
    """
    for person in people.get("people", ()):
        workspace.add_person(**person)
    for entry in people.get("channels", ()):
        given: dict[str, Any] = dict(entry)
        with_app = given.pop("app", False)
        channel = workspace.add_channel(**given)
        if with_app:
            workspace.enrol(channel, workspace.bot.id)
    for group in people.get("usergroups", ()):
        workspace.add_usergroup(**group)

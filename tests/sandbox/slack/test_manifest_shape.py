"""The shape of a manifest: what Slack would not take is refused, and the place is named."""

from typing import Any

import pytest

from sandbox.slack import Workspace
from sandbox.slack.refusals import ManifestError
from tests.world import manifest


@pytest.mark.parametrize("socket", [True, False])
def test_ours_is_taken(socket: bool) -> None:
    ours = manifest(socket=socket)
    assert Workspace(manifest=ours).manifest.socket_mode is socket
    ours["features"]["slash_commands"][0]["url"] = "https://ops.example.com/slack/events"
    ours["settings"]["interactivity"]["request_url"] = "https://ops.example.com/slack/events"
    assert Workspace(manifest=ours).manifest.interactivity


@pytest.mark.parametrize(
    ("place", "value", "named"),
    [
        ("display_information.name", "x" * 36, "display_information.name"),
        ("display_information.description", "x" * 141, "display_information.description"),
        ("display_information.colour", "#000", "display_information.colour"),
        ("features.bot_user.display_name", "", "features.bot_user.display_name"),
        ("features.slash_commands", [], "features.slash_commands"),
        ("features.slash_commands", [{"command": "x", "description": "no slash"}], "features.slash_commands.0.command"),
        ("features.slash_commands", [{"command": "/" + "x" * 32, "description": "long"}], "slash_commands.0.command"),
        ("features.slash_commands", [{"command": "/x"}], "features.slash_commands.0.description"),
        ("features.shortcuts", [{"name": "x" * 25, "type": "global", "callback_id": "x", "description": "x"}], "name"),
        ("features.shortcuts", [{"name": "x", "type": "local", "callback_id": "x", "description": "x"}], "type"),
        ("oauth_config.scopes.bots", ["chat:write"], "oauth_config.scopes.bots"),
        ("oauth_config.scopes.bot", ["x" * 51], "oauth_config.scopes.bot.0"),
        ("settings.interactivity.request_url", "ops.example.com", "settings.interactivity.request_url"),
        ("settings.interactivity", {}, "settings.interactivity.is_enabled"),
        ("settings.socket_mode_enabled", "yes", "settings.socket_mode_enabled"),
        ("settings.socket_mode", True, "settings.socket_mode"),
        ("settings", [], "settings"),
        ("feature", {}, "feature"),
    ],
)
def test_a_slip_is_named(place: str, value: Any, named: str) -> None:
    slipped = manifest()
    *way, last = place.split(".")
    section = slipped
    for step in way:
        section = section[step]
    section[last] = value
    with pytest.raises(ManifestError, match=r"^The manifest would not be accepted: ") as refused:
        Workspace(manifest=slipped)
    assert named in str(refused.value)

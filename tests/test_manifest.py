"""The manifest has every command and scope that the code uses, and no other."""

import ast
from pathlib import Path

from bot.verbs.catalogue import scan
from sandbox.slack import Workspace
from sandbox.slack.methods import method_table
from tests.world import HOME, manifest

METHODS = method_table()
WITHOUT_A_METHOD = {
    "commands": "slash commands",
    "chat:write.public": "announcements in channels that Opsroom is not in",
    "groups:history": "as channels:history, for announcement channels that are private",
}
"""Scopes that no method's list shows, and what needs them."""


def methods_called() -> set[str]:
    """Return the Web API methods that the code names."""
    found: set[str] = set()
    for path in (HOME / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in METHODS:
                found.add(node.value)
    return found - set(_known_only())


def _known_only() -> set[str]:
    """Return the methods that only the table of paces and the refusals' sentences name."""
    named: dict[str, set[Path]] = {}
    for path in (HOME / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in METHODS:
                named.setdefault(node.value, set()).add(path)
    return {method for method, places in named.items() if places == {HOME / "bot/slack/methods.py"}}


def scopes() -> set[str]:
    return set(manifest()["oauth_config"]["scopes"]["bot"])


def needed(method: str) -> set[str]:
    return set(METHODS[method].scopes)


def test_the_commands_are_those_of_the_catalogue() -> None:
    commands = {entry["command"]: entry for entry in manifest()["features"]["slash_commands"]}
    assert set(commands) == {f"/{command.name}" for command in scan("commands")}
    for command in scan("commands"):
        assert commands[f"/{command.name}"]["description"] == command.description
        assert commands[f"/{command.name}"]["should_escape"] is True


def test_every_method_that_is_called_has_a_scope() -> None:
    called = methods_called()
    assert {"conversations.create", "chat.postMessage", "pins.add", "views.open"} <= called
    for method in called:
        assert not needed(method) or needed(method) & scopes(), f"{method} needs one of {needed(method)}"


def test_every_scope_is_needed() -> None:
    used = set().union(*(needed(method) for method in methods_called()))
    assert scopes() - used - set(WITHOUT_A_METHOD) == set()


def test_conversations_and_users_are_never_listed() -> None:
    assert not {"conversations.list", "users.list"} & methods_called()


def test_the_workspace_takes_the_manifest_in_both_modes() -> None:
    for socket in (True, False):
        assert Workspace(manifest=manifest(socket=socket)).manifest.socket_mode is socket


def test_no_events_are_asked_for_that_nothing_listens_to() -> None:
    assert "event_subscriptions" not in manifest()["settings"]

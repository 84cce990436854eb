"""The app manifest as the workspace needs it: commands, shortcuts, scopes, events, addresses."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.slack.manifest_shape import check_shape
from sandbox.slack.refusals import Json, ManifestError

EVENT_SCOPES: dict[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "channel_archive": ("channels:read",),
    "channel_created": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "file_shared": ("files:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "pin_added": ("pins:read",),
    "pin_removed": ("pins:read",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "team_join": ("users:read",),
}
"""Events that this workspace can send, and the scopes of which an app needs one (Slack: event reference)."""


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command as the manifest declares it."""

    command: str
    description: str
    usage_hint: str
    should_escape: bool
    url: str


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut: kind is "message" or "global"."""

    name: str
    kind: str
    callback_id: str
    description: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the workspace knows of the app."""

    name: str
    bot_name: str
    scopes: frozenset[str]
    commands: dict[str, Command]
    shortcuts: dict[str, Shortcut]
    events: frozenset[str]
    socket_mode: bool
    interactivity: bool
    interactivity_url: str
    options_url: str
    events_url: str
    home_tab: bool
    messages_tab: bool
    messages_read_only: bool


def read_manifest(raw: Json) -> Manifest:
    """Read a manifest (its JSON form).

    Raises ManifestError when it is not of the shape that Slack takes, when an event or the commands lack their scope,
    or when an event is not known here.
    """
    check_shape(raw)
    features, settings = _part(raw, "features"), _part(raw, "settings")
    home, bot = _part(features, "app_home"), _part(features, "bot_user")
    events, interactivity = _part(settings, "event_subscriptions"), _part(settings, "interactivity")
    name = str(_part(raw, "display_information").get("name", "app"))
    manifest = Manifest(
        name=name,
        bot_name=str(bot.get("display_name", name)),
        scopes=frozenset(_part(_part(raw, "oauth_config"), "scopes").get("bot", ())),
        commands={entry["command"]: _command(entry) for entry in features.get("slash_commands", ())},
        shortcuts={entry["callback_id"]: _shortcut(entry) for entry in features.get("shortcuts", ())},
        events=frozenset(events.get("bot_events", ())),
        socket_mode=bool(settings.get("socket_mode_enabled", False)),
        interactivity=bool(interactivity.get("is_enabled", False)),
        interactivity_url=str(interactivity.get("request_url", "")),
        options_url=str(interactivity.get("message_menu_options_url", "")),
        events_url=str(events.get("request_url", "")),
        home_tab=bool(home.get("home_tab_enabled", False)),
        messages_tab=bool(home.get("messages_tab_enabled", False)),
        messages_read_only=bool(home.get("messages_tab_read_only_enabled", False)),
    )
    if problems := _contradictions(manifest):
        raise ManifestError("The manifest would not be accepted: " + "; ".join(problems) + ".")
    return manifest


def _part(raw: Json, name: str) -> Json:
    """Return a section of the manifest, empty when it is missing."""
    section: Json = raw.get(name) or {}
    return section


def _command(entry: Json) -> Command:
    """Read one slash command."""
    return Command(
        command=str(entry["command"]),
        description=str(entry.get("description", "")),
        usage_hint=str(entry.get("usage_hint", "")),
        should_escape=bool(entry.get("should_escape", False)),
        url=str(entry.get("url", "")),
    )


def _shortcut(entry: Json) -> Shortcut:
    """Read one shortcut."""
    return Shortcut(
        name=str(entry["name"]),
        kind=str(entry["type"]),
        callback_id=str(entry["callback_id"]),
        description=str(entry.get("description", "")),
    )


def _contradictions(manifest: Manifest) -> list[str]:
    """List what Slack would refuse to save."""
    problems = []
    if (manifest.commands or manifest.shortcuts) and "commands" not in manifest.scopes:
        problems.append("slash commands and shortcuts need the scope commands")
    for event in sorted(manifest.events):
        needed = EVENT_SCOPES.get(event)
        if needed is None:
            problems.append(f"the event {event} is not one that this workspace sends")
        elif needed and not manifest.scopes.intersection(needed):
            problems.append(f"the event {event} needs the scope {' or '.join(needed)}")
    return problems

"""The shape of an app manifest: its keys and their limits, as Slack's JSON Schema of manifests has them.

Sections for parts of Slack that this workspace does not have (functions, workflows, agents) are refused.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from sandbox.slack.refusals import Json, ManifestError


def _text(most: int, least: int = 1, pattern: str | None = None) -> StringConstraints:
    return StringConstraints(min_length=least, max_length=most, pattern=pattern)


Name = Annotated[str, _text(50)]
Url = Annotated[str, _text(3500, pattern=r"^https?://")]


class Section(BaseModel):
    """A part of a manifest: keys that are not known are refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Metadata(Section):
    """The version of the manifest's format."""

    schema_version: int | None = None
    min_version: int | None = None
    major_version: int | None = None
    minor_version: int | None = None


class DisplayInformation(Section):
    """What people see of the app."""

    name: Annotated[str, _text(35)]
    description: Annotated[str, _text(140)] | None = None
    long_description: Annotated[str, _text(4000, least=175)] | None = None
    background_color: Annotated[str, _text(7, least=4)] | None = None


class AppHome(Section):
    """The app's own page."""

    home_tab_enabled: bool = False
    messages_tab_enabled: bool = False
    messages_tab_read_only_enabled: bool = False


class BotUser(Section):
    """The app's account."""

    display_name: Annotated[str, _text(80)]
    always_online: bool = False


class ShortcutEntry(Section):
    """A shortcut."""

    name: Annotated[str, _text(24)]
    type: Literal["message", "global"]
    callback_id: Annotated[str, _text(255)]
    description: Annotated[str, _text(150)]


class SlashCommand(Section):
    """A slash command."""

    command: Annotated[str, _text(32, least=2, pattern="^/")]
    url: Annotated[str, _text(3000, pattern=r"^https?://")] | None = None
    description: Annotated[str, _text(2000)]
    usage_hint: Annotated[str, _text(1000)] | None = None
    should_escape: bool = False


class Features(Section):
    """What the app adds to Slack."""

    app_home: AppHome | None = None
    bot_user: BotUser | None = None
    shortcuts: Annotated[list[ShortcutEntry], Field(min_length=1, max_length=10)] | None = None
    slash_commands: Annotated[list[SlashCommand], Field(min_length=1, max_length=50)] | None = None
    unfurl_domains: Annotated[list[Annotated[str, _text(255)]], Field(min_length=1, max_length=5)] | None = None


class Scopes(Section):
    """What the app may do."""

    bot: Annotated[list[Name], Field(max_length=255)] = []
    user: Annotated[list[Name], Field(max_length=255)] = []
    bot_optional: Annotated[list[Name], Field(max_length=255)] = []
    user_optional: Annotated[list[Name], Field(max_length=255)] = []


class OauthConfig(Section):
    """How the app is installed."""

    redirect_urls: Annotated[list[Annotated[str, _text(2500)]], Field(max_length=1000)] = []
    scopes: Scopes = Scopes()
    token_management_enabled: bool = False
    pkce_enabled: bool = False


class EventSubscriptions(Section):
    """What the app is told."""

    request_url: Url | None = None
    user_events: Annotated[list[Name], Field(max_length=100)] = []
    bot_events: Annotated[list[Name], Field(max_length=100)] = []


class Interactivity(Section):
    """Where clicks and forms go."""

    is_enabled: bool
    request_url: Url | None = None
    message_menu_options_url: Url | None = None


class SettingsSection(Section):
    """How Slack and the app talk."""

    allowed_ip_address_ranges: Annotated[list[str], Field(min_length=1, max_length=50)] | None = None
    event_subscriptions: EventSubscriptions | None = None
    interactivity: Interactivity | None = None
    org_deploy_enabled: bool = False
    socket_mode_enabled: bool = False
    token_rotation_enabled: bool = False


class ManifestFile(Section):
    """A whole manifest."""

    metadata: Metadata | None = Field(default=None, alias="_metadata")
    display_information: DisplayInformation
    features: Features = Features()
    oauth_config: OauthConfig = OauthConfig()
    settings: SettingsSection = SettingsSection()


def check_shape(raw: Json) -> None:
    """Raise ManifestError, which names every place that is wrong, for a manifest that Slack would not take."""
    try:
        ManifestFile.model_validate(raw)
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        raise ManifestError("The manifest would not be accepted: " + "; ".join(faults) + ".") from None

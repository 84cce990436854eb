"""The workspace: everything that Slack would remember, in memory."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.slack.background import Background
from sandbox.slack.calls import Calls
from sandbox.slack.changes import Changes
from sandbox.slack.clock import Clock, SystemClock
from sandbox.slack.deeds import People
from sandbox.slack.doors import Door, SocketDoor, open_door
from sandbox.slack.faults import Faults
from sandbox.slack.ids import Ids, Timestamps
from sandbox.slack.levers import Lever
from sandbox.slack.limits import Limits
from sandbox.slack.manifest import read_manifest
from sandbox.slack.refusals import Json
from sandbox.slack.screen import screen_of
from sandbox.slack.state.channels import Channel, Headline
from sandbox.slack.state.files import StoredFile
from sandbox.slack.state.people import Person, Usergroup
from sandbox.slack.state.scheduled import Scheduled
from sandbox.slack.state.tickets import Drawer, ResponseUrl, Trigger
from sandbox.slack.state.views import OpenView
from sandbox.slack.text import Directory


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the app and the workspace know of each other."""

    bot_token: str
    app_token: str
    signing_secret: str
    verification_token: str


class Workspace:
    """One Slack workspace with one installed app.

    manifest: the app manifest as JSON. clock: where time comes from. rate_limits: whether calls are counted.
    seed: makes ids the same from run to run; without it no two workspaces share any, as apps remember ids.
    Raises ManifestError when the manifest contradicts itself.
    """

    def __init__(  # noqa: PLR0913 - settings, all by name
        self,
        *,
        manifest: Json,
        clock: Clock | None = None,
        bot_token: str = "xoxb-sandbox-bot",  # noqa: S107 - a token of the sandbox opens nothing else
        app_token: str = "xapp-sandbox-app",  # noqa: S107 - as above
        signing_secret: str = "sandbox-signing-secret",  # noqa: S107 - as above
        rate_limits: bool = True,
        name: str = "Sandbox",
        seed: int | None = None,
    ) -> None:
        self.raw_manifest = manifest
        self.manifest = read_manifest(manifest)
        self.clock: Clock = clock or SystemClock()
        self.ids, self.timestamps = Ids(seed), Timestamps(self.clock)
        self.name, self.domain = name, "".join(c for c in name.lower() if c.isalnum()) or "sandbox"
        self.team_id, self.app_id = self.ids.new("T"), self.ids.new("A")
        self.secrets = Secrets(bot_token, app_token, signing_secret, self.ids.secret())
        self.users: dict[str, Person] = {}
        self.user_names: dict[str, str] = {}
        self.usergroups: dict[str, Usergroup] = {}
        self.channels: dict[str, Channel] = {}
        self.channel_names: dict[str, str] = {}
        self.dms: dict[frozenset[str], str] = {}
        self.memberships: dict[str, dict[str, None]] = {}
        self.files: dict[str, StoredFile] = {}
        self.views: dict[str, OpenView] = {}
        self.stacks: dict[str, list[str]] = {}
        self.homes: dict[str, str] = {}
        self.external_views: dict[str, str] = {}
        self.triggers: Drawer[Trigger] = Drawer()
        self.response_urls: Drawer[ResponseUrl] = Drawer()
        self.scheduled: dict[str, Scheduled] = {}
        self.notices: dict[str, deque[Json]] = {}
        self.levers: dict[str, Lever] = {}
        self.calls, self.faults, self.changes = Calls(), Faults(), Changes()
        self.limits = Limits(self.clock, on=rate_limits)
        self.background = Background()
        self.latency = 0.0
        self.base_url = ""
        self.token_error: str | None = None
        self._answering = asyncio.Event()
        self._answering.set()
        self.bot = self._add_bot()
        self.people = People(self)
        self.door: Door = open_door(self)

    # -- setting up ---------------------------------------------------------------------------------------

    def _add_bot(self) -> Person:
        """Install the app: its bot user joins the workspace."""
        name = self.manifest.bot_name
        return self._file(
            Person(
                id=self.ids.new("U"),
                name=name.lower().replace(" ", ""),
                display_name=name,
                real_name=name,
                email="",
                is_bot=True,
                bot_id=self.ids.new("B"),
            )
        )

    def add_person(  # noqa: PLR0913 - a person has many traits, all by name
        self,
        name: str,
        *,
        display_name: str | None = None,
        real_name: str | None = None,
        email: str | None = None,
        title: str = "",
        tz: str = "UTC",
        is_admin: bool = False,
        guest: bool = False,
        deactivated: bool = False,
    ) -> Person:
        """Add a member; `name` is what others type after the @. Raises ValueError when the name is taken."""
        if name in self.user_names:
            raise ValueError(f"somebody called {name} is already in the workspace")
        shown = display_name or name.title()
        return self._file(
            Person(
                id=self.ids.new("U"),
                name=name,
                display_name=shown,
                real_name=real_name or shown,
                email=email if email is not None else f"{name}@{self.domain}.example",
                title=title,
                tz=tz,
                is_admin=is_admin,
                guest=guest,
                deactivated=deactivated,
            )
        )

    def _file(self, person: Person) -> Person:
        """Enter a person in the books."""
        self.users[person.id] = person
        self.user_names[person.name] = person.id
        self.changes.touch()
        return person

    def add_channel(
        self,
        name: str,
        *,
        members: Iterable[Person | str] = (),
        private: bool = False,
        shared: bool = False,
        is_general: bool = False,
    ) -> Channel:
        """Add a channel that has always been there: no messages, no events. Raises ValueError on a taken name."""
        if name in self.channel_names:
            raise ValueError(f"there is already a channel called {name}")
        ids = [self.person(member).id for member in members]
        channel = Channel(
            id=self.ids.new("C"),
            name=name,
            kind="private" if private else "public",
            creator=ids[0] if ids else self.bot.id,
            created=int(self.clock.now()),
            is_general=is_general,
            is_shared=shared,
        )
        self.file_channel(channel)
        for member in ids:
            self.enrol(channel, member)
        return channel

    def add_usergroup(self, handle: str, *, users: Iterable[Person | str] = (), name: str = "") -> Usergroup:
        """Add a user group; `handle` is what others type after the @."""
        members = tuple(self.person(user).id for user in users)
        group = Usergroup(id=self.ids.new("S"), handle=handle, name=name or handle, users=members)
        self.usergroups[group.id] = group
        self.changes.touch()
        return group

    def file_channel(self, channel: Channel) -> None:
        """Enter a channel in the books."""
        self.channels[channel.id] = channel
        if not channel.is_dm:
            self.channel_names[channel.name] = channel.id
        self.changes.touch(channel)

    def enrol(self, channel: Channel, user: str) -> None:
        """Make somebody a member, without a word."""
        channel.members[user] = None
        self.memberships.setdefault(user, {})[channel.id] = None
        self.changes.touch(channel)

    def strike(self, channel: Channel, user: str) -> None:
        """End a membership, without a word."""
        channel.members.pop(user, None)
        self.memberships.get(user, {}).pop(channel.id, None)
        self.changes.touch(channel)
        self.changes.touch(user=user)

    # -- looking things up --------------------------------------------------------------------------------

    def person(self, who: Person | str) -> Person:
        """Return a member by id or name. Raises KeyError with a sentence when there is none."""
        key = who.id if isinstance(who, Person) else who
        found = self.users.get(key) or self.users.get(self.user_names.get(key, ""))
        if found is None:
            raise KeyError(f"nobody called {key} is in the workspace")
        return found

    def channel(self, which: str) -> Channel:
        """Return a channel by id or name. Raises KeyError with a sentence when there is none."""
        found = self.channels.get(which) or self.channels.get(self.channel_names.get(which.lstrip("#"), ""))
        if found is None:
            raise KeyError(f"there is no channel {which} in the workspace")
        return found

    def dm(self, one: str, other: str) -> Channel:
        """Return the direct message channel of two members, opening it if need be."""
        pair = frozenset((one, other))
        if pair not in self.dms:
            channel = Channel(id=self.ids.new("D"), name="", kind="dm", creator=one, created=int(self.clock.now()))
            self.dms[pair] = channel.id
            self.file_channel(channel)
            for member in (one, other):
                self.enrol(channel, member)
        return self.channels[self.dms[pair]]

    @property
    def directory(self) -> Directory:
        """Who and what typed names mean here."""
        return Directory(self._named_person, self._named_channel, self._named_group)

    def _named_person(self, name: str) -> Person | None:
        return self.users.get(self.user_names.get(name.lower(), ""))

    def _named_channel(self, name: str) -> tuple[str, str] | None:
        channel_id = self.channel_names.get(name.lower())
        return (channel_id, name.lower()) if channel_id else None

    def _named_group(self, name: str) -> Usergroup | None:
        return next((group for group in self.usergroups.values() if group.handle == name.lower()), None)

    def headline(self, text: str, by: str) -> Headline:
        """Return a topic or purpose set now."""
        return Headline(text, by, int(self.clock.now()))

    # -- what people see ----------------------------------------------------------------------------------

    def screen(self, user: str) -> Json:
        """Return everything that this person sees, as JSON. Raises KeyError for somebody who is not here."""
        return screen_of(self, self.person(user))

    def notice(self, user: str, text: str) -> None:
        """Show a person a line that only they see and that is no message."""
        kept = self.notices.setdefault(user, deque(maxlen=50))
        kept.append({"at": self.clock.now(), "text": text})
        self.changes.touch(user=user)

    # -- misbehaving on purpose ---------------------------------------------------------------------------

    def stop_answering(self) -> None:
        """Let every Web API call hang from now on."""
        self._answering.clear()

    def resume(self) -> None:
        """Answer again, also the calls that hang; let the app open sockets again."""
        self._answering.set()
        self.door.enable()

    async def answering(self) -> None:
        """Return as soon as the workspace answers calls."""
        await self._answering.wait()

    async def cut_sockets(self, reason: str | None = None) -> int:
        """End all Socket Mode connections and return how many there were.

        reason: warning, refresh_requested or link_disabled as Slack says it before it closes; None cuts without a word.
        """
        return await self.door.cut(reason)

    async def connect_app(self, url: str) -> None:
        """Send commands, interactions and events to this address, as if it were saved in the app's settings.

        Raises DeedRefusedError when the app does not answer the url_verification challenge.
        """
        await self.door.point_to(url)

    async def connected(self) -> None:
        """Return once the app has opened a connection; in HTTP mode at once."""
        if isinstance(self.door, SocketDoor):
            await self.door.opened.wait()

    async def settled(self, seconds: float = 5.0) -> None:
        """Wait until all events are delivered; raises TimeoutError after that many seconds of real time."""
        await self.background.settled(seconds)

"""Text as Slack keeps it: what a person types becomes mentions and links, and who is notified by it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sandbox.slack.refusals import Json
from sandbox.slack.state.people import Person, Usergroup

_TOKEN = r"<(?:[@#!][^<>\s][^<>]*|(?:https?|mailto|tel|slack):[^<>]+)>"  # noqa: S105 - a pattern, no secret
_STRAY = re.compile(rf"({_TOKEN})|&(?!(?:amp|lt|gt);)|<|>")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_TYPED = re.compile(
    r"(?P<link>https?://[^\s<>|]*[^\s<>|.,;:!?'\")\]])"
    r"|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?<![\w.@-])(?P<host>(?:[\w-]+\.)+(?:com|org|net|io|dev|app|edu|gov)(?:/[\w/.-]*\w)?)(?![\w-])"
    r"|(?<![\w@])@(?P<who>[\w.-]*\w)|(?<![\w#&])#(?P<where>[\w-]+)|[&<>]"
)
_MENTION = re.compile(
    r"<(?:@(?P<user>[UW]\w+)|!subteam\^(?P<group>S\w+)|!(?P<all>channel|here|everyone))(?:\|[^<>]*)?>"
)
_RAW_ALL = re.compile(r"(?<![\w<!])@(channel|here|everyone)\b")
_RAW_NAME = re.compile(r"(?<![\w<])@([\w.-]*\w)")


def escape_stray(text: str) -> str:
    """Escape `&`, `<` and `>` that are not part of an entity, mention or link (Slack: formatting text docs)."""
    return _STRAY.sub(lambda found: found[1] or _ESCAPES[found[0]], text)


class Directory:
    """Finds who or what a typed name means."""

    def __init__(
        self,
        person: Callable[[str], Person | None],
        channel: Callable[[str], tuple[str, str] | None],
        usergroup: Callable[[str], Usergroup | None],
    ) -> None:
        self.person = person
        self.channel = channel
        self.usergroup = usergroup


def from_typed(text: str, names: Directory, *, with_names: bool) -> str:
    """Turn what a person typed (@alice, #general, https://…) into Slack's mentions and links.

    With `with_names` mentions carry the name, as slash commands with should_escape have them.
    """

    def replace(found: re.Match[str]) -> str:
        if found["link"]:
            return f"<{found['link'].replace('&', '&amp;')}>"
        if found["mail"]:
            return f"<mailto:{found['mail']}|{found['mail']}>"
        if found["host"]:
            return f"<http://{found['host']}|{found['host']}>"
        if found["who"]:
            return _mention(found["who"], names, with_names=with_names) or found[0]
        if found["where"]:
            channel = names.channel(found["where"])
            return f"<#{channel[0]}|{channel[1]}>" if channel else found[0]
        return _ESCAPES[found[0]]

    return _TYPED.sub(replace, text)


def _mention(who: str, names: Directory, *, with_names: bool) -> str | None:
    """Return the mention of a person, group or everybody; None when nobody has that name."""
    if who in {"channel", "here", "everyone"}:
        return f"<!{who}>"
    if person := names.person(who):
        return f"<@{person.id}|{person.name}>" if with_names else f"<@{person.id}>"
    if group := names.usergroup(who):
        return f"<!subteam^{group.id}|@{group.handle}>"
    return None


def pings_of(text: str, blocks: list[Json], attachments: list[Json], names: Directory | None = None) -> list[str]:
    """Return whom a message notifies: user ids, user group ids, `channel`, `here`, `everyone`.

    Raw "@everyone" counts only with `names` given, which stands for link_names or parse=full. Mentions count in
    the text, in mrkdwn and markdown of blocks and attachments, and in rich text.
    """
    found: dict[str, None] = {}
    for part in (text, *_mrkdwn(blocks), *_mrkdwn(attachments)):
        for mention in _MENTION.finditer(part):
            found[mention["user"] or mention["group"] or mention["all"]] = None
        if names is not None:
            found |= dict.fromkeys(_raw_pings(part, names))
    found |= dict.fromkeys(_rich_pings(blocks))
    return list(found)


def _raw_pings(text: str, names: Directory) -> Iterator[str]:
    """Yield whom plain @names notify when the app asked for names to be linked."""
    for everybody in _RAW_ALL.finditer(text):
        yield everybody[1]
    for name in _RAW_NAME.finditer(text):
        if person := names.person(name[1]):
            yield person.id


def _walk(part: object) -> Iterator[Mapping[str, Any]]:
    """Yield every object within blocks."""
    if isinstance(part, dict):
        yield part
        for inner in part.values():
            yield from _walk(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _walk(inner)


def _mrkdwn(part: object) -> Iterator[str]:
    """Yield the texts within blocks or attachments in which Slack reads mentions."""
    for item in _walk(part):
        if item.get("type") in {"mrkdwn", "markdown"} and isinstance(item.get("text"), str):
            yield item["text"]
        elif "fallback" in item or "pretext" in item:
            yield from (str(item[name]) for name in ("pretext", "text") if name in item)


def _rich_pings(blocks: list[Json]) -> Iterator[str]:
    """Yield whom rich text elements notify."""
    for item in _walk(blocks):
        kind = item.get("type")
        if kind == "user" and "user_id" in item:
            yield str(item["user_id"])
        elif kind == "usergroup" and "usergroup_id" in item:
            yield str(item["usergroup_id"])
        elif kind == "broadcast" and "range" in item:
            yield str(item["range"])

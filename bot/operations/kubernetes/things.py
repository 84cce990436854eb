"""The words that name objects: `pods`, `pods web-1 web-2`, `deployment/web`, `svc,ing`."""

import re

from bot.nearest import nearest
from bot.operations.kubernetes import kinds, selectors
from bot.operations.kubernetes.flags import Arguments
from bot.operations.kubernetes.nouns import Thing
from bot.operations.refusal import LineRefused
from bot.operations.words import Word

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._:-]{0,251}[A-Za-z0-9])?", re.ASCII)
_NAMESPACE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_HOLES = re.compile(r"\$\{[A-Za-z_]\w*\}|\$[A-Za-z_]\w*|<[A-Za-z][\w-]*>|\[[a-z]+(?:[-_][a-z]+)+\]", re.ASCII)
WORKLOADS = ("deployments", "statefulsets", "daemonsets")
"""What has a rollout."""


def things(found: Arguments) -> tuple[Thing, ...]:
    """Return what the words of a line name, at least one thing."""
    if not found.words:
        raise found.refuse(found.verb, "it does not say of what", "name a kind, such as pods")
    if "/" in found.words[0].text:
        return tuple(_slashed(found, word) for word in found.words)
    if mixed := next((word for word in found.words if "/" in word.text), None):
        raise found.refuse(mixed, "this is not a name", "write kind/name for each thing, or names behind one kind")
    first, *names = found.words
    types = [kind(found, first, text) for text in first.text.split(",")]
    if len(types) > 1 and names:
        raise found.refuse(names[0], "a name does not go with several kinds", "write kind/name for each")
    named = [Thing(types[0], name(found, word)) for word in names]
    return tuple(dict.fromkeys(named or [Thing(one) for one in types]))


def one(found: Arguments, allowed: tuple[str, ...] = ()) -> Thing:
    """Return the one named thing of a line, of one of the `allowed` kinds."""
    listed = named(found, allowed)
    if len(listed) > 1:
        raise found.refuse(found.words[-1], "this takes one thing at a time", "write one command for each")
    return listed[0]


def named(found: Arguments, allowed: tuple[str, ...] = ()) -> tuple[Thing, ...]:
    """Return the things of a line, each with its name and of one of the `allowed` kinds."""
    listed = things(found)
    if not all(thing.name for thing in listed):
        word = found.words[0]
        raise found.refuse(word, "the name is missing", f"write it like {word.text.split(',')[0]}/web")
    only(found, listed, allowed)
    return listed


def only(found: Arguments, listed: tuple[Thing, ...], allowed: tuple[str, ...]) -> None:
    """Refuse things that are of none of the `allowed` kinds; no kinds allow all."""
    for thing in listed:
        if allowed and thing.type not in allowed:
            reason = f"{thing.type} cannot be used with {found.verb.text}"
            raise found.refuse(found.words[0], reason, f"it takes {', '.join(allowed)}")


def kind(found: Arguments, word: Word, text: str) -> str:
    """Return the plural of the kind that a text names."""
    if text.lower() == "all":
        raise found.refuse(word, "all is not a kind", "write pods,services,deployments or what is meant")
    plural = kinds.named(text)
    if plural is None or _HOLES.search(text):
        close = nearest(text, kinds.WORDS, limit=1)
        instead = f"write {close[0]}" if close else "write one, such as pods or deployments"
        raise found.refuse(word, "there is no such kind", instead)
    return plural


def name(found: Arguments, word: Word, text: str | None = None) -> str:
    """Return the name of an object that a text is."""
    text = word.text if text is None else text
    bare = _HOLES.sub("x", text) if word.holes else text
    if not _NAME.fullmatch(bare):
        raise found.refuse(word, "this is not a name", "names have letters, digits, hyphens and dots")
    return text


def namespace(found: Arguments) -> str:
    """Return the namespace of a line; an empty text is the target's."""
    word = found.flags.get("namespace")
    if word is None:
        return ""
    bare = _HOLES.sub("x", word.text) if word.holes else word.text
    if not _NAMESPACE.fullmatch(bare):
        raise found.refuse(word, "this is not a namespace", "its name has lower-case letters, digits and hyphens")
    return word.text


def label_selector(found: Arguments, flag: str = "labels") -> str:
    """Return a line's label selector in its one form, or an empty text."""
    return _selector(found, flag, selectors.labels(found.text(flag)), "app=web,tier in (a,b)")


def field_selector(found: Arguments) -> str:
    """Return a line's field selector in its one form, or an empty text."""
    return _selector(found, "fields", selectors.fields(found.text("fields")), "status.phase=Succeeded")


def _selector(found: Arguments, flag: str, selector: str | None, example: str) -> str:
    if flag not in found.flags:
        return ""
    if not selector:
        raise found.refuse(found.flags[flag], "this selector cannot be read", f"write it like {example}")
    return selector


def no_names(found: Arguments, listed: tuple[Thing, ...], *selected: str) -> None:
    """Refuse names beside a selector."""
    if any(selected) and any(thing.name for thing in listed):
        raise found.refuse(found.words[-1], "a name does not go with a selector", "use one of them")


def no_more(found: Arguments, most: int) -> None:
    """Refuse words behind the first `most`, and a command."""
    if len(found.words) > most:
        raise found.refuse(found.words[most], "this word is one too many", "leave it out")
    if found.command is not None:
        raise LineRefused(found.line, found.verb.column, "--", "only exec takes a command", "leave -- out")


def _slashed(found: Arguments, word: Word) -> Thing:
    text, slash, called = word.text.partition("/")
    if not slash or "/" in called or not called:
        raise found.refuse(word, "this is not kind/name", "write each like deployment/web")
    return Thing(kind(found, word, text), name(found, word, called))

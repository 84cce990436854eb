"""What people type, read as they meant it.

Phones and word processors turn `--since` into `—since` and `"a b"` into `“a b”`; Slack turns @alice into `<@U1|alice>`
and an address into `<https://…>`. A word is read without all that; free text keeps its typography.
"""

import html
import re
from dataclasses import dataclass

_WORD = re.compile(r'"[^"]*"|\S+')
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"') | dict.fromkeys("‘’‚‛′", "'") | {" ": " "})
_FLAG = re.compile(r"^[—–―](?=\w)")
_MARKUP = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_SPACE = re.compile(r"[^\S\n]+")
# Control characters, and those that turn the direction of all that follows; plain right-to-left text needs none.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word: `text` as it was meant, `start` and `end` its place in what was typed."""

    text: str
    start: int
    end: int


class Words:
    """What followed the verb: its words one by one, or the rest of it as free text."""

    def __init__(self, typed: str) -> None:
        self.typed = typed
        seen = typed.translate(_QUOTES)
        self._words = [Word(as_word(m.group()), m.start(), m.end()) for m in _WORD.finditer(seen)]

    def __len__(self) -> int:
        return len(self._words)

    def __getitem__(self, at: int) -> str:
        """Return the word at that place; empty behind the last one."""
        return self._words[at].text if at < len(self._words) else ""

    def rest(self, at: int) -> str:
        """Return everything from the word at that place on, as free text."""
        return as_text(self.typed[self._words[at].start :]) if at < len(self._words) else ""


def as_word(typed: str) -> str:
    """Return one typed word as it was meant: quotes taken off, a long dash before a letter read as `--`."""
    word = as_text(typed.translate(_QUOTES))
    if len(word) > 1 and word[0] == word[-1] and word[0] in "\"'":
        return word[1:-1]
    return _FLAG.sub("--", word)


def as_text(typed: str) -> str:
    """Return free text as a person reads it: Slack's markup as words, spaces folded, lines and typography kept."""
    spoken = html.unescape(_MARKUP.sub(_spoken, _CONTROL.sub("", typed)))
    return _SPACE.sub(" ", spoken).strip()


def _spoken(found: re.Match[str]) -> str:
    kind, target, label = found.group(1), found.group(2), found.group(3)
    match kind:
        case "@":
            return f"@{(label or target).lstrip('@')}"
        case "#":
            return f"#{(label or target).lstrip('#')}"
        case "!":
            name = target.removeprefix("subteam^").split("^")[0]
            return f"@{(label or name).lstrip('@')}"
    return _link(target, label) if "://" in target or target.startswith("mailto:") else found.group()


def _link(target: str, label: str | None) -> str:
    """Slack makes a link of `example.com` as well: what was typed is the label then."""
    return label if label and label in target else target

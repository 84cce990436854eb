"""What people type, read as they meant it.

Phones and word processors turn `--since` into `—since` and `"a b"` into `“a b”`; Slack turns @alice into `<@U1|alice>`
and an address into `<https://…>`. A word is read without all that; free text keeps its typography.
"""

import re
from dataclasses import dataclass

_WORD = re.compile(r'"[^"]*"|[^\s"=]+="[^"]*"|\S+')
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"') | dict.fromkeys("‘’‚‛′", "'"))
_PAIRS = {
    '"': '"',
    "'": "'",
    "“": "”",
    "„": "“”",
    "«": "»",
    "»": "«",
    "‘": "’",
    "‚": "‘’",
    "”": "”",
    "’": "’",
    "＂": "＂",
}
_FLAG = re.compile(r"^[—–―](?=\w)")
_MARKUP = re.compile(
    r"<(?:(?P<kind>[@#])(?P<id>[A-Z0-9]+)"
    r"|!(?P<all>channel|here|everyone|subteam\^\w+)"
    r"|!(?P<date>date\^[^<>|]*)"
    r"|(?P<link>[a-z][a-z0-9+.-]*:[^<>|]+))"
    r"(?:\|(?P<label>[^<>]*))?>"
)
_LINE = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SPACE = re.compile(r"[^\S\n]+")
# Control characters, halves of characters, those that nobody sees and that keep words from being equal, and those that
# turn the direction of all that follows: plain right-to-left text needs none of them.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word: `text` as it was meant, `start` and `end` its place in what was typed."""

    text: str
    start: int
    end: int


class Words:
    """What followed the verb: its words one by one, or the rest of it as free text."""

    def __init__(self, typed: str) -> None:
        self.typed = clean(typed)
        seen = self.typed.translate(_QUOTES)
        found = (Word(as_word(m.group()), m.start(), m.end()) for m in _WORD.finditer(seen))
        self._words = [word for word in found if word.text]

    def __len__(self) -> int:
        return len(self._words)

    def __getitem__(self, at: int) -> str:
        """Return the word at that place; empty behind the last one."""
        return self._words[at].text if at < len(self._words) else ""

    def typed_word(self, at: int) -> str:
        """Return the word at that place as it was typed, Slack's markup included; empty behind the last one."""
        return self.typed[self._words[at].start : self._words[at].end] if at < len(self._words) else ""

    def start(self, at: int) -> int:
        """Return where in `typed` the word at that place begins; the end of it behind the last one."""
        return self._words[at].start if at < len(self._words) else len(self.typed)

    def rest(self, at: int) -> str:
        """Return everything from the word at that place on, as free text."""
        return as_text(self.typed[self.start(at) :])


def as_word(typed: str) -> str:
    """Return one typed word as it was meant: quotes taken off, a long dash before a letter read as `--`."""
    return _FLAG.sub("--", as_text(typed.translate(_QUOTES)))


def as_text(typed: str) -> str:
    """Return free text as a person reads it: Slack's markup as words, and no quotes around the whole of it."""
    spoken = _MARKUP.sub(_spoken, clean(typed)).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return _unquoted(spoken.strip())


def clean(typed: str) -> str:
    """Return text without what nobody sees: spaces folded, lines and typography kept."""
    lines = _UNSEEN.sub("", _LINE.sub("\n", typed)).split("\n")
    return "\n".join(_SPACE.sub(" ", line).strip() for line in lines).strip()


def _unquoted(text: str) -> str:
    """Take off the quotes in which somebody put all they had to say."""
    inner = text[1:-1]
    whole = len(text) > 1 and text[-1] in _PAIRS.get(text[0], "") and not {text[0], text[-1]} & set(inner)
    return inner.strip() if whole else text


def _spoken(found: re.Match[str]) -> str:
    label = found["label"] or ""
    if found["kind"]:
        return found["kind"] + (label or found["id"]).lstrip("@#")
    if found["all"]:
        return "@" + (label or found["all"].removeprefix("subteam^")).lstrip("@")
    if found["date"]:
        return label or found.group()
    return _link(found["link"], label)


def _link(target: str, label: str) -> str:
    """Slack makes a link of `example.com` as well: what was typed is the label then."""
    if not label:
        return target
    return label if label in target else f"{label} ({target})"

"""Values whose names say that they are secret: `password=…`, `"client_secret": "…"`, `--api-key …`, `PASSWORD '…'`."""

import re
from collections.abc import Iterator

_VALUE = (
    r"\\{1,3}\"(?:[^\"\\\n]{0,2000}+)(?:\\{1,3}\")?|\"(?:[^\"\\\n]|\\.){0,2000}+\"?|'(?:[^'\n]|''){0,2000}+'?|"
    r"[^\s\"'`<>&;,|\\]{1,500}+"
)
_NAMED = re.compile(
    r"(passw(?:or)?d|passphrase|passcode|pwd|secret|token|credentials?|masterauth|requirepass|auth|"
    r"(?:api|access|account|auth|encryption|license|master|private|secret|shared|signing|storage)[ _.-]?key|key-data)"
    r"((?:[_-](?:hash|value|base64|b64|old|new))?"
    r"\\{0,3}[\"']?([ \t]{0,4})(?:=>|:=|[:=\uff1a])([ \t]{0,8})(?:b(?=[\"']))?)"
    rf"({_VALUE})",
    re.IGNORECASE | re.ASCII,
)
_ROOTS = (
    *("pass", "pwd", "secret", "token", "credential", "masterauth", "requirepass", "auth", "key-data"),
    *("api", "access", "account", "encryption", "license", "master", "private", "shared", "signing", "storage"),
)
"""How the names begin: looking for them first is ten times as fast as trying the pattern at every letter."""
_STATEMENT = re.compile(r"(\b(?:password|identified\s{1,3}by)\s{1,3})'((?:[^'\n]|''){1,500}+)'?", re.IGNORECASE)
_OPTION = re.compile(
    r"((?:\s|^)--?[\w-]{0,40}?(?:password|passwd|token|secret|api-?key|passphrase|pass)[ \t]{1,4})"
    r"(\"[^\"\n]{1,500}+\"?|'[^'\n]{1,500}+'?|[^\s\"'`<>$\[-][^\s\"']{0,500}+)",
    re.IGNORECASE | re.ASCII,
)
_LETTER_OPTION = re.compile(
    r"(\b(?:redis-cli\b[^|\n]{0,200}?\s-a|sshpass\s+-p|mysql(?:dump)?\b[^|\n]{0,200}?\s-p)\s?)([^\s\"'$<\[-][^\s\"']{0,200}+)"
)
_WORDS = re.compile(
    r"((?:\blogin\s{1,4}\S{1,200}+\s{1,4}password|\b(?:requirepass|masterauth|(?-i:AUTH))\\?[\"']?)[ \t]{1,4}\\?[\"']?)"
    r"([^\s\"'\\<\[$:=][^\s\"'\\]{0,300}+)",
    re.IGNORECASE | re.ASCII,
)
_HARMLESS = re.compile(
    r"(?:null|nil|none|true|false|undefined|unset|set|not|empty|optional|required|string|\(.*|\[.*|\{.*|<.*|\*+|\.{3}|-+|"
    r"\$\{?[A-Za-z_].*|\$\d+.*|%[sdvr]|\d{1,3})",
    re.IGNORECASE | re.DOTALL,
)
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")
_COLUMN = re.compile(r"[A-Za-z_]\w{0,62}\.[A-Za-z_]\w{0,62}\W{0,3}", re.ASCII)
_LINE_START = re.compile(r"[ \t]*(?:- |export |set )?[\"']?[\w.-]{0,60}$", re.ASCII)


def values(text: str) -> str:
    """Return the text with the values of secret names redacted; the names stay."""
    low = _lowered(text)
    text = _without_named(text, low)
    if any(word in low for word in ("pass", "secret", "token", "key", "auth")):
        text = _OPTION.sub(_option, text)
        text = _WORDS.sub(r"\1[redacted: password]", text)
    if "password" in low or "identified" in low:
        text = _STATEMENT.sub(r"\1'[redacted: password]'", text)
    if any(program in text for program in ("redis-cli", "sshpass", "mysql")):
        text = _LETTER_OPTION.sub(r"\1[redacted: password]", text)
    return text


def _lowered(text: str) -> str:
    """Return the text in lower case with every letter in its place, which `lower` alone does not promise."""
    low = text.lower()
    return low if len(low) == len(text) else re.sub(r"[^\x00-\x7f]", "?", text).lower()


def _without_named(text: str, low: str) -> str:
    kept, at = [], 0
    for start in sorted({start for root in _ROOTS for start in _places(low, root)}):
        found = _NAMED.match(text, start) if start >= at else None
        shown = _named(found) if found else ""
        if found and shown != found[0]:
            kept += [text[at:start], shown]
            at = found.end()
    return "".join((*kept, text[at:]))


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _named(found: "re.Match[str]") -> str:
    word, middle, value = found[1], found[2], found[5]
    opening, inner, closing = _unquoted(value)
    if not inner or inner.startswith("[redacted") or _HARMLESS.fullmatch(inner) or _is_prose(found, inner, opening):
        return found[0]
    return f"{word}{middle}{opening}[redacted: {_kind(word)}]{closing}"


def _option(found: "re.Match[str]") -> str:
    opening, inner, closing = _unquoted(found[2])
    if not inner or _HARMLESS.fullmatch(inner) or "[redacted" in inner:
        return found[0]
    return f"{found[1]}{opening}[redacted: {_kind(found[1])}]{closing}"


def _unquoted(value: str) -> tuple[str, str, str]:
    """Return the quote before a value, the value and the quote behind it."""
    for quote in ('\\\\\\"', '\\\\"', '\\"', '"', "'"):
        if value.startswith(quote):
            ended = len(value) >= 2 * len(quote) and value.endswith(quote)
            return quote, value[len(quote) : -len(quote) if ended else None], quote if ended else ""
    return "", value, ""


def _is_prose(found: "re.Match[str]", inner: str, opening: str) -> bool:
    """Whether a value only looks like one: a sentence, a column of a query plan, the name of a Kubernetes Secret."""
    word, before, after = found[1].lower(), found[3], found[4]
    start = found.string[max(found.start() - 80, 0) : found.start()].rpartition("\n")[2]
    if word == "secret" and start[-1:] in ("{", ",") and _NAME.fullmatch(inner):
        return True  # a label of a metric
    folder = word == "pwd" and not opening and inner.startswith("/")
    if folder or (word == "auth" and (not opening or not re.search(r"\d", inner))):
        return True
    if opening:
        return False
    rest = found.string[found.end() : found.end() + 1]
    if _LINE_START.fullmatch(start) and rest in ("", "\n", "\r"):
        return (
            word in ("secret", "token", "credentials", "credential")
            and not re.search(r"[\d=+/]", inner)
            and bool(after)
        )
    if (before or after) and (_COLUMN.fullmatch(inner) or not re.search(r"\d", inner) or len(inner) < 6):
        return True
    return bool(before) and "(" in inner


def _kind(name: str) -> str:
    low = name.lower()
    return next((kind for kind in ("secret", "token", "credential", "key") if kind in low), "password")

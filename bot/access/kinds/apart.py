"""Values that stand apart from the names that say they are secret: pairs of name and value, blocks, rows, elements.

Also what is left of a private key when a filter or a limit took its first line away.
"""

import re

_ENDS = (
    r"passw(?:or)?d|passphrase|passcode|secret|token|credentials?|"
    r"(?:api|access|private|secret|signing|encryption)[_-]?key"
)
_NAME = rf"[\w.-]{{0,60}}?(?:{_ENDS}|_(?:key|pass|pwd|salt))(?:[_-](?:hash|value|old|new|\d))?"
_QUOTE = r"\\{0,3}[\"']?"
_VALUE = (
    r"(?:\\{1,3}\"[^\"\\\n]{1,2000}+|\"(?:[^\"\\\n]|\\.){1,2000}+|'(?:[^'\n]|''){1,2000}+|"
    r"[^\s\"'\\,{}\[\]&*|>][^\s\"',{}]{0,2000}+)"
)
_FLAGS = re.IGNORECASE | re.ASCII
_FIRST = re.compile(
    rf"({_QUOTE}\b(?:name|key){_QUOTE}[ \t]{{0,3}}[:=][ \t]{{0,3}}{_QUOTE}({_NAME}){_QUOTE},?\s{{0,60}}"
    rf"{_QUOTE}value{_QUOTE}[ \t]{{0,3}}[:=][ \t]{{0,3}})({_VALUE})",
    _FLAGS,
)
_LAST = re.compile(
    rf"(\bvalue{_QUOTE}[ \t]{{0,3}}:[ \t]{{0,3}})({_VALUE})"
    rf"(?={_QUOTE},?\s{{0,60}}{_QUOTE}\b(?:name|key){_QUOTE}[ \t]{{0,3}}:[ \t]{{0,3}}"
    rf"{_QUOTE}({_NAME})(?:{_QUOTE})(?![\w.-]))",
    _FLAGS,
)
_VARIABLE = re.compile(
    r"((?<![A-Za-z0-9])[A-Z][A-Z0-9_]{1,60}_(KEY|SALT|PASS)[0-9]?\\{0,3}[\"']?[ \t]{0,4}[=:][ \t]{0,8}\\{0,3}[\"']?)"
    r"([^\s\"'\\\[<$(][^\s\"'\\,;&]{0,500}+)",
    re.ASCII,
)
_BLOCK = re.compile(
    rf"^((?P<indent>[ \t]{{0,40}})(?:- )?[\"']?{_NAME}[\"']?:[ \t]{{0,4}}[|>][+-]?\d?[ \t]{{0,4}}\n)"
    r"(?!(?P=indent)[ \t]+\[redacted)(?:(?P=indent)[ \t]+[^\n]*+\n?)++",
    _FLAGS | re.MULTILINE,
)
_ELEMENT = re.compile(rf"(<(?:\w{{1,20}}:)?{_NAME}>[ \t]{{0,4}})(?!\[redacted)([^<>\s][^<>\n]{{0,500}}+)(?=</)", _FLAGS)
_ROW = re.compile(rf"^([ \t]*{_NAME}[ \t]*\|[ \t]*)([^\s|(\[]{{6,500}}+)(?=[ \t]*$)", _FLAGS | re.MULTILINE)
_PAIR = re.compile(rf"([\"']{_NAME}[\"'][ \t]{{0,3}},[ \t]{{0,3}}[\"'])([^\"'\s\[]{{6,500}}+)(?=[\"'])", _FLAGS)
_SAID = re.compile(
    r"(\b(?:password|secret|token) (?:is|to|->|was) {0,2}[\"'])([^\"'\s\[][^\"'\n]{0,200}+)(?=[\"'])", _FLAGS
)
_ENCODED = re.compile(r"((?:token|password|secret|api_?key|signature)%3D)([^\s&%\"'\[][^\s&%\"']{3,500}+)", _FLAGS)
_LEFT = re.compile(
    r"(?:^[A-Za-z0-9+/=]{4,100}+\r?\n){1,500}+(?=-----END (?:[A-Z0-9]+ ){0,4}PRIVATE KEY)[^\n]*", re.MULTILINE
)
_HARMLESS = re.compile(
    r"(?:null|none|true|false|string|text|uuid|\d{1,3}|<.*|\$.*|\(.*|\*+|\[redacted.*)", re.IGNORECASE | re.DOTALL
)


def values(text: str) -> str:
    """Return the text with such values redacted; the names stay."""
    low = text.lower()
    if "private key" in low:
        text = _LEFT.sub("[redacted: private key]", text)
    if "value" in low:
        text = _FIRST.sub(lambda found: found[1] + _hidden(found[2], found[3]), text)
        text = _LAST.sub(lambda found: found[1] + _hidden(found[3], found[2]), text)
    if any(word in text for word in ("_KEY", "_SALT", "_PASS")):
        text = _VARIABLE.sub(lambda found: found[1] + _hidden(found[2], found[3]), text)
    if any(word in low for word in ("pass", "secret", "token", "key", "salt", "credential", "signature", "_pwd")):
        text = _by_shape(text)
    return text


def _by_shape(text: str) -> str:
    if "|\n" in text or ">\n" in text or "-\n" in text:
        text = _BLOCK.sub(lambda found: f"{found[1]}{found['indent']}  [redacted: secret]\n", text)
    if "</" in text:
        text = _ELEMENT.sub(lambda found: found[1] + _hidden(found[1], found[2]), text)
    if "|" in text:
        text = _ROW.sub(_with_digit, text)
    text = _PAIR.sub(_with_digit, text)
    text = _SAID.sub(r"\1[redacted: password]", text)
    return _ENCODED.sub(r"\1[redacted: token]", text) if "%3" in text else text


def _with_digit(found: "re.Match[str]") -> str:
    """Redact a value that is no type and no name of a column: one with a digit in it, and not a number alone."""
    value = found[2]
    said = re.search(r"\d", value) and not re.fullmatch(r"[\d.,:TZ+-]*", value)
    return found[1] + (_hidden(found[1], value) if said else value)


def _hidden(name: str, value: str) -> str:
    quote = re.match(r"\\{0,3}[\"']?", value)
    opening = quote[0] if quote else ""
    inner = value[len(opening) :]
    if not inner or _HARMLESS.fullmatch(inner) or (name.lower().endswith("key") and not _is_key(inner)):
        return value
    return f"{opening}[redacted: {_kind(name)}]"


def _is_key(value: str) -> bool:
    """Tell a key from the name of one, as of a cache or a column: long, with letters and digits, and no path."""
    return len(value) >= 12 and re.search(r"\d", value) is not None and not re.search(r"^[/.~]|:|\.\w{2,4}$", value)


def _kind(name: str) -> str:
    low = name.lower()
    return next((kind for kind in ("password", "secret", "token", "credential", "key") if kind in low), "password")

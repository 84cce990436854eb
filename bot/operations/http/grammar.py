"""`curl` lines as requests."""

import re
from dataclasses import dataclass, field, replace

from bot.nearest import hint
from bot.operations.http.address import HOLE, Address, encoded, read_address
from bot.operations.http.nouns import METHODS, HttpRequest, Secret, Show
from bot.operations.http.options import Option, read_options
from bot.operations.http.write_out import check_format
from bot.operations.refusal import LineRefused
from bot.operations.words import Part, Word

_FORM = "application/x-www-form-urlencoded"
_HEADER = re.compile(r"([A-Za-z0-9!#$%&'*+.^_`|~-]+)[ \t]*:[ \t]*([^\r\n\x00]*)")
_SECRET_HEADERS = ("authorization", "x-api-key", "cookie", "x-auth-token", "private-token")
_OWN_HEADERS = {
    "host": "it would ask another site than the line shows",
    "content-length": "it is counted",
    "transfer-encoding": "it is chosen when the request is sent",
    "connection": "it is chosen when the request is sent",
    "accept-encoding": "answers are read as they are",
    "x-http-method": "it would hide the true method",
    "x-http-method-override": "it would hide the true method",
    "x-method-override": "it would hide the true method",
}


@dataclass(slots=True)
class _Draft:
    """What has been read of a line so far."""

    line: str
    url: Word | None = None
    method: str = ""
    headers: dict[str, Word] = field(default_factory=dict)
    data: list[Word] = field(default_factory=list)
    query: bool = False
    head: bool = False
    user: Word | None = None
    request: HttpRequest = field(default_factory=lambda: HttpRequest("GET", ""))


def read_curl(line: str, part: Part) -> HttpRequest:
    """Return the request of a `curl` line. Raises LineRefused."""
    draft = _Draft(line)
    for option in read_options(line, part[1:]):
        _take(draft, option)
    if draft.url is None:
        last = part[-1]
        raise LineRefused(line, last.column, last.text, "there is no address", "write one, such as https://HOST/health")
    address = read_address(line, draft.url)
    body = "&".join(word.text for word in draft.data) if draft.data else None
    holes = {"url": draft.url.holes, "user": draft.user.holes if draft.user else ()}
    sent = tuple(name for word in draft.data for name in word.holes)
    if draft.query and body is not None:
        address = replace(address, query="&".join(filter(None, (address.query, body))))
        body, holes["url"] = None, (*holes["url"], *sent)
    holes["body"] = sent if body is not None else ()
    holes |= {f"header {name}": word.holes for name, word in draft.headers.items()}
    return _finished(draft, address, body, holes)


def _finished(draft: _Draft, address: Address, body: str | None, holes: dict[str, tuple[str, ...]]) -> HttpRequest:
    if body is not None:
        draft.headers.setdefault("content-type", Word(_FORM, 0))
    default = "HEAD" if draft.head else "GET" if body is None else "POST"
    secrets = dict.fromkeys(Secret(place, name) for place, names in holes.items() for name in names)
    show = Show.BOTH if draft.head and draft.request.show is Show.BODY else draft.request.show
    return replace(
        draft.request,
        method=draft.method or default,
        url=str(address),
        headers=tuple((name, word.text) for name, word in draft.headers.items()),
        body=body,
        user=draft.user.text if draft.user else "",
        show=show,
        secrets=tuple(secrets),
    )


def _take(draft: _Draft, option: Option) -> None:
    """Write one option down."""
    value = option.value
    match option.name:
        case "url" if draft.url is not None:
            raise _refused(draft, value, "there is an address already", "write one request on each line")
        case "url":
            draft.url = value
        case "request":
            draft.method = _method(draft, value)
        case "header" | "user-agent" | "referer":
            _header(draft, option)
        case "data" | "data-ascii" | "data-raw" | "data-urlencode" | "json":
            _data(draft, option)
        case "user":
            _user(draft, option)
        case _:
            _print(draft, option)


def _print(draft: _Draft, option: Option) -> None:
    """Write down an option without a value for the request, or of what is printed, or of how long it may take."""
    value = option.value
    draft.query |= option.name == "get"
    draft.head |= option.name == "head"
    match option.name:
        case "include":
            draft.request = replace(draft.request, show=Show.BOTH)
        case "location":
            draft.request = replace(draft.request, follow=True)
        case "fail":
            draft.request = replace(draft.request, fail=True)
        case "output":
            if value.text != "/dev/null":
                raise _refused(draft, value, "nothing is written to a file", "leave it out, or write -o /dev/null")
            draft.request = replace(draft.request, show=Show.NOTHING)
        case "write-out":
            check_format(draft.line, value)
            draft.request = replace(draft.request, write_out=value.text)
        case "max-time":
            draft.request = replace(draft.request, seconds=seconds(draft.line, value))


def seconds(line: str, word: Word) -> float | None:
    """Return a time limit in seconds; a hole is none yet. Raises LineRefused."""
    if word.is_hole:
        return None
    if not re.fullmatch(r"[0-9]{1,4}(?:\.[0-9]{1,6})?", word.text) or float(word.text) <= 0:
        raise LineRefused(line, word.column, word.text, "this is no time in seconds", "write a number, such as 5")
    return float(word.text)


def _method(draft: _Draft, word: Word) -> str:
    method = word.text.upper()
    if method not in METHODS:
        raise _refused(draft, word, "this method is not sent", hint(method, METHODS))
    return method


def _header(draft: _Draft, option: Option) -> None:
    value = option.value
    text = value.text if option.name == "header" else f"{option.name}: {value.text}"
    found = _HEADER.fullmatch(text)
    if found is None:
        raise LineRefused(draft.line, value.column, "", "this is no header", "write -H 'Name: value'")
    name = found[1].lower()
    if name in _OWN_HEADERS:
        raise LineRefused(draft.line, value.column, found[1], _OWN_HEADERS[name], "leave it out")
    if name in _SECRET_HEADERS and found[2] and not value.holes:
        instead = "write $NAME in its place, and name it in the target's secrets-from"
        raise LineRefused(draft.line, value.column, found[1], "a secret does not belong on a line", instead)
    draft.headers[name] = Word(found[2].strip(), value.column, value.holes)


def _data(draft: _Draft, option: Option) -> None:
    value = option.value
    if option.name != "data-raw" and _names_a_file(option):
        raise _refused(draft, value, "no file is sent from here", "write the text itself")
    if option.name == "data-urlencode":
        name, equals, text = value.text.partition("=")
        plain, text = (name, text) if equals else ("", name)
        value = Word((f"{plain}=" if plain else "") + encoded(text), value.column, value.holes)
    if option.name == "json":
        draft.headers.setdefault("content-type", Word("application/json", 0))
        draft.headers.setdefault("accept", Word("application/json", 0))
    draft.data.append(value)


def _names_a_file(option: Option) -> bool:
    text = option.value.text
    if option.name == "data-urlencode":
        return "@" in text.partition("=")[0]
    return text.startswith("@")


def _user(draft: _Draft, option: Option) -> None:
    name, _, password = option.value.text.partition(":")
    if not HOLE.fullmatch(password) or not name:
        reason = "a password does not belong on a line"
        instead = "write -u 'NAME:$PASSWORD', filled from the target's secrets-from"
        raise LineRefused(draft.line, option.word.column, "-u", reason, instead)
    draft.user = option.value


def _refused(draft: _Draft, word: Word, reason: str, instead: str) -> LineRefused:
    return LineRefused(draft.line, word.column, word.text, reason, instead)

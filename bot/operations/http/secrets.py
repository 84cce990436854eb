"""Filling a request's holes when it is sent, and hiding what filled them in what comes back."""

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import quote

from bot.errors import TargetRefused
from bot.operations.http.address import HOLE
from bot.operations.http.nouns import HttpRequest
from bot.operations.words import hole_name

HIDDEN = "•••"

_Encode = Callable[[str], str]


def filled(request: HttpRequest, secrets: Mapping[str, str]) -> HttpRequest:
    """Return a request without holes. Raises TargetRefused when the target has no secret of a name."""
    missing = sorted({secret.name for secret in request.secrets} - set(secrets))
    if missing:
        names = ", ".join(missing)
        raise TargetRefused(f"No value for {names}: name it in the target's secrets-from, or as a parameter.")

    def fill(place: str, text: str, encode: _Encode) -> str:
        names = {secret.name for secret in request.secrets if secret.place == place}
        return _filled(text, {name: encode(secrets[name]) for name in names})

    encode_body = _as_json if dict(request.headers).get("content-type", "").endswith("json") else _in_address
    return replace(
        request,
        url=fill("url", request.url, _in_address),
        headers=tuple((name, fill(f"header {name}", text, _in_header)) for name, text in request.headers),
        body=None if request.body is None else fill("body", request.body, encode_body),
        user=fill("user", request.user, str),
    )


def hidden(text: str, secrets: Mapping[str, str]) -> str:
    """Return text without any of the secrets, however they were written on their way."""
    for secret in sorted(secrets.values(), key=len, reverse=True):
        if len(secret) >= 4:
            for form in {secret, _in_address(secret), _as_json(secret)}:
                text = text.replace(form, HIDDEN)
    return text


def basic(user: str) -> str:
    """Return the value of an Authorization header for `name:password` (RFC 7617)."""
    return f"Basic {base64.b64encode(user.encode()).decode()}"


def _filled(text: str, values: Mapping[str, str]) -> str:
    def value(found: "re.Match[str]") -> str:
        return values.get(hole_name(next(filter(None, found.groups()))), found[0])

    return HOLE.sub(value, text)


def _in_address(text: str) -> str:
    return quote(text, safe="")


def _as_json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _in_header(text: str) -> str:
    return re.sub(r"[\r\n\x00]", "", text).strip()

"""Addresses as `curl` takes them: absolute or without a scheme, with holes, and never with a password."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from bot.operations.refusal import LineRefused
from bot.operations.words import Word

HOLE = re.compile(r"\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)|<([A-Za-z][\w-]*)>|\[([a-z]{2,}(?:[-_][a-z]+)+)\]", re.ASCII)
"""A hole as `words` leaves it in a text."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_REST = re.compile(r"([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#.*)?", re.DOTALL)
_HOST = re.compile(r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252}[A-Za-z0-9_.])?|\[[0-9A-Fa-f:.]{2,45}\])(?::(\d{1,5}))?")
_KEPT = "!$%&'()*+,-./:;=?@_~"


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an absolute address; `host` may hold a port, `path` starts with a slash, `query` is unencoded."""

    scheme: str
    host: str
    path: str
    query: str

    def __str__(self) -> str:
        """Return the address as it is sent, but for its holes."""
        asked = f"?{self.query}" if self.query else ""
        return f"{self.scheme}://{self.host}{encoded(self.path + asked, _KEPT)}"


def read_address(line: str, word: Word) -> Address:
    """Return the parts of an address. Raises LineRefused."""
    text = word.text.strip()
    scheme = _SCHEME.match(text)
    name = scheme[1].lower() if scheme else "http"
    if name not in ("http", "https"):
        raise LineRefused(line, word.column, f"{name}://", "only http and https are asked", "write https://HOST/PATH")
    rest = _REST.fullmatch(text[scheme.end() :] if scheme else text)
    host, path, query = (rest[1], rest[2] or "/", rest[3] or "") if rest else ("", "", "")
    if "@" in host:
        reason = "a name and password do not belong in an address"
        raise LineRefused(line, word.column, "", reason, "write -u '$USER:$PASSWORD', filled from the target")
    if not path.startswith("/") or not _is_host(host):
        raise LineRefused(line, word.column, text, "this is no address of a web page", "write https://HOST/PATH")
    if any(ord(char) < 32 or ord(char) == 127 for char in path + query):
        raise LineRefused(line, word.column, text, "a control character is in the address", "leave it out")
    return Address(name, host if HOLE.search(host) else host.lower(), path, query)


def _is_host(host: str) -> bool:
    """Tell a name or an address with or without a port; a hole is as good as a name."""
    plain = _HOST.fullmatch(HOLE.sub("h", host))
    return plain is not None and (plain[1] is None or 0 < int(plain[1]) < 65536)


def encoded(text: str, kept: str = "-._~") -> str:
    """Return text with what an address cannot hold written as %XX; holes stay as they are."""
    pieces, at = [], 0
    for hole in HOLE.finditer(text):
        pieces += [quote(text[at : hole.start()], safe=kept), hole[0]]
        at = hole.end()
    return "".join([*pieces, quote(text[at:], safe=kept)])

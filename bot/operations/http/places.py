"""Hosts that are somewhere else than their names say, for networks where a name leads to two places, and for tests."""

import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.operations.http.hosts import is_listed, may_connect

_HOST = re.compile(r"(?:\*\.)?[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?(?::\d{1,5})?", re.ASCII)
_PLACE = re.compile(r"(?P<plain>http://)?(?P<address>[0-9.]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>\d{1,5}))?", re.ASCII)
_PORTS = range(1, 65536)
_EXAMPLE = "as in api.example.com=10.0.0.7:8443"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a host is: an IP address, another port if any, and `plain` where TLS ends before it."""

    address: str
    port: int | None = None
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """How a host is reached: checked addresses, the port there, and `plain` where it is spoken to without TLS."""

    addresses: Sequence[str]
    port: int
    plain: bool = False


def read_places(text: str) -> Mapping[str, Place]:
    """Read `HOST=ADDRESS[:PORT], …` with names, `*.suffix` or `name:port` for hosts.

    `http://` before an address says that TLS ends before it, as in a service mesh. Raises ValueError that says which
    part is wrong, by its number or its host and never by what is behind the equals sign.
    """
    places: dict[str, Place] = {}
    parts = [piece.strip() for piece in text.split(",")]
    for number, part in enumerate(filter(None, parts), 1):
        host, _, where = part.partition("=")
        if not _HOST.fullmatch(host.strip()):
            raise ValueError(f"part {number} has no host before an equals sign, {_EXAMPLE}")
        places[host.strip().lower()] = _place(host.strip(), where.strip())
    return places


def way_to(host: str, port: int, places: Mapping[str, Place]) -> Way | None:
    """Return the way to a host that has a place of its own; the first that fits counts."""
    for entry, place in places.items():
        if is_listed(host, port, [entry]):
            return Way([place.address], place.port or port, place.plain)
    return None


def _place(host: str, where: str) -> Place:
    found = _PLACE.fullmatch(where)
    port = int(found["port"]) if found and found["port"] else None
    if found is None or (port is not None and port not in _PORTS):
        raise ValueError(f"behind {host[:100]}= there is no IP address, {_EXAMPLE}")
    address = found["address"].strip("[]")
    try:
        ipaddress.ip_address(address)
    except ValueError:
        raise ValueError(f"behind {host[:100]}= there is no IP address, {_EXAMPLE}") from None
    if not may_connect(address, private=True):
        raise ValueError(f"behind {host[:100]}= there is an address that is never asked")
    return Place(address, port, plain=found["plain"] is not None)

"""Which hosts may be asked, and which addresses: a name is looked up once, checked, and that address is used."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence

from bot.errors import TargetRefused, TargetUnreachable

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Takes a host and a port, returns its addresses; raises OSError when it has none."""

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# Where clouds answer questions about the machine itself, credentials among them; the link-local ones are all refused.
_METADATA = frozenset(map(ipaddress.ip_address, ("100.100.100.200", "192.0.0.192", "fd00:ec2::254", "168.63.129.16")))
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: the last four bytes are an IPv4 address


async def look_up(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host by the machine's resolver. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_listed(host: str, port: int, hosts: Sequence[str]) -> bool:
    """Tell whether a host is among `hosts`: exactly, below a `*.suffix`, with any port unless the entry names one."""
    name = host.lower().rstrip(".")
    for entry in hosts:
        listed, colon, wanted = entry.lower().rpartition(":") if _has_port(entry) else (entry.lower(), "", "")
        if colon and wanted != str(port):
            continue
        listed = listed.strip("[]").rstrip(".")
        if name == listed or (listed.startswith("*.") and name.endswith(listed[1:]) and name != listed[2:]):
            return True
    return False


async def addresses(host: str, port: int, resolve: Resolve, *, private: bool) -> Sequence[str]:
    """Return the addresses of a host that may be connected to.

    Raises TargetUnreachable when its name is not known, TargetRefused when one of its addresses is not to be asked.
    """
    try:
        found = await resolve(host, port)
    except (OSError, UnicodeError):
        found = ()
    if not found:
        raise TargetUnreachable(f"{host} is not known: its name has no address.")
    for text in found:
        if not may_connect(text, private=private):
            kind = "an address that is never asked" if private else "a private address"
            more = "" if private else ", and the platform's target does not say `private: true`"
            raise TargetRefused(f"{host} leads to {kind}{more}.")
    return found


def may_connect(text: str, *, private: bool) -> bool:
    """Tell whether an address may be connected to: a public one, or with `private` any but those of a cloud's machine.

    An IPv4 address within an IPv6 one counts as what it is.
    """
    try:
        address = _within(ipaddress.ip_address(text.partition("%")[0]))
    except ValueError:
        return False
    if address in _METADATA or address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    return private or address.is_global


def _within(address: _Address) -> _Address:
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return ipaddress.IPv4Address(address.packed[-4:])
        return address.ipv4_mapped or address.sixtofour or address
    return address


def _has_port(entry: str) -> bool:
    """Tell `host:80` and `[::1]:80` from `host` and `::1`."""
    return entry.count(":") == 1 or "]:" in entry

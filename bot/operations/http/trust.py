"""Which certificates are trusted."""

import ssl
from functools import cache

import certifi


@cache
def trusting() -> ssl.SSLContext:
    """Return the machine's trust and that of certifi, since a small container has none of its own.

    The first call takes some 30 ms.
    """
    tls = ssl.create_default_context()
    tls.load_verify_locations(certifi.where())
    return tls

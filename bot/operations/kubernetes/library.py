"""The official client's library: loaded by one thread, however many ask for it first.

Its modules import each other in circles. Two threads that begin at different places of one would wait for each other,
and Python ends one of them with a deadlock of its import locks, in the middle of whatever it was doing.
"""

import importlib
import threading

_LOADING = threading.Lock()
_MODULES = (
    "kubernetes.client.api_client",
    "kubernetes.client.configuration",
    "kubernetes.client.exceptions",
    "kubernetes.config",
    "kubernetes.stream",
)
"""All that is used of it."""


def load() -> None:
    """Import what is used of the library; takes tenths of a second the first time, so call it in a thread."""
    with _LOADING:
        for name in _MODULES:
            importlib.import_module(name)

"""A cluster that is already running and may be used for tests."""

import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

USERS = ("admin", "bot")


class NotForTestsError(Exception):
    """The kubeconfig is not one of a cluster that was started for tests."""


def given(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return the kubeconfig that the environment names, if it is of a cluster for tests.

    `KUBECONFIG` often names somebody's real cluster: it counts only when it is plainly one of ours, on loopback and
    with our two users. `OPSROOM_TEST_KUBECONFIG` is meant for us: one that is not of ours raises NotForTestsError.
    """
    meant = environment.get("OPSROOM_TEST_KUBECONFIG")
    if meant:
        fault = _fault(Path(meant))
        if fault:
            raise NotForTestsError(f"OPSROOM_TEST_KUBECONFIG={meant}: {fault}; `python -m tests.cluster` starts one.")
        return Path(meant)
    found = environment.get("KUBECONFIG")
    return Path(found) if found and not _fault(Path(found)) else None


def _fault(path: Path) -> str:
    """Return why this is no kubeconfig of a cluster for tests; "" when it is."""
    try:
        known: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        servers = [urlsplit(cluster["cluster"]["server"]).hostname or "" for cluster in known["clusters"]]
        users = {context["name"] for context in known["contexts"]}
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError) as error:
        return f"it cannot be read as a kubeconfig ({type(error).__name__})"
    if not all(map(_is_loopback, servers)):
        return "its cluster is not on this machine"
    return "" if users >= set(USERS) else "it has no contexts `admin` and `bot`"


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

"""Who may look at what is restricted."""

from collections.abc import Iterable

from bot.access.roles import Rights, Role
from bot.runbooks.platform import Platform
from bot.runbooks.probes import Probe

LEAST = Role.OPERATOR
"""The role from which on people see answers with personal data."""


def require_rights(rights: Rights, platform: Platform, probes: Iterable[Probe]) -> None:
    """Raise NotAllowed when one of the probes is restricted, and the person's role does not reach that far."""
    if any(probe.restricted for probe in probes):
        rights.require(LEAST, platform.name)

"""Scenes to read words in: a person with roles, in a place."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.access.roles import Rights, Role
from bot.runbooks.loader import load_platforms
from bot.store.grants import EVERYWHERE, Grant
from bot.store.incidents import Incident
from bot.verbs.scene import Scene
from tests.world import RUNBOOKS

PLATFORMS = load_platforms(RUNBOOKS)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def rights(roles: Mapping[str, str]) -> Rights:
    """Return the rights of somebody who has these roles, by platform."""
    return Rights("U1", [Grant("U1", platform, role, "the tests", NOON) for platform, role in roles.items()])


def scene(
    roles: Mapping[str, str] | None = None,
    *,
    needs: Role = Role.RESPONDER,
    platform: str | None = None,
    incident: Incident | None = None,
    choices: tuple[Incident, ...] = (),
) -> Scene:
    """Return a scene; without roles the person is an operator everywhere."""
    who = rights({EVERYWHERE: "operator"} if roles is None else roles)
    return Scene(PLATFORMS, who, needs, incident, platform, choices)


def incident(number: int = 12, title: str = "checkout returns 500") -> Incident:
    """Return an open incident."""
    return Incident(number, f"command:{number}", "social-live", "1", 0, title, title, "declared", "U1", NOON, "C1")

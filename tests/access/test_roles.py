"""Roles: what contains what, on which platform."""

import itertools

import pytest

from bot.access.roles import Role
from bot.errors import NotAllowed
from bot.store.grants import EVERYWHERE
from tests.verbs.scenes import rights


def test_a_role_contains_those_before_it() -> None:
    names = ["nobody", "viewer", "responder", "operator", "approver", "admin"]
    assert [role.name.lower() for role in sorted(Role)] == names
    for lower, higher in itertools.combinations([name for name in names if name != "nobody"], 2):
        rights({"linkist": higher}).require(Role[lower.upper()], "linkist")
        with pytest.raises(NotAllowed):
            rights({"linkist": lower}).require(Role[higher.upper()], "linkist")


def test_the_higher_of_two_grants_counts() -> None:
    assert rights({EVERYWHERE: "viewer", "linkist": "approver"}).on("linkist") is Role.APPROVER
    assert rights({EVERYWHERE: "approver", "linkist": "viewer"}).on("linkist") is Role.APPROVER
    assert rights({"linkist": "approver"}).on("zephyr") is Role.NOBODY


@pytest.mark.parametrize(
    ("roles", "platform", "sentence"),
    [
        ({}, None, "This needs an operator, and you have no role yet. Ask an Opsroom admin for that role."),
        (
            {"zephyr": "admin"},
            "linkist",
            "This needs an operator on linkist, and you have no role there yet. Ask an Opsroom admin for that role.",
        ),
        (
            {EVERYWHERE: "responder"},
            "linkist",
            "This needs an operator on linkist, and you are a responder there. Ask an Opsroom admin for that role.",
        ),
        (
            {EVERYWHERE: "viewer"},
            None,
            "This needs an operator, and you are a viewer. Ask an Opsroom admin for that role.",
        ),
    ],
)
def test_a_refusal_says_what_is_needed_what_one_has_and_whom_to_ask(
    roles: dict[str, str], platform: str | None, sentence: str
) -> None:
    with pytest.raises(NotAllowed) as refused:
        rights(roles).require(Role.OPERATOR, platform)
    assert str(refused.value) == sentence


def test_reach_is_where_one_has_the_role() -> None:
    everywhere = ("linkist", "social-live", "zephyr")
    mixed = rights({"linkist": "viewer", "zephyr": "responder"})
    assert mixed.reach(Role.VIEWER, everywhere) == ("linkist", "zephyr")
    assert mixed.reach(Role.RESPONDER, everywhere) == ("zephyr",)
    assert mixed.reach(Role.NOBODY, everywhere) == everywhere
    assert rights({EVERYWHERE: "admin"}).reach(Role.ADMIN, everywhere) == everywhere


def test_own_platforms_are_those_granted_by_name() -> None:
    assert rights({EVERYWHERE: "admin", "zephyr": "viewer"}).own_platforms == ("zephyr",)
    assert rights({EVERYWHERE: "admin"}).highest is Role.ADMIN
    assert rights({}).highest is Role.NOBODY


def test_a_role_is_said_with_its_article() -> None:
    assert [role.title for role in (Role.VIEWER, Role.OPERATOR, Role.ADMIN)] == ["a viewer", "an operator", "an admin"]

"""The table of methods: complete, and the only source of error codes."""

from __future__ import annotations

import ast
import inspect
from types import FunctionType

import pytest

from sandbox.slack import Fault, Workspace
from sandbox.slack.api import METHODS, dispatch
from sandbox.slack.api.dispatch import UnlistedErrorCodeError
from sandbox.slack.api.handler import Handler
from sandbox.slack.faults import Faults
from sandbox.slack.limits import PER_MINUTE
from sandbox.slack.methods import method_table
from sandbox.slack.refusals import Json, SlackError


def test_every_method_in_the_table_has_a_handler_and_the_other_way_round() -> None:
    assert set(method_table()) == set(METHODS)


def test_every_tier_has_a_pace() -> None:
    assert {method.tier for method in method_table().values()} <= set(PER_MINUTE)


def codes_raised_in(function: Handler) -> set[str]:
    assert isinstance(function, FunctionType)
    tree = ast.parse(inspect.getsource(function))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    named = [node for node in calls if isinstance(node.func, ast.Name) and node.func.id == "SlackError"]
    return {node.args[0].value for node in named if isinstance(node.args[0], ast.Constant)}  # type: ignore[misc]


@pytest.mark.parametrize("name", sorted(METHODS))
def test_what_a_handler_raises_is_among_the_codes_of_its_method(name: str) -> None:
    assert codes_raised_in(METHODS[name]) <= method_table()[name].errors


def broken(_workspace: Workspace, _args: Json) -> Json:
    raise SlackError("made_up")


def test_a_code_that_a_method_does_not_have_never_leaves_the_workspace(monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace(manifest={"display_information": {"name": "Probe"}})
    monkeypatch.setattr(dispatch, "METHODS", {**METHODS, "auth.test": broken})
    with pytest.raises(UnlistedErrorCodeError, match=r"auth\.test has no error made_up"):
        dispatch.work(workspace, "auth.test", {}, workspace.secrets.bot_token)


def test_a_fault_cannot_invent_a_code() -> None:
    with pytest.raises(ValueError, match="has no error not_in_channel"):
        Faults().add(Fault("auth.test", "error", error="not_in_channel"))

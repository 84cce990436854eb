"""Everything that Slack takes is taken, each block on its surfaces and nowhere else."""

import warnings
from typing import Any

import pytest
from slack_sdk.models import blocks as sdk

from sandbox.slack.blockkit import validate_message, validate_view
from tests.sandbox.blockkit import samples

SURFACES: dict[str, Any] = {
    "message": lambda *blocks: validate_message(samples.message(*blocks)),
    "modal": lambda *blocks: validate_view(samples.modal(*blocks)),
    "home": lambda *blocks: validate_view(samples.home(*blocks)),
}


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("name", samples.BLOCKS)
def test_a_block_stands_on_its_surfaces_and_nowhere_else(name: str, surface: str) -> None:
    block, surfaces = samples.BLOCKS[name]
    found = SURFACES[surface](block)
    expected = [] if surface in surfaces else [("blocks[0].type", "surface")]
    assert [(problem.path, problem.rule) for problem in found] == expected


@pytest.mark.parametrize("name", samples.ELEMENTS)
def test_every_element_can_be_asked_for_in_a_modal_or_pressed_there(name: str) -> None:
    pressed = name in {"button", "overflow", "workflow_button"}
    element = samples.ELEMENTS[name]
    block = samples.actions(element) if pressed else samples.ask(element)
    assert SURFACES["modal"](block) == []


MODAL_ONLY = {"number_input", "email_text_input", "url_text_input", "file_input"}


@pytest.mark.parametrize("name", sorted(MODAL_ONLY))
def test_some_inputs_live_in_modals_alone(name: str) -> None:
    found = SURFACES["message"](samples.ask(samples.ELEMENTS[name]))
    assert [(problem.path, problem.rule) for problem in found] == [("blocks[0].element.type", "surface")]


@pytest.mark.parametrize("name", samples.BLOCKS)
def test_slack_sdk_reads_the_examples_the_same_way(name: str) -> None:
    block, _ = samples.BLOCKS[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        parsed = sdk.Block.parse(block)
    assert parsed is not None
    assert parsed.to_dict() == block


def types_in_slack_sdk(base: type) -> set[str]:
    kinds = [kind for kind in vars(sdk).values() if isinstance(kind, type) and issubclass(kind, base)]
    names = [getattr(kind, "type", None) for kind in kinds]
    return {name for name in names if isinstance(name, str)}


def test_every_block_of_slack_sdk_is_known_or_left_out_on_purpose() -> None:
    assert types_in_slack_sdk(sdk.Block) - set(samples.BLOCKS) == {"call", "auth_provider"}


def test_every_element_of_slack_sdk_is_known() -> None:
    known = set(samples.ELEMENTS) | {"feedback_buttons", "icon_button"}
    assert types_in_slack_sdk(sdk.InteractiveElement) <= known


GOOD_MESSAGES: dict[str, samples.Json] = {
    "text alone": {"text": "Hello"},
    "blocks alone": {"blocks": [samples.section()]},
    "cleared blocks": {"text": "Hello", "blocks": []},
    "nulls as slack_sdk may send them": {
        "text": "Hello",
        "blocks": None,
        "attachments": None,
        "metadata": None,
    },
    "markdown_text": {"markdown_text": "# Hello"},
    "a coloured attachment": {"attachments": [{"color": "#dd0000", "blocks": [samples.section()]}]},
    "a legacy attachment": {
        "attachments": [{"text": "Hello", "fields": [{"title": "a", "value": "b", "short": True}]}]
    },
    "metadata": {
        "text": "Hello",
        "metadata": {
            "event_type": "task_created",
            "event_payload": {"id": 1, "ok": True, "by": {"user": "U1"}, "all": [{"n": 1}, {"n": 2.5}]},
        },
    },
    "a deletion": {"delete_original": True},
    "the same action in two blocks": samples.message(
        samples.actions(samples.button()), samples.actions(samples.button())
    ),
    "buttons in a container": samples.message(samples.container(child_blocks=[samples.actions(samples.button())])),
}


@pytest.mark.parametrize("name", GOOD_MESSAGES)
def test_a_good_message_is_taken(name: str) -> None:
    assert validate_message(GOOD_MESSAGES[name]) == []


GOOD_VIEWS: dict[str, samples.Json] = {
    "a modal without input needs no submit": {
        "type": "modal",
        "title": samples.plain(),
        "blocks": [samples.section()],
    },
    "everything a modal may have": samples.modal(
        samples.section(),
        close=samples.plain("Back"),
        private_metadata="",
        callback_id="declare",
        external_id="x",
        clear_on_close=True,
        notify_on_close=False,
    ),
    "everything a home may have": samples.home(samples.section(), private_metadata="{}", callback_id="home"),
}


@pytest.mark.parametrize("name", GOOD_VIEWS)
def test_a_good_view_is_taken(name: str) -> None:
    assert validate_view(GOOD_VIEWS[name]) == []

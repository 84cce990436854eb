"""Forms as modals, and what people filled into them."""

import json
from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import (
    InputBlock,
    InputInteractiveElement,
    Option,
    PlainTextInputElement,
    SectionBlock,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.slack.views.text import OPTION, SECTION, TITLE, fit, plain
from bot.verbs.replies import Field, FieldKind, Form

CALLBACK = "form"
_KEPT = 200
"""Of Slack's 3,000 characters of private metadata, what an argument that is not shown may use: a value of a form."""

_NOTE_PARTS = 10
_GIVEN = " of "
"""Between a field's name and what its choices depend on: under another block id Slack forgets what was chosen."""


def modal(form: Form) -> View:
    """Return the modal for a form."""
    notes = [SectionBlock(text=plain(part, SECTION)) for note in form.notes for part in _parts(note)]
    kept = {name: value[:_KEPT] for name, value in form.kept.items()}
    return View(
        type="modal",
        callback_id=CALLBACK,
        title=plain(form.title, TITLE),
        submit=plain(form.submit, TITLE),
        close=plain("Cancel", TITLE),
        private_metadata=json.dumps({"path": form.path, "place": dict(form.place), "kept": kept}, ensure_ascii=False),
        blocks=[*notes, *(_block(field) for field in form.fields)],
    )


def _parts(note: str) -> list[str]:
    """Cut a long note into sections: it may hold the end of a text that did not fit into its field."""
    parts = [note[start : start + SECTION] for start in range(0, len(note), SECTION)]
    return [part for part in parts if part.strip()][:_NOTE_PARTS]


def _block(field: Field) -> InputBlock:
    return InputBlock(
        block_id=f"{field.name}{_GIVEN}{field.given}"[:255] if field.given else field.name,
        label=plain(field.label, 2000),
        hint=plain(field.hint, 2000) if field.hint else None,
        element=_element(field),
        optional=field.optional,
        dispatch_action=field.refreshes or None,
    )


def _element(field: Field) -> InputInteractiveElement:
    if field.kind is FieldKind.CHOICE:
        options = {choice.value: _option(choice.value, choice.label, choice.description) for choice in field.choices}
        return StaticSelectElement(
            action_id=field.name,
            placeholder=plain(f"Choose the {field.label.lower()}", 150),
            options=list(options.values())[:100],
            initial_option=options.get(field.value),
        )
    return PlainTextInputElement(
        action_id=field.name,
        multiline=field.kind is FieldKind.PARAGRAPH,
        initial_value=field.value[: field.max_length] or None,
        max_length=min(field.max_length, 3000),
    )


def _option(value: str, label: str, description: str) -> Option:
    return Option(
        value=value, text=plain(label, OPTION), description=plain(description, OPTION) if description else None
    )


def filled_in(view: Mapping[str, Any]) -> tuple[str, dict[str, str], dict[str, str]]:
    """Return a modal's verb, where its request came from, and its values, those that were not shown included."""
    kept = json.loads(view["private_metadata"])
    values = dict(kept["kept"])
    for elements in view["state"]["values"].values():
        for name, element in elements.items():
            values[name] = _value(element)
    return kept["path"], kept["place"], {name: value for name, value in values.items() if value}


def _value(element: Mapping[str, Any]) -> str:
    chosen = element.get("selected_option")
    return str(chosen["value"] if chosen else element.get("value") or "")


def shown(view: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields that a modal shows: their block ids by argument."""
    blocks = (block for block in view["blocks"] if block["type"] == "input")
    return {block["element"]["action_id"]: block["block_id"] for block in blocks}


def errors(problems: Mapping[str, str], view: Mapping[str, Any]) -> dict[str, str]:
    """Return errors beside the fields that a modal shows; those of anything else go to the first field."""
    fields = shown(view)
    first = next(iter(fields.values()))
    sentences: dict[str, list[str]] = {}
    for name, text in problems.items():
        sentences.setdefault(fields.get(name, first), []).append(text)
    return {block: fit("\n".join(texts), 2000) for block, texts in sentences.items()}

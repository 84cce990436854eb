"""What is shown before anything is asked for: revisions, actions, switches; and the dialogs of buttons."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.remediation.nouns import ActionList, GlassBroken, Release, RollbackOffer, SwitchBoard
from bot.remediation.plan import Criterion
from bot.slack.views.buttons import pressed
from bot.slack.views.render import message_for
from bot.store.grants import EVERYWHERE
from bot.store.switches import DRY_RUN, READ_ONLY, Switch
from bot.verbs.replies import Button, Said
from sandbox.slack.blockkit import validate_message
from tests.slack.views.test_requests import PLATFORM, REQUEST, buttons, said

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
RUNNING = Release(42, ("r.example/app:v1.42",), NOW, timedelta(minutes=9), "deploy 42", running=True)
PROVEN = Release(41, ("r.example/app:v1.41",), NOW, timedelta(days=2), "deploy 41", proven=True)
OLDER = tuple(replace(PROVEN, number=number, proven=False) for number in range(40, 20, -1))
OFFER = RollbackOffer(PLATFORM, "backend", (RUNNING, PROVEN, *OLDER), 41, ())


def test_the_revisions_are_told_with_what_speaks_for_them() -> None:
    text = said(OFFER)
    assert "Go back to 41, which has proven itself." in text
    assert "*42* `r.example/app:v1.42` · ▶️ running" in text
    assert "*41* `r.example/app:v1.41` · 🟢 proven · 👉 proposed" in text
    assert "served for 2 days · deploy 41" in text
    assert "And 2 older." in text


def test_the_proposed_revision_comes_first_and_four_others_can_be_chosen() -> None:
    found = buttons(OFFER)
    assert list(found) == [f"Roll back to {number}" for number in (41, 40, 39, 38, 37)]
    assert found["Roll back to 41"]["value"] == '{"text": "zephyr backend 41"}'
    assert [label for label, element in found.items() if element.get("style") == "primary"] == ["Roll back to 41"]


def test_where_none_has_proven_itself_people_choose() -> None:
    offer = replace(OFFER, proposed=None)
    assert "No earlier revision has proven itself; choose one." in message_for(offer).text
    assert not any("style" in element for element in buttons(offer).values())


def test_the_first_revision_has_none_before_it() -> None:
    offer = replace(OFFER, releases=(RUNNING,), proposed=None)
    assert "There is no earlier revision to go back to." in message_for(offer).text
    assert buttons(offer) == {}


def test_criteria_are_met_or_not_or_nobody_can_tell() -> None:
    criteria = (
        Criterion("Errors", True, "14%"),
        Criterion("Health", False, "200"),
        Criterion("Bug", None, "ask people"),
    )
    text = said(replace(OFFER, criteria=criteria))
    assert "✅ met · Errors: 14%" in text
    assert "❌ not met · Health: 200" in text
    assert "❔ nobody can tell · Bug: ask people" in text


def test_the_way_back_of_the_schema_is_asked_for_by_itself() -> None:
    offer = replace(OFFER, migrations=("roll-back-migration",))
    button = buttons(offer)[f"Ask for: {PLATFORM.actions['roll-back-migration'].title}"]
    assert button["action_id"].startswith("run:")
    assert button["value"] == '{"text": "zephyr roll-back-migration"}'


def test_of_a_long_image_the_end_is_shown() -> None:
    long = replace(PROVEN, images=("registry.example/" + "team/" * 100 + "app:v1.41",))
    assert "team/app:v1.41`" in said(replace(OFFER, releases=(RUNNING, long)))


def test_many_revisions_with_long_texts_fit() -> None:
    long = "Long <&> words " * 40
    releases = tuple(replace(RUNNING, number=n, images=(long,) * 9, cause=long, running=False) for n in range(200))
    criteria = (Criterion(long, None, long),) * 50
    offer = RollbackOffer(PLATFORM, "backend", releases, 7, criteria, tuple(PLATFORM.actions))
    assert validate_message(message_for(offer).payload()) == []


def test_actions_are_told_with_what_they_need() -> None:
    lines = said(ActionList(PLATFORM)).splitlines()
    runnable = [action for action in PLATFORM.actions.values() if action.run]
    assert lines[0] == f"*{len(runnable)} actions on Zephyr*"
    by_name = {action.name: line for action in runnable for line in lines if f" `{action.name}` " in line}
    assert list(by_name) == [action.name for action in runnable]
    assert by_name["roll-back-migration"].startswith("🔴")
    assert by_name["roll-back-migration"].endswith("2 approvals")
    assert by_name["restart-backend"].startswith("🟡")
    assert by_name["restart-backend"].endswith("1 approval")


def test_a_platform_without_actions_says_so() -> None:
    bare = PLATFORM.model_copy(update={"actions": {}})
    assert message_for(ActionList(bare)).text == "Zephyr has no actions that Opsroom can run."


def test_many_actions_with_long_titles_fit() -> None:
    [any_action] = [action for action in PLATFORM.actions.values() if action.name == "restart-backend"]
    long = any_action.model_copy(update={"title": "Long <&> words " * 40})
    crowded = PLATFORM.model_copy(update={"actions": {f"a{n}": long for n in range(200)}})
    payload = message_for(ActionList(crowded)).payload()
    assert validate_message(payload) == []
    assert "And 140 more." in str(payload["blocks"])


def test_switches_that_are_on_say_where_why_and_who() -> None:
    found = (
        Switch(READ_ONLY, EVERYWHERE, "Black Friday", "U1", NOW),
        Switch(DRY_RUN, "zephyr", "We practise", "U2", NOW),
    )
    lines = said(SwitchBoard(found, {EVERYWHERE: "Every platform", "zephyr": "Zephyr"})).splitlines()
    assert lines[0].startswith("🔒 *Every platform* is read-only: Black Friday · <@U1>")
    assert lines[1].startswith("🧪 *Zephyr* only rehearses its changes: We practise · <@U2>")


def test_nothing_is_switched_off() -> None:
    board = SwitchBoard((), {})
    assert message_for(board).text == "Nothing is switched off: changes can be asked for everywhere."


def test_a_broken_glass_is_told_to_all() -> None:
    text = message_for(GlassBroken(REQUEST, PLATFORM, "U9", "Nobody is awake")).text
    for part in ("<@U9>", "REQ-7", "Roll the backend back", "Zephyr", "Nobody is awake"):
        assert part in text


@pytest.mark.parametrize("confirm", ["", "Is that so? " * 100])
def test_a_dialog_asks_before_a_click_counts(confirm: str) -> None:
    button = Button("Take all of this back, please, at once", "request undo", "REQ-7", confirm=confirm)
    message = message_for(Said("Done.", (button,))).payload()
    assert validate_message(message) == []
    [element] = _elements(message)
    assert ("confirm" in element) is bool(confirm)
    assert pressed(element) == Button("", "request undo", "REQ-7")


def _elements(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [element for block in message["blocks"] if block["type"] == "actions" for element in block["elements"]]

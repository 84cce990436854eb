"""The message of a request: what it says in each state, who can press what, and what of it is there without blocks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.operations.effect import Effect
from bot.operations.line import read_line
from bot.remediation.nouns import RequestBoard, RequestEnded, RequestList, Task, TaskState, Watched
from bot.remediation.plan import Change, Criterion, Plan
from bot.remediation.policy import Policy
from bot.slack.views.render import message_for
from bot.store import decisions
from bot.store.decisions import APPROVED, BROKE_GLASS, Decision
from bot.store.requests import DENIED, DONE, FAILED, QUEUED, RUNNING, UNCLEAR, VOID, WAITING, WITHDRAWN, Request
from sandbox.slack.blockkit import UPDATE_TEXT_LIMIT, validate_message
from tests.slack.views.request_nouns import STATES
from tests.slack.views.texts import PLATFORMS

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LINE = "kubectl rollout undo deployment/backend --to-revision=41"
BACK = "kubectl rollout undo deployment/backend --to-revision=42"
CHANGE = Change(
    LINE,
    "cluster",
    Effect.WRITE,
    read_line(LINE).operation,
    before="app:v1.42",
    after="app:v1.41",
    reach="5 pods",
    undo=BACK,
    rehearsal="rolled back",
)
REQUEST = Request(
    number=7,
    platform="zephyr",
    action=None,
    title="Roll the backend back",
    given={},
    reason="Errors since v1.42",
    undoes=None,
    incident=None,
    channel="C1",
    message_ts=None,
    requested_by="U1",
    requested_at=NOW,
    plan=None,
    policy=None,
    expires_at=NOW + timedelta(minutes=30),
    state=WAITING,
    decided_at=None,
    ended_at=None,
    outcome=None,
    progress=None,
    notes=None,
    version=3,
)
PLATFORM = next(platform for platform in PLATFORMS if platform.name == "zephyr")
BOARD = RequestBoard(REQUEST, PLATFORM, Plan((CHANGE,)), Policy(2, 1800.0, ("leads",)))
TASKS = (
    Task(LINE, TaskState.DONE, "rolled back"),
    Task("Wait until it is through", TaskState.RUNNING, "2 of 5 pods"),
    Task("See whether it has worked"),
)


def board(state: str = WAITING, **changed: Any) -> RequestBoard:
    """Return the board of a request in that state."""
    return replace(BOARD, request=replace(REQUEST, state=state, **changed))


def said(noun: Any) -> str:
    """Return all that a message says in its blocks."""
    return "\n".join(_texts(message_for(noun).payload()["blocks"]))


def _texts(shown: Any) -> Iterator[str]:
    if isinstance(shown, dict):
        yield from (value for name, value in shown.items() if name == "text" and isinstance(value, str))
        shown = list(shown.values())
    if isinstance(shown, list):
        for part in shown:
            yield from _texts(part)


def blocks_of(noun: Any, kind: str) -> list[dict[str, Any]]:
    return [block for block in message_for(noun).payload()["blocks"] if block["type"] == kind]


def buttons(noun: Any) -> dict[str, dict[str, Any]]:
    """Return the buttons of a message by their labels."""
    found = [element for block in blocks_of(noun, "actions") for element in block["elements"]]
    return {element["text"]["text"]: element for element in found}


def test_what_waits_says_all_that_was_foreseen() -> None:
    text = said(replace(BOARD, plan=replace(BOARD.plan, criteria=(Criterion("Errors above 5%", True, "14%"),))))
    for part in (f"`{LINE}`", "*app:v1.42* → *app:v1.41*", "5 pods", f"Way back: `{BACK}`", "rolled back", "@leads"):
        assert part in text
    assert "✅ met · Errors above 5%: 14%" in text
    assert "Errors since v1.42" in text
    assert BOARD.plan.fingerprint in text
    assert "cannot be undone" not in text


def test_what_is_final_says_so() -> None:
    text = said(replace(BOARD, plan=Plan((replace(CHANGE, final=True, undo="Only a backup brings it back."),))))
    assert "*This cannot be undone.*" in text
    assert "Way back: Only a backup brings it back." in text


@pytest.mark.parametrize("unit", ["x", "&", "\N{FIRE}"])
def test_nobody_allows_a_command_of_which_they_see_only_a_part(unit: str) -> None:
    long = replace(CHANGE, line=f"DELETE FROM users WHERE name = '{unit * 2000}'")
    assert "longer than what is shown" in said(replace(BOARD, plan=Plan((long,))))
    assert "longer than what is shown" not in said(BOARD)


def test_what_one_sees_of_a_command_is_what_is_there() -> None:
    hidden = replace(CHANGE, line="DEL  `a`\N{RIGHT-TO-LEFT OVERRIDE}b\nc\N{ZERO WIDTH SPACE}d")
    assert "`DEL  'a'[U+202E]b⏎c[U+200B]d`" in said(replace(BOARD, plan=Plan((hidden,))))


@pytest.mark.parametrize(
    ("needed", "given", "words"),
    [(1, 0, "waiting for 1 approval"), (2, 0, "waiting for 2 of 2 approvals"), (2, 1, "waiting for 1 of 2 approvals")],
)
def test_it_says_how_many_approvals_are_missing(needed: int, given: int, words: str) -> None:
    decided = tuple(Decision(7, f"U{n}", APPROVED, None, NOW) for n in range(given))
    message = message_for(replace(BOARD, policy=Policy(needed, 60.0), decisions=decided))
    assert message.text.endswith(words)


def test_everything_can_be_decided_while_it_waits() -> None:
    found = buttons(BOARD)
    paths = {label: element["action_id"].partition(":")[0] for label, element in found.items()}
    assert paths == {
        "Approve": "request approve",
        "Deny": "request deny",
        "Withdraw": "request withdraw",
        "Break glass": "request break-glass",
    }
    assert {element["value"] for element in found.values()} == {'{"text": "REQ-7"}'}
    assert [found["Approve"]["style"], found["Deny"]["style"]] == ["primary", "danger"]
    assert not any("confirm" in element for element in found.values())


def test_what_needs_nobody_else_is_begun_by_whoever_asked() -> None:
    alone = replace(BOARD, policy=Policy(0, 60.0))
    assert "Go ahead" in buttons(alone)
    assert "Approve" not in buttons(alone)
    assert "waiting for <@U1> to go ahead" in message_for(alone).text


def test_what_destroys_something_asks_first() -> None:
    destroying = replace(BOARD, plan=Plan((replace(CHANGE, effect=Effect.DESTROY),)))
    found = buttons(destroying)
    assert "destroys something on Zephyr" in found["Approve"]["confirm"]["text"]["text"]
    assert [label for label, element in found.items() if "confirm" in element] == ["Approve"]


@pytest.mark.parametrize("state", [each for each in STATES if each != WAITING])
def test_nothing_can_be_decided_any_more(state: str) -> None:
    assert list(buttons(board(state))) == (["Withdraw"] if state == QUEUED else [])


def test_what_waits_for_its_target_says_for_whom() -> None:
    assert message_for(replace(board(QUEUED), ahead=5)).text.endswith("queued behind REQ-5")


def test_a_run_shows_its_tasks_in_cards_and_in_lines() -> None:
    running = board(RUNNING, progress=[task.as_json() for task in TASKS])
    [block] = blocks_of(running, "plan")
    assert block["title"] == "Step 2 of 3"
    assert [card["status"] for card in block["tasks"]] == ["complete", "in_progress", "pending"]
    assert message_for(running).text.splitlines()[1:] == [
        f"✅ {LINE}: rolled back",
        "⏳ Wait until it is through: 2 of 5 pods",
        "⬜ See whether it has worked",
    ]


def test_each_drawing_has_ids_of_its_own() -> None:
    progress = [task.as_json() for task in TASKS]
    drawn = [blocks_of(board(RUNNING, progress=progress, version=version), "plan")[0] for version in (3, 4)]
    ids = [{block["block_id"], *(card["block_id"] for card in block["tasks"])} for block in drawn]
    assert not ids[0] & ids[1]
    assert [card["task_id"] for card in drawn[0]["tasks"]] == [card["task_id"] for card in drawn[1]["tasks"]]


def test_of_many_tasks_those_are_shown_that_matter_now() -> None:
    many = [Task(f"Task {n}", TaskState.DONE if n < 60 else TaskState.PENDING).as_json() for n in range(100)]
    [block] = blocks_of(board(RUNNING, progress=many), "plan")
    assert block["title"] == "Step 61 of 100, here are 51 to 90"
    assert block["tasks"][10]["title"] == "Task 60"


@pytest.mark.parametrize(
    ("last", "title"),
    [
        (TaskState.DONE, "All is done"),
        (TaskState.FAILED, "Step 2 of 2 failed"),
        (TaskState.UNCLEAR, "Step 2 of 2 is unclear"),
    ],
)
def test_the_cards_say_what_became_of_the_run(last: TaskState, title: str) -> None:
    progress = [TASKS[0].as_json(), replace(TASKS[1], state=last).as_json()]
    assert blocks_of(board(RUNNING, progress=progress), "plan")[0]["title"] == title


def test_what_nobody_can_tell_is_loud_everywhere() -> None:
    progress = [replace(TASKS[1], state=TaskState.UNCLEAR).as_json()]
    unclear = board(UNCLEAR, outcome="The connection was cut.", progress=progress)
    loud = "Nobody can tell whether this was done. Look before you do anything."
    assert loud in said(unclear)
    assert loud in message_for(unclear).text
    assert blocks_of(unclear, "plan")[0]["tasks"][0]["status"] == "error"
    assert loud in message_for(RequestEnded(unclear.request, can_undo=False)).text


@pytest.mark.parametrize("state", [DONE, FAILED, UNCLEAR, VOID])
def test_how_it_ended_is_said(state: str) -> None:
    ended = board(state, outcome="This came of it.")
    assert "This came of it." in said(ended)
    assert "This came of it." in message_for(ended).text


@pytest.mark.parametrize("verdict", [DENIED, WITHDRAWN])
def test_who_closed_it_and_why_is_said_once(verdict: str) -> None:
    decided = (Decision(7, "U2", verdict, "Not on a Friday", NOW),)
    text = said(replace(board(verdict, outcome="Not on a Friday"), decisions=decided))
    assert text.count("Not on a Friday") == 1
    assert "<@U2>" in text
    assert "Nothing was changed." in text


def test_a_broken_glass_stays_visible() -> None:
    decided = (Decision(7, "U9", BROKE_GLASS, "Nobody is awake", NOW),)
    assert "🚨 <@U9> broke the glass" in said(replace(board(DONE), decisions=decided))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("count", [1, 12, 60, 200])
def test_a_request_of_any_size_fits(count: int, state: str) -> None:
    long = "Long <&> words " * 40
    change = replace(CHANGE, line=long, target=long, before=long, after=long, reach=long, undo=long, rehearsal=long)
    plan = Plan((change,) * count, (Criterion(long, None, long),) * count)
    progress = [Task(long, TaskState.UNCLEAR, long).as_json()] * count
    decided = tuple(Decision(7, "U12345678901", decisions.DENIED, long, NOW) for _ in range(count))
    request = replace(REQUEST, title=long, reason=long, outcome=long, state=state, progress=progress)
    payload = message_for(RequestBoard(request, PLATFORM, plan, Policy(2, 60.0, (long,) * 5), decided)).payload()
    assert validate_message(payload, text_limit=UPDATE_TEXT_LIMIT) == []


def test_a_list_says_of_each_request_how_far_it_is() -> None:
    queued = replace(board(QUEUED, number=8), ahead=7)
    lines = said(RequestList((BOARD, queued), "Zephyr")).splitlines()
    assert lines[0] == "*2 open requests on Zephyr*"
    assert "*REQ-7* Roll the backend back on Zephyr · waiting for 2 of 2 approvals · <@U1>" in lines[1]
    assert "queued behind REQ-7" in lines[2]


def test_an_empty_list_says_so() -> None:
    assert message_for(RequestList(())).text == "Nothing waits for anybody."


def test_a_long_list_fits() -> None:
    boards = (board(title="Long <&> words " * 40),) * 200
    payload = message_for(RequestList(boards, "Zephyr")).payload()
    assert validate_message(payload) == []
    assert "And 170 more." in str(payload["blocks"])


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("can_undo", [True, False])
def test_what_was_done_can_be_taken_back_where_there_is_a_way(state: str, can_undo: bool) -> None:
    found = buttons(RequestEnded(replace(REQUEST, state=state), can_undo))
    offered = can_undo and state in (DONE, FAILED, UNCLEAR)
    assert list(found) == (["Take it back"] if offered else [])
    if offered:
        assert found["Take it back"]["action_id"].startswith("request undo:")
        assert found["Take it back"]["value"] == '{"text": "REQ-7"}'
        assert "the way back of REQ-7" in found["Take it back"]["confirm"]["text"]["text"]


def test_a_look_afterwards_offers_the_way_back_when_it_is_not_well() -> None:
    well, ill = (
        Watched(REQUEST, minutes, "Errors: 1%.", fine, last=True) for minutes, fine in ((15, True), (5, False))
    )
    assert message_for(well).text == "✅ 15 minutes later all is well: Errors: 1%."
    assert message_for(ill).text == "⚠️ 5 minutes later something is wrong: Errors: 1%."
    assert [list(buttons(well)), list(buttons(ill))] == [[], ["Take it back"]]

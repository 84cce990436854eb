"""The tables of walkthroughs: begun once, and of two clicks at once one counts."""

from typing import Any

from bot.store import walkthroughs
from bot.store.database import Store
from bot.store.walkthroughs import DONE, OPEN, RUNNING, SKIPPED, Start, Step
from tests.store.rows import NOW, an_incident, later

STEPS = (
    Step(1, "diagnose", "probe", "pods", "Backend pods"),
    Step(2, "resolve", "human", "", "Check the status page of the payment provider"),
)


def begun(origin: str = "command:9", incident: int | None = None) -> Start:
    return Start(origin, "zephyr", "service-down", "Service down", incident, "C1", {"pod-name": "web-1"}, "U1", NOW)


async def test_a_walkthrough_begins_once_and_keeps_what_it_was_given(store: Store) -> None:
    incident = await an_incident(store)
    async with store.begin() as connection:
        first = await walkthroughs.start(connection, begun(incident=incident.number), STEPS)
        again = await walkthroughs.start(connection, begun(incident=incident.number), STEPS)
        other = await walkthroughs.start(connection, begun("command:10"), ())
        await walkthroughs.shown_at(connection, first.number, "1.5")
        found = await walkthroughs.by_number(connection, first.number)
    assert first == again
    assert first.steps == STEPS
    assert first.ref == f"WALK-{first.number}"
    assert first.given == {"pod-name": "web-1"}
    assert other.number != first.number
    assert found is not None
    assert (found.message_ts, found.incident) == ("1.5", incident.number)


async def test_a_step_changes_only_from_a_state_that_was_expected(store: Store) -> None:
    async with store.begin() as connection:
        number = (await walkthroughs.start(connection, begun(), STEPS)).number
        done: dict[str, Any] = {"state": DONE, "by": "U2", "at": later(5), "note": "it was red"}
        assert await walkthroughs.change(connection, number, 2, (OPEN,), **done)
        assert not await walkthroughs.change(connection, number, 2, (OPEN,), state=SKIPPED, by="U3")
        assert not await walkthroughs.change(connection, number, 9, (OPEN,), state=SKIPPED)
        assert await walkthroughs.change(connection, number, 1, (OPEN, DONE), state=RUNNING)
        found = await walkthroughs.by_number(connection, number)
    assert found is not None
    assert found.version == 2
    assert found.step(2) == Step(2, "resolve", "human", "", STEPS[1].title, DONE, "U2", later(5), note="it was red")
    assert [step.is_settled for step in found.steps] == [False, True]
    assert found.step(3) is None


async def test_what_has_ended_changes_no_more(store: Store) -> None:
    async with store.begin() as connection:
        number = (await walkthroughs.start(connection, begun(), STEPS)).number
        assert await walkthroughs.end(connection, number, "U2", later(60))
        assert not await walkthroughs.end(connection, number, "U3", later(61))
        assert not await walkthroughs.change(connection, number, 1, (OPEN,), state=DONE)
        found = await walkthroughs.by_number(connection, number)
        assert await walkthroughs.still_open(connection, ["zephyr"], 5) == []
        assert await walkthroughs.by_number(connection, number + 1) is None
    assert found is not None
    assert (found.ended_by, found.ended_at, found.version) == ("U2", later(60), 1)


async def test_open_ones_come_newest_first_and_of_the_platforms_asked_for(store: Store) -> None:
    async with store.begin() as connection:
        numbers = [(await walkthroughs.start(connection, begun(f"command:{n}"), ())).number for n in range(3)]
        found = await walkthroughs.still_open(connection, ["zephyr"], 2)
        assert await walkthroughs.still_open(connection, ["linkist"], 2) == []
    assert [one.number for one in found] == numbers[:0:-1]

"""The promises of the engine's port, kept by the twin in memory and by DBOS on both databases.

Starting and stopping DBOS takes a second, so that each test asks for several promises of one kind.
"""

import asyncio
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from bot.durable.engine import Engine, Json, StepFailed, Steps
from bot.durable.retry import Patience
from bot.errors import Conflict, OutcomeUnclear, SlackRefused, SlackUnavailable, StoreUnavailable
from tests.durable.houses import House, launched, until


class World:
    """An outside world that counts what is done to it."""

    def __init__(self, *faults: Exception) -> None:
        self.done: list[str] = []
        self.looks = 0
        self.faults = list(faults)

    async def do(self, deed: str = "deed") -> str:
        """Do it, or fail without having done it when a fault is left."""
        if self.faults:
            raise self.faults.pop(0)
        self.done.append(deed)
        return f"{deed} {len(self.done)}"

    async def do_and_lose(self) -> str:
        """Do it, and lose the answer while a fault is left."""
        self.done.append("deed")
        if self.faults:
            raise self.faults.pop(0)
        return "deed 1"

    async def look(self) -> str | None:
        self.looks += 1
        return "found" if self.done else None


def refused() -> SlackRefused:
    return SlackRefused("pins.add", "missing_scope", "needs pins:write")


async def test_a_workflow_runs_to_its_end(house: House) -> None:
    world = World()

    async def greet(steps: Steps, argument: Json) -> Json:
        first = await steps.step("first", world.do)
        both = await asyncio.gather(*(steps.step(n, partial(world.do, n)) for n in ("left", "right")))
        return {"id": steps.workflow_id, "argument": argument, "first": first, "both": sorted(both)}

    async with launched(house, "a", greet=greet) as engine:
        given: Any = {"text": "\x00 “é” \U0001f525", "n": [1, 2.5, None, True]}
        await engine.start("greet", "greet:1", given)
        outcome: Any = await engine.outcome("greet:1", 10)
        assert outcome["id"] == "greet:1"
        assert outcome["argument"] == given
        assert outcome["first"] == "deed 1"
        assert sorted(world.done) == ["deed", "left", "right"]
        assert await engine.owners() == set()


async def test_an_id_is_started_once_and_joined_afterwards(house: House) -> None:
    world, go = World(), asyncio.Event()

    async def wait(steps: Steps, _: Json) -> Json:
        await go.wait()
        return await steps.step("only", world.do)

    async def other(_steps: Steps, _: Json) -> Json:
        return None

    async with launched(house, "a", wait=wait, other=other) as engine:
        await asyncio.gather(*(engine.start("wait", "one", None) for _ in range(5)))
        await engine.start("wait", "one", "another argument")
        with pytest.raises(Conflict, match="one is "):
            await engine.start("other", "one", None)
        with pytest.raises(TimeoutError):
            await engine.outcome("one", 0.05)
        assert await engine.owners() == {"a"}
        go.set()
        assert await engine.outcome("one", 10) == "deed 1"
        await engine.start("wait", "one", None)
        assert await engine.outcome("one", 10) == "deed 1"
        assert world.done == ["deed"]


async def test_what_cannot_be_recorded_is_refused(house: House) -> None:
    async def tuples(steps: Steps, _: Json) -> Json:
        async def pair() -> Any:
            return (1, 2)

        async def thing() -> Any:
            return object()

        seen: list[Any] = [await steps.step("pair", pair)]
        try:
            await steps.step("thing", thing)
        except StepFailed as failed:
            seen.append(failed.code)
        try:
            await steps.step("pair", pair)
        except ValueError as error:
            seen.append(str(error))
        return seen

    async with launched(house, "a", tuples=tuples) as engine:
        await engine.start("tuples", "t", None)
        outcome: Any = await engine.outcome("t", 10)
        pair, code, twice = outcome
        assert pair == [1, 2]
        assert code == "fault"
        assert "Two steps of one workflow are called 'pair'" in twice
        with pytest.raises(TypeError, match="cannot be recorded"):
            await engine.start("tuples", "u", object())  # type: ignore[arg-type]


async def test_a_passing_error_is_met_with_patience(house: House) -> None:
    worlds = {
        "waits": World(SlackUnavailable("m", "429", retry_after=30.0), SlackUnavailable("m", "cut")),
        "gives up": World(*(SlackUnavailable("m", "cut") for _ in range(99))),
        "refused": World(refused(), refused()),
        "store": World(*(StoreUnavailable("The store is away.") for _ in range(200))),
    }

    async def work(steps: Steps, argument: Json) -> Json:
        patience = Patience(total=60.0, first=1.0, longest=10.0)
        return await steps.step("call", worlds[str(argument)].do, patience)

    async with launched(house, "a", work=work) as engine:
        for name in worlds:
            house.clock.slept.clear()
            await engine.start("work", name, name)
            if name in {"waits", "store"}:
                assert await engine.outcome(name, 20) == "deed 1"
            else:
                with pytest.raises(StepFailed) as caught:
                    await engine.outcome(name, 20)
            if name == "waits":
                assert house.clock.slept[0] == 30.0
                assert 1.6 <= house.clock.slept[1] <= 2.0
            if name == "gives up":
                assert (caught.value.name, caught.value.code) == ("call", "SlackUnavailable")
                assert str(caught.value) == "Slack did not answer m: cut."
                assert 40 < sum(house.clock.slept) <= 60
            if name == "refused":
                assert (caught.value.name, caught.value.code) == ("call", "missing_scope")
                assert str(caught.value) == "Slack refused pins.add: missing_scope (needs pins:write)."
                assert house.clock.slept == []


async def test_a_failed_step_does_not_end_the_others(house: House, caplog: pytest.LogCaptureFixture) -> None:
    world = World()

    async def broken() -> str:
        raise LookupError("nobody should read this")

    async def work(steps: Steps, _: Json) -> Json:
        pin = steps.step("pin", World(refused()).do)
        post = steps.effect("post", world.do, world.look)
        fault = steps.step("fault", broken)
        ends = await asyncio.gather(pin, post, fault, return_exceptions=True)
        return [str(end) for end in ends]

    async def fails(_steps: Steps, _: Json) -> Json:
        raise LookupError("a fault of our own")

    async with launched(house, "a", work=work, fails=fails) as engine:
        await engine.start("work", "w", None)
        assert await engine.outcome("w", 10) == [
            "Slack refused pins.add: missing_scope (needs pins:write).",
            "deed 1",
            "Opsroom made a mistake in 'fault' (LookupError); its log says more.",
        ]
        await engine.start("fails", "f", None)
        with pytest.raises(StepFailed, match="Opsroom made a mistake in 'fails'"):
            await engine.outcome("f", 10)
    assert "A fault in fault of w" in caplog.text


async def test_an_effect_looks_before_it_repeats(house: House) -> None:
    certain = World(SlackUnavailable("m", "refused connection"), SlackUnavailable("m", "429"))
    lost = World(OutcomeUnclear("m", "cut"))
    not_done = World(OutcomeUnclear("m", "cut"), OutcomeUnclear("m", "cut"))
    store = World(StoreUnavailable("away"))
    denied = World(refused())
    hopeless = World(*(OutcomeUnclear("m", "cut") for _ in range(99)))
    late = World(*(OutcomeUnclear("m", "cut") for _ in range(99)))
    short = Patience(total=3.0, first=1.0)

    async def work(steps: Steps, _: Json) -> Json:
        ends = [
            await steps.effect("certain", certain.do, certain.look),
            await steps.effect("lost", lost.do_and_lose, lost.look),
            await steps.effect("not done", not_done.do, not_done.look),
            await steps.effect("store", store.do_and_lose, store.look),
            await steps.effect("late", late.do_and_lose, late.look, Patience(total=0.0)),
        ]
        for name, world in (("denied", denied), ("hopeless", hopeless)):
            try:
                await steps.effect(name, world.do, world.look, short)
            except StepFailed as failed:
                ends.append(failed.code)
        return list(ends)

    async with launched(house, "a", work=work) as engine:
        await engine.start("work", "w", None)
        assert await engine.outcome("w", 10) == [
            "deed 1",
            "found",
            "deed 1",
            "found",
            "found",
            "missing_scope",
            "OutcomeUnclear",
        ]
    assert [certain.looks, lost.looks, not_done.looks, store.looks, late.looks] == [0, 1, 2, 1, 1]
    assert denied.looks == 0
    assert len(hopeless.done) == 0
    assert hopeless.looks >= 2


async def test_a_resumed_workflow_repeats_nothing_that_was_recorded(house: House) -> None:
    """The second chain's steps are reached in another order than the first time: names tell them apart."""
    world, go, reached = World(), asyncio.Event(), asyncio.Event()
    slow: dict[str, asyncio.Event] = {"x1": asyncio.Event(), "y1": asyncio.Event()}

    async def gated(name: str) -> str:
        if name in slow:
            await slow[name].wait()
        return await world.do(name)

    async def chain(steps: Steps, name: str) -> list[str]:
        seen = [await steps.effect(f"{name}{n}", partial(gated, f"{name}{n}"), world.look) for n in (1, 2)]
        if name == "x":
            reached.set()
        return seen

    async def work(steps: Steps, _: Json) -> Json:
        chains = await asyncio.gather(chain(steps, "x"), chain(steps, "y"), return_exceptions=True)
        refusal = None
        try:
            await steps.step("pin", World(refused()).do)
        except StepFailed as failed:
            refusal = [failed.name, failed.code, str(failed)]
        reached.set()
        await go.wait()
        return [*chains, refusal]

    async with launched(house, "a", work=work) as first:
        await first.start("work", "w", None)
        slow["y1"].set()
        await until(lambda: world.done == ["y1", "y2"])
        slow["x1"].set()
        await reached.wait()
        await until(lambda: len(world.done) == 4)
    assert world.done == ["y1", "y2", "x1", "x2"]

    async with launched(house, "b", work=work) as second:
        assert await second.owners() == {"a"}
        assert await second.adopt("nobody") == 0
        assert await second.adopt("a") == 1
        assert await second.adopt("a") == 0
        go.set()
        pin = ["pin", "missing_scope", "Slack refused pins.add: missing_scope (needs pins:write)."]
        assert await second.outcome("w", 20) == [["x1 3", "x2 4"], ["y1 1", "y2 2"], pin]
        assert await second.owners() == set()
    assert world.done == ["y1", "y2", "x1", "x2"]


async def test_a_crash_between_the_deed_and_its_record_is_looked_into(house: House) -> None:
    world, started = World(), asyncio.Event()

    async def do_and_stop() -> str:
        answer = await world.do()
        started.set()
        if len(world.done) == 1:
            await asyncio.Event().wait()
        return answer

    async def stop_first() -> str:
        started.set()
        if not second_life:
            await asyncio.Event().wait()
        return await empty.do()

    async def work(steps: Steps, argument: Json) -> Json:
        if argument == "after":
            return await steps.effect("post", do_and_stop, world.look)
        return await steps.effect("post", stop_first, empty.look)

    empty, second_life = World(), False
    for when, outcome in (("after", "found"), ("before", "deed 1")):
        started.clear()
        async with launched(house, f"first {when}", work=work) as first:
            await first.start("work", when, when)
            await started.wait()
        second_life = True
        async with launched(house, f"second {when}", work=work) as second:
            assert await second.adopt(f"first {when}") == 1
            assert await second.outcome(when, 20) == outcome
        second_life = False
    assert (len(world.done), world.looks) == (1, 1)
    assert (len(empty.done), empty.looks) == (1, 1)


async def test_a_newer_program_may_add_a_step(house: House) -> None:
    world, go = World(), asyncio.Event()

    async def older(steps: Steps, _: Json) -> Json:
        await steps.step("one", lambda: world.do("one"))
        await steps.step("three", lambda: world.do("three"))
        await go.wait()
        return None

    async def newer(steps: Steps, _: Json) -> Json:
        return [await steps.step(name, partial(world.do, name)) for name in ("zero", "one", "two", "three")]

    async with launched(house, "a", work=older) as first:
        await first.start("work", "w", None)
        await until(lambda: len(world.done) == 2)
        await asyncio.sleep(0.05)
    async with launched(house, "b", work=newer) as second:
        await second.adopt("a")
        assert await second.outcome("w", 20) == ["zero 3", "one 1", "two 4", "three 2"]


async def test_nothing_is_done_while_the_guard_holds_it_back(house: House) -> None:
    world, free = World(), asyncio.Event()

    async def guard() -> None:
        await free.wait()

    async def work(steps: Steps, _: Json) -> Json:
        return await steps.effect("post", world.do, world.look)

    async with launched(house, "a", guard, work=work) as engine:
        await engine.start("work", "w", None)
        with pytest.raises(TimeoutError):
            await engine.outcome("w", 0.1)
        assert world.done == []
        free.set()
        assert await engine.outcome("w", 10) == "deed 1"


async def test_a_workflow_may_start_another_from_a_step(house: House) -> None:
    engines: list[Engine] = []

    async def child(steps: Steps, argument: Json) -> Json:
        return [steps.workflow_id, argument]

    async def parent(steps: Steps, _: Json) -> Json:
        await steps.step("begin", partial(engines[0].start, "child", "child:1", 7))
        return "begun"

    async with launched(house, "a", child=child, parent=parent) as engine:
        engines.append(engine)
        await engine.start("parent", "parent:1", None)
        assert await engine.outcome("parent:1", 10) == "begun"
        assert await engine.outcome("child:1", 10) == ["child:1", 7]


async def test_what_ended_before_a_moment_is_forgotten_and_what_goes_on_is_not(house: House) -> None:
    go = asyncio.Event()

    async def quick(steps: Steps, argument: Json) -> Json:
        return argument

    async def slow(steps: Steps, argument: Json) -> Json:
        await steps.step("wait", partial(_done_when, go))
        return argument

    async with launched(house, "a", quick=quick, slow=slow) as engine:
        await engine.start("slow", "slow:1", None)
        await engine.start("quick", "quick:1", 1)
        assert await engine.outcome("quick:1", 10) == 1
        long_ago, later = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
        assert await engine.forget(long_ago) == 0
        assert await engine.forget(later) == 1
        assert await engine.forget(later) == 0
        await engine.start("quick", "quick:1", 2)
        assert await engine.outcome("quick:1", 10) == 2
        go.set()
        assert await engine.outcome("slow:1", 10) is None


async def _done_when(go: asyncio.Event) -> None:
    await go.wait()

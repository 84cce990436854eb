"""Probes asked all at once."""

import asyncio
import time
from typing import Any

import pytest

from bot.access.redaction import Redaction, redact
from bot.diagnosis.binding import missing_values
from bot.diagnosis.connected import ConnectedTargets
from bot.diagnosis.diagnosis import Diagnosis
from bot.diagnosis.finding import Finding, Level
from bot.diagnosis.memory import TargetsInMemory
from bot.diagnosis.ports import Reader
from bot.errors import TargetUnreachable
from bot.operations.backend import Limits
from bot.operations.line import Line, read_line
from bot.operations.operation import Operation
from bot.operations.output import Output
from bot.runbooks.platform import Platform
from bot.runbooks.probes import Probe
from tests.diagnosis.shop import TARGETS, probe, shop
from tests.diagnosis.test_targets import Scripted, nothing_set

PING, PODS, SIZE = "redis-cli PING", "kubectl get pods", "redis-cli DBSIZE"


async def diagnosed(targets: TargetsInMemory, *probes: Probe, **values: str) -> dict[str, Finding]:
    """Run the probes and return their findings by name, in the order in which they were returned."""
    given = {name.replace("_", "-"): value for name, value in values.items()}
    findings = await Diagnosis(Reader(targets)).run(shop(), probes, given)
    return {finding.probe: finding for finding in findings}


async def test_findings_come_back_worst_first() -> None:
    targets = TargetsInMemory(
        {PING: Output("PONG"), SIZE: Output("900"), PODS: TargetUnreachable("The cluster is away.")}
    )
    found = await diagnosed(
        targets, probe(PING, "ping"), probe(PODS, "pods"), probe(SIZE, "size", warning="> 500", target="cache")
    )
    assert [(name, each.level.word) for name, each in found.items()] == [
        ("size", "warning"), ("pods", "unknown"), ("ping", "ok"),
    ]  # fmt: skip
    assert found["pods"].sentence == "The cluster is away."
    assert [each.target for each in found.values()] == ["cache", "cluster", "cache"]
    assert found["pods"].output is None


class Broken:
    """A backend with a mistake in it."""

    async def run(self, operation: Operation, limits: Limits) -> Output:
        raise KeyError("password=hunter2hunter2")

    async def close(self) -> None:
        """Have nothing to close."""


async def test_a_mistake_in_one_backend_is_one_unknown_finding(caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.addFilter(Redaction())
    working = Scripted({read_line(PING).operation: Output("PONG")})
    targets = ConnectedTargets(nothing_set, redact, lambda _, target: Broken() if target.name == "cluster" else working)
    findings = await Diagnosis(Reader(targets)).run(shop(), [probe(PODS, "pods"), probe(PING, "ping")])
    await targets.close()
    assert [(found.probe, found.level) for found in findings] == [("pods", Level.UNKNOWN), ("ping", Level.OK)]
    assert findings[0].sentence == "Opsroom could not make sense of what cluster did (KeyError); its log says more."
    assert "A fault while cluster was asked for pods" in caplog.text
    assert "Traceback" in caplog.text
    assert "hunter2" not in caplog.text


async def test_the_same_line_is_carried_out_once() -> None:
    targets = TargetsInMemory({SIZE: Output("900")})
    found = await diagnosed(targets, probe(SIZE, "few", critical="< 1000"), probe(SIZE, "many", critical="> 500"))
    assert [each.level for each in found.values()] == [Level.CRITICAL, Level.CRITICAL]
    assert targets.asked == [SIZE]


async def test_findings_are_told_as_they_come() -> None:
    targets = TargetsInMemory({PING: Output("PONG"), PODS: None})
    told: list[tuple[str, bool]] = []
    running: asyncio.Task[tuple[Finding, ...]]

    async def hear(finding: Finding) -> None:
        told.append((finding.probe, running.done()))

    probes = [probe(PODS, "slow", **{"time-limit": "1s"}), probe(PING, "quick")]
    running = asyncio.ensure_future(Diagnosis(Reader(targets)).run(shop(), probes, on_finding=hear))
    await running
    assert told == [("quick", False), ("slow", False)]


async def test_no_answer_in_time_is_unknown_and_nobody_else_waits() -> None:
    targets = TargetsInMemory({PODS: None, PING: Output("PONG")})
    started = time.monotonic()
    found = await diagnosed(
        targets,
        probe(PODS, "short", **{"time-limit": "1s"}),
        probe(PODS, "shorter", **{"time-limit": "1s"}),
        probe(PING, "quick", **{"time-limit": "1s"}),
    )
    assert 1.0 <= time.monotonic() - started < 1.9
    assert found["short"].level is found["shorter"].level is Level.UNKNOWN
    assert found["short"].sentence == "There was no answer within 1 s."
    assert found["quick"].level is Level.OK
    assert found["quick"].seconds < 0.5


@pytest.mark.parametrize(
    ("run", "said", "seconds"),
    [
        (PING, {}, 7),
        (PING, {"time-limit": "3s"}, 3),
        ("SELECT 1", {}, 15),
        ("npm run health", {"effect": "read"}, 60),
        ("npm run health", {"effect": "read", "time-limit": "2m"}, 120),
    ],
)
async def test_a_probe_has_the_time_of_its_target_unless_it_says_so_itself(
    run: str, said: dict[str, Any], seconds: float
) -> None:
    backend = Scripted({})
    targets = ConnectedTargets(nothing_set, str, lambda platform, target: backend)
    platform = shop(targets={**TARGETS, "cache": {**TARGETS["cache"], "probe-time-limit": "7s"}})
    await Diagnosis(Reader(targets)).run(platform, [probe(run, **said)])
    assert backend.seconds == [pytest.approx(seconds, abs=0.9)]


@pytest.mark.parametrize(
    ("run", "said", "values", "sentence"),
    [
        (
            "kubectl logs <pod-name>", {"parameters": {"pod-name": {"title": "Pod"}}}, {},
            "This needs a value for pod-name (Pod).",
        ),
        ("kubectl logs <pod-name> -c <part>", {}, {}, "This needs a value for pod-name and part."),
        ("kubectl logs <pod-name>", {}, {"pod_name": "a b; rm"}, "is not a name"),
        ("kubectl delete pod web-1", {}, {}, "This changes something, and a diagnosis only looks; make it an action."),
        ("npm run health", {}, {}, "This changes something"),
        ("kubectl scale deployment/web --replicas=0", {"effect": "read"}, {}, "This changes something"),
        ("redis-cli FLUSHDB", {"effect": "read"}, {}, "This changes something"),
        (PING, {"effect": "write"}, {}, "This changes something"),
        (PING, {"target": "database"}, {}, "Shop has no redis target database."),
    ],
)  # fmt: skip
async def test_what_cannot_be_asked_is_unknown_and_not_done(
    run: str, said: dict[str, object], values: dict[str, str], sentence: str
) -> None:
    targets = TargetsInMemory({PING: Output("PONG")})
    found = await diagnosed(targets, probe(run, "bad", **said), probe(PING, "good"), **values)
    assert found["bad"].level is Level.UNKNOWN
    assert sentence in found["bad"].sentence
    assert found["good"].level is Level.OK
    assert targets.asked == [PING]


async def test_what_a_target_knows_is_asked_of_nobody() -> None:
    lines = ["telnet [db-host] 5432", 'curl https://shop.example.com/health -H "X-Token: $SHOP_TOKEN"']
    targets = TargetsInMemory({line: Output("open") for line in lines})
    asked = [probe(line, f"probe-{at}") for at, line in enumerate(lines)]
    assert missing_values(shop(), asked, {}) == {}
    found = await diagnosed(targets, *asked)
    assert {finding.level for finding in found.values()} == {Level.OK}
    assert sorted(targets.asked) == sorted(lines)
    elsewhere = {**TARGETS, "other": {"kind": "http", "hosts": ["other.example.com"]}}
    unfilled = probe(
        'curl https://other.example.com/ -H "X-Token: $SHOP_TOKEN"', parameters={"shop-token": {"title": "T"}}
    )
    assert missing_values(shop(targets=elsewhere), [unfilled], {}).keys() == {"shop-token"}


async def test_people_may_say_that_their_script_only_reads() -> None:
    targets = TargetsInMemory({"npm run health": Output("fine"), "kubectl exec web-1 -- df -h": Output("73%")})
    found = await diagnosed(
        targets,
        probe("npm run health", "script", effect="read"),
        probe("kubectl exec web-1 -- df -h", "disk", effect="read"),
    )
    assert [each.level for each in found.values()] == [Level.OK, Level.OK]


async def test_holes_are_filled_by_what_is_given_by_defaults_and_by_the_target() -> None:
    with_token = 'curl -H "Authorization: Bearer $SHOP_TOKEN" https://shop.example.com/x'
    targets = TargetsInMemory(
        {"kubectl logs web-1": Output("a"), "kubectl logs web-2": Output("b"), with_token: Output("c")}
    )
    pods = {"pod": {"title": "Pod", "default": "web-1"}}
    logs = probe("kubectl logs <pod>", "logs", parameters=pods)
    assert (await diagnosed(targets, logs))["logs"].value == "a"
    assert (await diagnosed(targets, logs, pod="web-2"))["logs"].value == "b"
    assert (await diagnosed(targets, probe(with_token, "web")))["web"].value == "c"


async def test_of_several_lines_the_worst_counts() -> None:
    targets = TargetsInMemory({PING: Output("PONG"), SIZE: Output("", code=1)})
    found = await diagnosed(targets, probe([PING, SIZE], "cache"))
    assert found["cache"].level is Level.CRITICAL


async def test_probes_for_people_are_left_out() -> None:
    person = Probe.model_validate({"title": "Look", "human": "Look at the dashboard."})
    assert await Diagnosis(Reader(TargetsInMemory({}))).run(shop(), [person]) == ()
    assert await Diagnosis(Reader(TargetsInMemory({}))).run(shop(), []) == ()


async def test_a_platform_without_targets_is_all_unknown() -> None:
    findings = await Diagnosis(Reader(TargetsInMemory({}))).run(shop(targets={}), [probe(PING)])
    assert findings[0].sentence == "Shop has no redis target."
    assert len(TARGETS) == 6


class Endless(TargetsInMemory):
    """Targets that never answer, and remember who is still waiting."""

    def __init__(self) -> None:
        super().__init__({})
        self.waiting = 0
        self.begun = asyncio.Event()

    async def run(self, platform: Platform, line: Line, target: str | None, limits: Limits) -> Output:
        self.waiting += 1
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.waiting -= 1
        return Output("")


async def test_being_cancelled_ends_everything() -> None:
    targets = Endless()
    running = asyncio.ensure_future(Diagnosis(Reader(targets)).run(shop(), [probe(PING), probe(PODS)]))
    await targets.begun.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert targets.waiting == 0

"""What is offered after a diagnosis."""

from bot.diagnosis.finding import Finding, Level
from bot.diagnosis.next_steps import fitting, next_steps
from bot.runbooks.procedures import Procedure
from tests.diagnosis.shop import probe, shop

SLOW = Procedure.model_validate(
    {
        "procedure": "slow",
        "title": "Slow",
        "diagnose": [{"probe": "latency"}, {"probe": "queue"}],
        "resolve": [
            {"action": "scale-up", "offer-when": ["queue is warning", "queue is critical"]},
            {"human": "Tell the others."},
            {"action": "roll-back", "offer-when": ["latency is critical"]},
            {"action": "flush", "offer-when": ["latency is unknown"]},
        ],
    }
)
FULL = Procedure.model_validate({"procedure": "full", "title": "Full", "diagnose": [{"probe": "queue"}]})


def found(**levels: Level) -> list[Finding]:
    return [Finding(name, name, level, "") for name, level in levels.items()]


def offered(**levels: Level) -> list[tuple[int, str]]:
    offers = next_steps(SLOW, found(**levels))
    return [(offer.position, offer.finding.probe if offer.finding else "") for offer in offers]


def test_steps_are_offered_when_a_finding_says_so_worst_first() -> None:
    both = offered(latency=Level.CRITICAL, queue=Level.WARNING)
    assert both == [(2, "latency"), (0, "queue"), (1, "")]
    assert offered(latency=Level.CRITICAL, queue=Level.CRITICAL) == [(0, "queue"), (2, "latency"), (1, "")]
    assert offered(latency=Level.UNKNOWN) == [(3, "latency"), (1, "")]
    assert offered(latency=Level.OK, queue=Level.OK) == [(1, "")]
    assert offered() == [(1, "")]


def test_procedures_fit_when_they_look_at_what_is_bad() -> None:
    probes = {name: probe("redis-cli PING", name) for name in ("latency", "queue")}
    platform = shop(procedures={"slow": SLOW, "full": FULL}, probes=probes)
    fits = fitting(platform, found(latency=Level.CRITICAL, queue=Level.WARNING))
    assert [(fit.procedure.name, len(fit.findings)) for fit in fits] == [("slow", 2), ("full", 1)]
    assert [fit.procedure.name for fit in fitting(platform, found(queue=Level.WARNING), limit=1)] == ["slow"]
    assert fitting(platform, found(latency=Level.OK, queue=Level.UNKNOWN)) == ()

"""Diagnose: how much longer than its slowest probe a diagnosis takes, and what each probe costs of our own time.

Twenty probes ask a real web server on loopback, which answers each after a time of its own, the slowest after two
seconds. Our own time is that of many probes whose targets answer at once from memory: binding, asking, filtering,
redacting, judging. Budgets: `docs/budgets.md`, the rows of `diagnose`.
"""

import time

from benchmarks.budgets import DIAGNOSE_OWN_SECONDS, DIAGNOSE_SHARE
from benchmarks.percentiles import median
from benchmarks.processes import BenchmarkError
from benchmarks.slow_server import slow_server
from benchmarks.table import Figure
from bot.access.redaction import redact
from bot.diagnosis.connected import ConnectedTargets
from bot.diagnosis.diagnosis import Diagnosis
from bot.diagnosis.finding import Finding, Level
from bot.diagnosis.memory import TargetsInMemory
from bot.diagnosis.ports import Reader, Targets
from bot.operations.output import Output
from bot.runbooks.platform import Platform
from bot.runbooks.probes import Probe

PROBES = 20
OWN = 200
_QUICKEST, _SLOWEST = 0.05, 2.0
_LOG = "".join(f"2026-11-21T10:00:{at % 60:02} INFO served /checkout/{at} in {at % 90} ms\n" for at in range(100))
"""A hundred lines of a log: what a probe usually brings back."""


async def measure(*, runs: int = 5) -> list[Figure]:
    """Run the diagnosis `runs` times, and as often with targets in memory."""
    with slow_server() as port:
        targets, platform = ConnectedTargets(_no_secret, redact), _web(port)
        slow, quick = _slow_probes(port), _quick_probes(port)
        first = await _took(platform, slow, targets)
        shares = [100 * await _took(platform, slow, targets) / _SLOWEST for _ in range(runs)]
        each = [await _took(platform, quick, targets) / PROBES for _ in range(runs)]
        await targets.close()
    platform, probes, answers = _cached(), _own_probes(), _answers()
    own = [await _took(platform, probes, answers) / OWN for _ in range(runs)]
    return [
        Figure(f"diagnose: {PROBES} probes, in percent of the slowest, worst", max(shares), "%", DIAGNOSE_SHARE),
        Figure("diagnose: the same, the first of the process", 100 * first / _SLOWEST, "%"),
        Figure("diagnose: our own time for a probe, median", median(own), "s", DIAGNOSE_OWN_SECONDS),
        Figure(f"diagnose: {PROBES} requests without delay, for each, median", median(each), "s"),
    ]


async def _took(platform: Platform, probes: list[Probe], targets: Targets) -> float:
    """Return the seconds of a diagnosis. Raises BenchmarkError when a probe was not answered as it should be."""
    told: list[Finding] = []

    async def hear(finding: Finding) -> None:
        told.append(finding)

    started = time.perf_counter()
    findings = await Diagnosis(Reader(targets)).run(platform, probes, on_finding=hear)
    took = time.perf_counter() - started
    if odd := [finding for finding in findings if finding.level is not Level.WARNING]:
        raise BenchmarkError(f"{odd[0].title}: {odd[0].sentence}")
    if len(told) != len(probes):
        raise BenchmarkError(f"{len(told)} of {len(probes)} findings were told.")
    return took


def _no_secret(name: str) -> str | None:  # noqa: ARG001  # nothing here needs one
    return None


def _platform(**target: object) -> Platform:
    """Return a platform that has this one target."""
    made: Platform = Platform.model_validate(
        {
            "name": "measured",
            "title": "Measured",
            "summary": "Is measured.",
            "time-zone": "UTC",
            "severities": [{"name": "P1", "title": "High", "meaning": "It is slow."}],
            "channels": {"incidents": {"name": "incidents", "purpose": "Incidents"}},
            "announcement": {"channel": "incidents"},
            "targets": {"measured": target},
            "templates": {},
        }
    )
    return made


def _web(port: int) -> Platform:
    return _platform(kind="http", hosts=[f"127.0.0.1:{port}"], private=True)


def _cached() -> Platform:
    return _platform(**{"kind": "redis", "url-from": "NOT_ASKED"})


def _probe(run: str, value: str) -> Probe:
    return Probe.model_validate({"title": run, "run": run, "value": value, "warning": "> 5"})


def _slow_probes(port: int) -> list[Probe]:
    step = (_SLOWEST - _QUICKEST) / (PROBES - 1)
    return [_probe(f"curl http://127.0.0.1:{port}/{_QUICKEST + step * at:.4f}", "json .lines") for at in range(PROBES)]


def _quick_probes(port: int) -> list[Probe]:
    return [_probe(f"curl http://127.0.0.1:{port}/0?{at}", "json .lines") for at in range(PROBES)]


def _own_probes() -> list[Probe]:
    return [_probe(f"redis-cli GET log-{at} | grep INFO | wc -l", "number") for at in range(OWN)]


def _answers() -> Targets:
    return TargetsInMemory({f"redis-cli GET log-{at}": Output(_LOG) for at in range(OWN)}, redact)

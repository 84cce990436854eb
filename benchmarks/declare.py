"""Declare: Slack calls one after the other, and time, until the declarer stands in a finished room.

A person types `/incident declare` in a workspace where each Web API call takes 100 ms. The room is finished when the
declarer was invited, the header posted and the topic set; both figures are read from the workspace's log of calls: the
longest chain of calls that ended by then and did not overlap, and the time from Enter to the end of the last of the
three. Each run waits until the one before has come to rest. Budgets: `docs/budgets.md`, the rows of `declare`.
"""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.bot import bot
from benchmarks.budgets import DECLARE_CALLS, DECLARE_SECONDS
from benchmarks.chains import longest_chain, span
from benchmarks.furniture import PEOPLE, WHERE
from benchmarks.percentiles import median
from benchmarks.processes import HOME, BenchmarkError
from benchmarks.stores import prepared
from benchmarks.table import Figure
from benchmarks.titles import titles
from benchmarks.workspace import Workspace, workspace
from bot.runbooks.loader import load_platforms

LATENCY = 0.1
"""Seconds that each Slack call takes."""
_DECLARER = PEOPLE[0]
_REST = 0.35
"""Seconds without a call after which a declare has come to rest."""
_PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class Run:
    """One declare: calls one after the other, and seconds."""

    calls: int
    seconds: float


async def measure(folder: Path, *, runs: int = 20) -> list[Figure]:
    """Declare `runs` incidents, one after the other, after one that warms everything up."""
    async with workspace(load_platforms(HOME / "runbooks"), folder) as slack:
        await prepared(folder, slack.people)
        async with bot(slack, folder):
            await slack.control("POST", "/latency", {"seconds": LATENCY})
            done = [await _run(slack, f"/incident declare P1 social-live {title}") for title in titles(runs + 1)][1:]
    chains, times = [run.calls for run in done], [run.seconds for run in done]
    return [
        Figure("declare: serial Slack calls until the room is finished, worst", max(chains), "", DECLARE_CALLS),
        Figure("declare: from Enter to the finished room, median", median(times), "s", DECLARE_SECONDS),
        Figure("declare: from Enter to the finished room, worst", max(times), "s"),
    ]


async def _run(slack: Workspace, line: str) -> Run:
    before = await _at_rest(slack, 0)
    entered = time.time()
    said = await slack.command(_DECLARER, line, WHERE)
    if not said["acked"]:
        raise BenchmarkError(f"A declare was not acknowledged: {said['error']}")
    await _at_rest(slack, before, at_least=4)
    return judged(await slack.calls(before), slack.people[_DECLARER], entered)


def judged(calls: list[dict[str, Any]], declarer: str, entered: float) -> Run:
    """Return what the calls since `entered` say of one declare. Raises BenchmarkError when the room is unfinished."""
    made = [call for call in calls if call["response"].get("ok")]
    wanted = [
        next((call for call in made if call["method"] == "conversations.invite" and declarer in _users(call)), None),
        next((call for call in made if call["method"] == "chat.postMessage" and _is_header(call)), None),
        next((call for call in made if call["method"] == "conversations.setTopic"), None),
    ]
    finished = [span(call).end for call in wanted if call is not None]
    if len(finished) < len(wanted):
        raise BenchmarkError("A room lacks its declarer, its header or its topic.")
    end = max(finished)
    return Run(longest_chain(one for one in map(span, calls) if one.end <= end), end - entered)


def _users(call: dict[str, Any]) -> str:
    return str(call["args"].get("users", ""))


def _is_header(call: dict[str, Any]) -> bool:
    key = call["args"].get("metadata", {}).get("event_payload", {}).get("key", "")
    return str(key).startswith("header:")


async def _at_rest(slack: Workspace, since: int, at_least: int = 0) -> int:
    """Wait until `at_least` calls have come and no more come; return the number of the last one."""
    deadline = time.monotonic() + _PATIENCE
    seen, quiet_since = -1, time.monotonic()
    while time.monotonic() < deadline:
        calls = await slack.calls(since)
        if len(calls) != seen:
            seen, quiet_since = len(calls), time.monotonic()
        elif seen >= at_least and time.monotonic() - quiet_since > _REST:
            return int(calls[-1]["seq"]) if calls else since
        await asyncio.sleep(0.05)
    raise BenchmarkError(f"A declare did not come to rest within {_PATIENCE:g} s.")

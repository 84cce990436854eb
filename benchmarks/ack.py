"""Ack: how fast commands are acknowledged under load, and whether each is then done once.

Commands are offered at a fixed rate (an open loop, `benchmarks/load.py`), first in Socket Mode, then in HTTP mode: 60%
list and show, 30% ack, 10% declare, on a store with 1,000 open incidents, or as many as there will be acks if that is
more, each with its room. The workspace has neither rate limits nor latency and the bot does not pace itself. The delay
is what the workspace measures from sending a command to the arrival of its acknowledgement. When all work has come to
rest, the store and the workspace's log of calls say what was done. Budgets: `docs/budgets.md`, the rows of `ack`.
"""

import sys
import time
from pathlib import Path

from benchmarks import deeds
from benchmarks.bot import bot
from benchmarks.budgets import ACK_SECONDS, ACK_WORST_SECONDS
from benchmarks.load import Sent, at_rest, offer
from benchmarks.orders import kinds, orders
from benchmarks.percentiles import percentile
from benchmarks.processes import HOME
from benchmarks.seeding import seed
from benchmarks.stores import prepared
from benchmarks.table import Figure
from benchmarks.workspace import workspace
from bot.runbooks.loader import load_platforms

SEEDED = 1000
_SHOWN = 10


async def measure(folder: Path, *, rate: float = 100.0, seconds: float = 60.0, seeded: int = SEEDED) -> list[Figure]:
    """Offer `rate` commands a second for so many seconds in each mode."""
    figures = []
    for mode in ("socket", "http"):
        place = folder / mode
        place.mkdir()
        figures += await _in_mode(mode, place, rate, round(rate * seconds), seeded)
    return figures


async def _in_mode(mode: str, folder: Path, rate: float, count: int, seeded: int) -> list[Figure]:
    platforms, socket = load_platforms(HOME / "runbooks"), mode == "socket"
    mixed = kinds(count)
    existing = max(seeded, mixed.count("ack"))
    async with workspace(platforms, folder, socket=socket) as slack:
        await prepared(folder, slack.people)
        await seed(folder, slack, platforms, existing)
        await slack.control("DELETE", "/calls")
        async with bot(slack, folder, socket=socket) as running:
            busy = running.busy
            sent = await offer(slack, orders(mixed, platforms, existing), rate)
            ended = time.perf_counter()
            busy = running.busy - busy
            rested = await at_rest(slack, ended)
        wrong = await deeds.wrong(folder, sent, await slack.calls())
    for sentence in wrong[:_SHOWN]:
        print(f"ack ({mode}): {sentence}", file=sys.stderr)
    return [*_delays(mode, sent), *_others(mode, sent, rested, busy / (count / rate)),
            Figure(f"ack ({mode}): commands lost or done twice", len(wrong), "", 0)]  # fmt: skip


def _delays(mode: str, sent: list[Sent]) -> list[Figure]:
    delays = [one.delay for one in sent]
    return [
        Figure(f"ack ({mode}): median of {len(sent):,} commands", percentile(delays, 50), "s"),
        Figure(f"ack ({mode}): 99 of 100", percentile(delays, 99), "s", ACK_SECONDS),
        Figure(f"ack ({mode}): worst", max(delays), "s", ACK_WORST_SECONDS),
        Figure(f"ack ({mode}): commands that were not acknowledged", sum(not one.acked for one in sent), "", 0),
    ]


def _others(mode: str, sent: list[Sent], rested: float, busy: float) -> list[Figure]:
    late = [one.late for one in sent]
    return [
        Figure(f"ack ({mode}): the load itself was late, 99 of 100", percentile(late, 99), "s"),
        Figure(f"ack ({mode}): the load itself was late, worst", max(late), "s"),
        Figure(f"ack ({mode}): the bot's share of one core", busy * 100, "%"),
        Figure(f"ack ({mode}): from the last acknowledgement to the end of all work", rested, "s"),
    ]

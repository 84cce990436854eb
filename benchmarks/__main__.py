"""`python -m benchmarks [NAME …]`: run benchmarks, print one table, end with 1 when something is over its budget."""

import argparse
import asyncio
import os
import platform
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from benchmarks import ack, approve, declare, diagnose, pods, start
from benchmarks.processes import BenchmarkError
from benchmarks.table import Figure, table

Benchmark = Callable[[Path, argparse.Namespace], Awaitable[list[Figure]]]

BENCHMARKS: Mapping[str, Benchmark] = {
    "declare": lambda folder, asked: declare.measure(folder, runs=asked.runs or 20),
    "ack": lambda folder, asked: ack.measure(folder, rate=asked.rate, seconds=asked.seconds, seeded=asked.incidents),
    "diagnose": lambda _folder, asked: diagnose.measure(runs=asked.runs or 5),
    "approve": lambda folder, asked: approve.measure(
        folder, runs=asked.runs or 5, clicks=asked.clicks, ready_after=asked.ready_after
    ),
    "pods": lambda folder, asked: pods.measure(folder, runs=asked.runs or 5, pods=asked.pods),
    "start": lambda folder, asked: start.measure(
        folder, runs=asked.runs or 5, idle=asked.idle, commands=asked.commands
    ),
}


def _arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(BENCHMARKS)}; all if left out")
    parser.add_argument(
        "--runs", type=int, default=0, help="how often declare (20), diagnose, approve, pods and start (5) are repeated"
    )
    parser.add_argument("--seconds", type=float, default=60.0, help="how long ack goes on (60)")
    parser.add_argument("--rate", type=float, default=100.0, help="commands a second that ack offers (100)")
    parser.add_argument("--incidents", type=int, default=ack.SEEDED, help="that exist before ack begins (1000)")
    parser.add_argument("--clicks", type=int, default=approve.CLICKS, help="whose own time approve takes (20)")
    parser.add_argument("--ready-after", type=float, default=approve.READY_AFTER, help="seconds that a pod takes (5)")
    parser.add_argument("--pods", type=int, default=pods.PODS, help="that are listed (2000)")
    parser.add_argument("--idle", type=float, default=60.0, help="seconds after the start when memory is read (60)")
    parser.add_argument("--commands", type=int, default=10_000, help="over which memory may not grow (10000)")
    asked = parser.parse_args(given)
    if unknown := [name for name in asked.names if name not in BENCHMARKS]:
        parser.error(f"there is no benchmark {unknown[0]!r}; there are {', '.join(BENCHMARKS)}")
    return asked


async def run(asked: argparse.Namespace) -> list[Figure]:
    """Run what was asked for, each benchmark in a folder of its own, and return all figures."""
    figures: list[Figure] = []
    for name in asked.names or BENCHMARKS:
        print(f"Measuring {name} …", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(prefix=f"opsroom-{name}-") as folder:
            figures += await BENCHMARKS[name](Path(folder), asked)
    return figures


def main(given: list[str]) -> int:
    """Run, print the table, and return the exit code: 0 within all budgets, 1 over one, 2 when nothing was measured."""
    asked = _arguments(given)
    try:
        figures = asyncio.run(run(asked))
    except BenchmarkError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 2
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores\n\n{table(figures)}")
    return 0 if all(figure.within for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

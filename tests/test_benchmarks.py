"""The benchmarks: each in a very short form. What they measure is not judged here, only that they measure it."""

import asyncio
import os
import shutil
import sys

import pytest

from benchmarks import budgets, deeds
from benchmarks.chains import Span, longest_chain
from benchmarks.load import Sent
from benchmarks.orders import Order, kinds, orders
from benchmarks.percentiles import median, percentile
from benchmarks.table import Figure, table
from benchmarks.titles import titles
from bot.runbooks.loader import load_platforms
from tests.world import HOME, RUNBOOKS

WITHIN = 120.0


async def printed(*given: str) -> tuple[int, dict[str, list[str]], str]:
    """Run the program; return its exit code, its table's cells by their first one, and all that it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks", *given, cwd=HOME, env={**os.environ, "OPSROOM_PORT": "1"},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(WITHIN):
            out, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in out.decode().splitlines() if "|" in line]
    assert process.returncode is not None
    return process.returncode, {line[0]: line[1:] for line in lines[2:]}, out.decode() + err.decode()


def agrees(code: int, rows: dict[str, list[str]]) -> bool:
    """Tell whether the exit code is what the table says."""
    return code == any(row[2] == "OVER" for row in rows.values())


async def test_declare_counts_the_calls_until_the_room_is_finished() -> None:
    code, rows, said = await printed("declare", "--runs", "1")
    assert rows["declare: serial Slack calls until the room is finished, worst"] == ["2", "2", "ok"], said
    assert rows["declare: from Enter to the finished room, median"][1] == "250.0 ms", said
    assert agrees(code, rows), said


async def test_ack_offers_commands_in_both_modes_and_checks_what_was_done() -> None:
    code, rows, said = await printed("ack", "--rate", "10", "--seconds", "2", "--incidents", "8")
    for mode in ("socket", "http"):
        assert f"ack ({mode}): median of 20 commands" in rows, said
        assert rows[f"ack ({mode}): 99 of 100"][1] == "100.0 ms", said
        assert rows[f"ack ({mode}): commands that were not acknowledged"] == ["0", "0", "ok"], said
        assert rows[f"ack ({mode}): commands lost or done twice"] == ["0", "0", "ok"], said
    assert agrees(code, rows), said


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed, and is compared with")
async def test_pods_are_listed_beside_kubectl() -> None:
    code, rows, said = await printed("pods", "--runs", "1", "--pods", "40")
    assert code in (0, 1), said
    share = rows["pods: ours in percent of kubectl's"]
    assert share[1] == "100 %", said
    assert int(share[0].removesuffix(" %")) > 0, said


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed, and is compared with")
async def test_approve_carries_out_what_was_allowed_beside_kubectl() -> None:
    code, rows, said = await printed("approve", "--clicks", "2", "--runs", "1", "--ready-after", "0.5")
    assert rows["approve: from the click to the first request to the target, median"][1] == "150.0 ms", said
    assert rows["approve: the same, the worst of 2"][1] == "150.0 ms", said
    share = rows["approve: ours in percent of kubectl's"]
    assert share[1] == "110 %", said
    assert int(share[0].removesuffix(" %")) > 0, said
    assert agrees(code, rows), said


async def test_diagnose_compares_with_the_slowest_probe() -> None:
    code, rows, said = await printed("diagnose", "--runs", "1")
    share = rows["diagnose: 20 probes, in percent of the slowest, worst"]
    assert int(share[0].removesuffix(" %")) >= 100, said
    assert share[1] == "115 %", said
    assert rows["diagnose: our own time for a probe, median"][1] == "5.0 ms", said
    assert agrees(code, rows), said


async def test_start_measures_time_and_memory() -> None:
    code, rows, said = await printed("start", "--runs", "1", "--idle", "0", "--commands", "50")
    assert {row[1] for row in rows.values()} == {"2.00 s", "220 MB", "10 MB", ""}, said
    assert rows["start: growth over 50 commands"][2] in ("ok", "OVER"), said
    assert int(rows["start: memory after 0 s of idling"][0].removesuffix(" MB")) > 20, said
    assert agrees(code, rows), said


async def test_an_unknown_benchmark_is_refused() -> None:
    code, _, said = await printed("sleep")
    assert code == 2
    assert "there is no benchmark 'sleep'; there are declare, ack, diagnose, approve, pods, start" in said


def test_the_budgets_are_those_of_the_docs() -> None:
    text = (HOME / "docs/budgets.md").read_text(encoding="utf-8")
    found = [row.split("|")[2].strip() for row in text.splitlines() if row.endswith("` |")]
    assert found == [
        f"{budgets.DECLARE_CALLS}",
        f"{budgets.DECLARE_SECONDS:g} s",
        f"{budgets.ACK_SECONDS:g} s",
        f"{budgets.ACK_WORST_SECONDS:g} s",
        "0",
        f"{budgets.DIAGNOSE_SHARE:g} %",
        f"{budgets.DIAGNOSE_OWN_SECONDS * 1000:g} ms",
        f"{budgets.APPROVE_SECONDS * 1000:g} ms",
        f"{budgets.ROLLOUT_SHARE:g} %",
        f"{budgets.PODS_SHARE:g} %",
        f"{budgets.START_SECONDS:g} s",
        f"{budgets.IDLE_MEMORY / 1e6:g} MB",
        f"{budgets.GROWTH / 1e6:g} MB",
    ]


def test_the_table_says_what_is_over_its_budget() -> None:
    figures = [Figure("a", 0.2, "s", 0.25), Figure("b", 3, "", 2), Figure("c", 1.5, "s"), Figure("d", 2e8, "B", 1e8)]
    assert [figure.within for figure in figures] == [True, False, True, False]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table(figures).splitlines()[2:]]
    assert rows == [
        ["a", "200.0 ms", "250.0 ms", "ok"],
        ["b", "3", "2", "OVER"],
        ["c", "1.50 s", "", ""],
        ["d", "200 MB", "100 MB", "OVER"],
    ]


@pytest.mark.parametrize(
    ("spans", "length"),
    [
        ([], 0),
        ([(0, 1)], 1),
        ([(0, 1), (1, 2), (1, 2), (1.5, 3)], 2),
        ([(0, 1), (0.5, 2), (1, 3), (3, 4)], 3),
        ([(0, 10), (0, 1), (2, 3), (4, 5)], 3),
    ],
)
def test_the_longest_chain_is_of_calls_that_do_not_overlap(spans: list[tuple[float, float]], length: int) -> None:
    assert longest_chain(Span(*span) for span in spans) == length


def test_a_percentile_was_measured() -> None:
    values = [float(number) for number in range(1, 101)]
    assert [percentile(values, share) for share in (0, 50, 99, 100)] == [1, 50, 99, 100]
    assert median([3.0, 1.0]) == 1.0
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


def test_the_load_is_mixed_as_the_docs_say_and_the_same_every_time() -> None:
    mixed = kinds(100)
    assert mixed == kinds(100)
    assert [mixed.count(kind) for kind in ("list", "show", "ack", "declare")] == [30, 30, 30, 10]
    made = orders(mixed, load_platforms(RUNBOOKS), seeded=30)
    assert len({order.about for order in made if order.kind == "ack"}) == 30
    assert len(set(titles(50))) == 50


def sent(kind: str, about: str) -> Sent:
    order = Order(kind, about, f"/incident {kind} {about}", "olivia")  # type: ignore[arg-type]  # one of the four
    return Sent(order, late=0.0, acked=True, delay=0.01, error=None)


def test_answers_are_compared_with_what_was_asked() -> None:
    offered = [sent("ack", "INC-1"), sent("show", "INC-2"), sent("list", ""), sent("declare", "bad day")]
    texts = ["You acknowledged INC-1. <#C1> knows.", "🔴 *INC-2* P1 · x", "12 open incidents", "INC-9 is open: <#C2>."]
    calls = [{"method": "response_url", "status": 200, "args": {"text": text}} for text in texts]
    assert deeds.expected_answers(offered, {"bad day": 9}) == deeds.answered(calls)
    assert deeds.answered([*calls, calls[0]])["ack", "INC-1"] == 2
    assert deeds.expected_answers(offered, {}) != deeds.answered(calls)

"""`opsroom audit`: verify the audit log, and export it."""

import asyncio
import csv
import re
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import click

from bot.access.verification import Verdict, verify
from bot.cli_options import DATABASE
from bot.errors import BadInput
from bot.store.audit import Entry, Wanted, canonical, ends, walk
from bot.store.database import Store, open_store
from bot.store.migrate import check

_COLUMNS = ("number", "at", "actor", "action", "platform", "subject", "details", "previous", "hash")
_HASH = re.compile(r"[0-9a-f]{64}")
_DAY = click.DateTime(["%Y-%m-%d"])
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@click.group()
def audit() -> None:
    """Verify the audit log, or export it."""


@audit.command(name="verify")
@click.option("--expect", metavar="HASH", help="The hash of an entry, as it was noted elsewhere.")
@DATABASE
def verify_log(expect: str | None, database_url: str) -> None:
    """Walk the whole audit log, and name the first entry that was changed, removed or inserted."""
    if expect is not None and not _HASH.fullmatch(expect := expect.strip().lower()):
        raise BadInput("A hash has 64 characters, 0-9 and a-f, as `opsroom audit verify` prints it.")

    async def run() -> tuple[Verdict, str]:
        async with open_store(database_url, beside=True) as store:
            await check(store)
            return await verify(store, expect), store.name

    verdict, name = asyncio.run(run())
    if verdict.broken:
        click.echo(f"The audit log of {name} is broken. {verdict.broken.what}", err=True)
        click.echo(f"In order until then: {_extent(verdict)}.", err=True)
        sys.exit(1)
    click.echo(f"The audit log of {name} is whole: {_extent(verdict)}.")
    if verdict.last:
        click.echo(f"Entry {verdict.last.number} has the hash {verdict.last.hash}")


def _extent(verdict: Verdict) -> str:
    if verdict.last is None:
        return "no entries"
    count = "1 entry" if verdict.whole == 1 else f"{verdict.whole:,} entries"
    return f"{count}, the last of {verdict.last.at}"


@audit.command()
@click.option("--format", "kind", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True)
@click.option("--since", type=_DAY, metavar="DATE", help="From this day on (UTC), like 2026-03-02.")
@click.option("--until", type=_DAY, metavar="DATE", help="Up to and with this day (UTC).")
@click.option("--platform", metavar="NAME", help="What concerns this platform alone.")
@DATABASE
def export(kind: str, since: datetime | None, until: datetime | None, platform: str | None, database_url: str) -> None:
    """Print the entries of the audit log, the oldest first: a JSON object on each line, or CSV with a heading."""
    wanted = Wanted(
        platforms=(platform,) if platform else None,
        since=since.replace(tzinfo=UTC) if since else None,
        until=until.replace(tzinfo=UTC) + timedelta(days=1) if until else None,
    )
    if kind == "csv":
        sys.stdout.write(_csv_line(_COLUMNS))
    asyncio.run(_export(database_url, wanted, _WRITERS[kind]))


async def _export(database_url: str, wanted: Wanted, line: Callable[[Entry], str]) -> None:
    async with open_store(database_url, beside=True) as store:
        await check(store)
        async for entry in walk(store, await _until_now(store, wanted)):
            sys.stdout.write(line(entry))


async def _until_now(store: Store, wanted: Wanted) -> Wanted:
    """Bound an export by what there is now: a bot that goes on working cannot make it endless."""
    async with store.read() as connection:
        found = await ends(connection)
    return replace(wanted, upto=found.newest) if found else wanted


def _json_line(entry: Entry) -> str:
    """Return one line; details that somebody broke are exported as the text they are."""
    try:
        return f"{canonical(entry.as_json())}\n"
    except (ValueError, RecursionError):
        return f"{canonical(asdict(entry))}\n"


def _row(entry: Entry) -> str:
    return _csv_line([getattr(entry, name) for name in _COLUMNS])


def _csv_line(cells: Any) -> str:
    """Return one line; a cell that a spreadsheet would take for a formula gets an apostrophe in front."""
    told = ("" if cell is None else str(cell) for cell in cells)
    line = StringIO()
    csv.writer(line, lineterminator="\n").writerow(f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in told)
    return line.getvalue()


_WRITERS: dict[str, Callable[[Entry], str]] = {"jsonl": _json_line, "csv": _row}

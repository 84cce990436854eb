"""Whether every command was done once: the store and the workspace, compared with what was offered."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from benchmarks.load import Sent
from benchmarks.stores import opened
from bot.store.database import Store
from bot.store.incidents import incidents
from bot.store.receipts import receipts
from bot.store.timeline import timeline

_ANSWERS = {
    "show": re.compile(r"^\S+ \*(?P<about>INC-\d+)\* "),
    "ack": re.compile(r"^You acknowledged (?P<about>INC-\d+)\."),
    "list": re.compile(r"^[\d,]+ open incidents?(?P<about>)"),
    "opened": re.compile(r"^(?P<about>INC-\d+) is open"),
}
"""How the answers to commands begin, and which incident they are about."""

Tally = Counter[tuple[str, str]]


def answered(calls: Iterable[Mapping[str, Any]]) -> Tally:
    """Count the answers that arrived at response URLs, by kind and incident."""
    texts = (str(c["args"].get("text", "")) for c in calls if c["method"] == "response_url" and c["status"] == 200)
    return Counter(_kind_of(text) for text in texts)


def _kind_of(text: str) -> tuple[str, str]:
    for kind, begins in _ANSWERS.items():
        if found := begins.match(text):
            return kind, found["about"]
    return "unexpected", text


def channels_made(calls: Iterable[Mapping[str, Any]]) -> int:
    """Count the channels that were made."""
    return sum(c["method"] == "conversations.create" and c["response"]["ok"] for c in calls)


def posted(calls: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """Count the messages of the outbox that were posted, by the key in their metadata."""
    made = (c["args"].get("metadata") for c in calls if c["method"] == "chat.postMessage" and c["response"]["ok"])
    return Counter(str(metadata["event_payload"]["key"]) for metadata in made if metadata)


def expected_answers(sent: Sequence[Sent], declared: Mapping[str, int]) -> Tally:
    """Return the answers that the acknowledged commands should have had; `declared` are numbers by title."""
    tally: Tally = Counter()
    for one in sent:
        if one.acked and one.order.kind == "declare":
            tally["opened", f"INC-{declared.get(one.order.about, 0)}"] += 1
        elif one.acked:
            tally[one.order.kind, one.order.about] += 1
    return tally


async def wrong(folder: Path, sent: Sequence[Sent], calls: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a sentence about each command that was acknowledged and then done not at all, or more than once."""
    acked = [one.order for one in sent if one.acked]
    titles = [order.about for order in acked if order.kind == "declare"]
    async with opened(folder) as store:
        declared = await _declared(store)
        found = await _receipts(store, len(acked))
        found += await _acknowledgements(store, [order.about for order in acked if order.kind == "ack"])
    numbers = {title: declared[title][0] for title in titles if title in declared}
    found += _odd("incidents", {f"“{title}”": len(declared.get(title, [])) for title in titles})
    headers = posted(calls)
    found += _odd("headers", {f"INC-{number}": headers[f"header:{number}"] for number in numbers.values()})
    if (made := channels_made(calls)) != len(titles):
        found.append(f"{len(titles)} declares made {made} channels.")
    return found + _differences(expected_answers(sent, numbers), answered(calls))


def _odd(things: str, counts: Mapping[str, int]) -> list[str]:
    return [f"{one} has {count} {things}." for one, count in counts.items() if count != 1]


def _differences(wanted: Tally, had: Tally) -> list[str]:
    return [
        f"{kind} {about} was answered {had[kind, about]} times, not {wanted[kind, about]}."
        for kind, about in sorted(wanted.keys() | had.keys())
        if wanted[kind, about] != had[kind, about]
    ]


async def _declared(store: Store) -> dict[str, list[int]]:
    """Return the numbers of the incidents by title."""
    numbers: dict[str, list[int]] = {}
    async with store.read() as connection:
        for number, title in await connection.execute(select(incidents.c.number, incidents.c.title)):
            numbers.setdefault(title, []).append(number)
    return numbers


async def _receipts(store: Store, commands: int) -> list[str]:
    """Compare the receipts with the number of acknowledged commands."""
    async with store.read() as connection:
        rows = await connection.execute(
            select(receipts.c.state, func.count().label("those")).group_by(receipts.c.state)
        )
        states = {row.state: int(row.those) for row in rows}
    return [] if states == {"done": commands} else [f"{commands} commands have the receipts {states}."]


async def _acknowledgements(store: Store, acks: Sequence[str]) -> list[str]:
    """Compare the acknowledgements in the timelines with the incidents that were to be acknowledged."""
    noted = select(timeline.c.incident, func.count()).where(timeline.c.kind == "acknowledged")
    taken = select(incidents.c.number).where(incidents.c.acknowledged_by.is_not(None))
    async with store.read() as connection:
        entries = {f"INC-{number}": count for number, count in await connection.execute(noted.group_by("incident"))}
        acknowledged = {f"INC-{number}" for (number,) in await connection.execute(taken)}
    found = [f"{ref} is not acknowledged." for ref in acks if ref not in acknowledged]
    return found + _odd("acknowledgements", {ref: entries.get(ref, 0) for ref in acks})

"""What the load consists of: commands in a mixed order, and which incidents they are about."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Literal

from benchmarks.furniture import PEOPLE
from benchmarks.titles import titles
from bot.runbooks.platforms import Platforms

Kind = Literal["list", "show", "ack", "declare"]

MIX: tuple[Kind, ...] = ("list", "show", "ack", "list", "show", "ack", "list", "show", "ack", "declare")
"""Ten commands: 60% list and show, 30% ack, 10% declare."""


@dataclass(frozen=True, slots=True)
class Order:
    """One command: what it does, about which incident or with which title, as it is typed, and by whom."""

    kind: Kind
    about: str
    line: str
    by: str


def kinds(count: int, seed: int = 1) -> list[Kind]:
    """Return that many kinds in the shares of `MIX`, shuffled, the same for the same seed."""
    mixed = [MIX[at % len(MIX)] for at in range(count)]
    random.Random(seed).shuffle(mixed)
    return mixed


def orders(mixed: Sequence[Kind], platforms: Platforms, seeded: int) -> list[Order]:
    """Return the commands: each ack about another one of INC-1 to INC-`seeded`, each declare with another title."""
    acks, shows = iter(range(1, seeded + 1)), cycle(range(1, seeded + 1))
    named = iter(titles(mixed.count("declare")))
    places = cycle([(platform.name, platform.severities[0].name) for platform in platforms])
    people: Iterator[str] = cycle(PEOPLE)

    def order(kind: Kind) -> Order:
        if kind == "list":
            return Order(kind, "", "/incident list", next(people))
        if kind == "declare":
            title, (platform, severity) = next(named), next(places)
            return Order(kind, title, f"/incident declare {severity} {platform} {title}", next(people))
        ref = f"INC-{next(acks if kind == 'ack' else shows)}"
        return Order(kind, ref, f"/incident {kind} {ref}", next(people))

    return [order(kind) for kind in mixed]

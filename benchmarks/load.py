"""Offering commands at a fixed rate, whether or not the earlier ones were answered: an open loop.

The moments of sending are fixed before the first command. A slow bot does not slow the load down, so that its delays
are seen in full; how late the load itself was is measured as well.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.furniture import WHERE
from benchmarks.orders import Order
from benchmarks.workspace import Workspace

_REST = 1.5
"""Seconds without a call after which the work has come to rest."""
_PATIENCE = 180.0


@dataclass(frozen=True, slots=True)
class Sent:
    """One command that was offered: seconds by which the load was late, and what the workspace saw of it.

    `delay` is from the workspace's sending to the arrival of the acknowledgement, in seconds.
    """

    order: Order
    late: float
    acked: bool
    delay: float
    error: str | None


async def offer(slack: Workspace, wanted: Sequence[Order], rate: float) -> list[Sent]:
    """Offer the commands, `rate` of them a second; returns when the last one was acknowledged or given up."""
    loop = asyncio.get_running_loop()
    begin = loop.time() + 0.1
    under_way = []
    for number, order in enumerate(wanted):
        due = begin + number / rate
        if (left := due - loop.time()) > 0:
            await asyncio.sleep(left)
        under_way.append(asyncio.create_task(_sent(slack, order, loop.time() - due)))
    return await asyncio.gather(*under_way)


async def _sent(slack: Workspace, order: Order, late: float) -> Sent:
    said = await slack.command(order.by, order.line, WHERE)
    return Sent(order, late, said["acked"], said["delay_seconds"], said["error"])


async def at_rest(slack: Workspace, ended: float) -> float:
    """Wait until no more calls come; return the seconds from `ended` to the last one."""
    seen, last = 0, ended
    while time.perf_counter() - last < _REST and time.perf_counter() - ended < _PATIENCE:
        await asyncio.sleep(0.1)
        calls = await slack.calls(seen)
        if calls:
            seen, last = calls[-1]["seq"], time.perf_counter()
    return last - ended

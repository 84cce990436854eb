"""How long a PING takes, measured some times and then no more: `redis-cli --latency` itself would never end."""

import asyncio
import time
from statistics import fmean

from redis.asyncio import Redis

from bot.operations.output import Output, Table
from bot.operations.redis.connection import ask

_SAMPLES, _WINDOW, _WINDOWS = 50, 20, 5
_INTERVAL = 0.01  # seconds between two samples, as redis-cli waits


async def latency(client: Redis) -> Output:
    """Return the least, the largest and the mean time of some PINGs in milliseconds."""
    times = await _measured(client, _SAMPLES)
    text = f"min: {min(times):.3f}, max: {max(times):.3f}, avg: {fmean(times):.3f} ms ({len(times)} samples)"
    return Output(text, facts=_facts(times), cut=f"{_SAMPLES} samples, where redis-cli would go on for ever")


async def history(client: Redis) -> Output:
    """Return the same for several windows of time, one after the other, a row each."""
    windows = [await _measured(client, _WINDOW) for _ in range(_WINDOWS)]
    rows = tuple((f"{min(w):.3f}", f"{max(w):.3f}", f"{fmean(w):.3f}", str(len(w))) for w in windows)
    text = "\n".join(f"min: {low}, max: {high}, avg: {mean} ms ({size} samples)" for low, high, mean, size in rows)
    table = Table(("min ms", "max ms", "avg ms", "samples"), rows)
    cut = f"{_WINDOWS} windows, where redis-cli would go on for ever"
    return Output(text, table=table, facts=_facts([taken for window in windows for taken in window]), cut=cut)


def _facts(times: list[float]) -> dict[str, float | str]:
    return {"min": min(times), "max": max(times), "avg": fmean(times), "value": fmean(times)}


async def _measured(client: Redis, samples: int) -> list[float]:
    """Return the milliseconds that each of some PINGs took."""
    times = []
    for _ in range(samples):
        started = time.perf_counter()
        await ask(client, "PING")
        times.append(1000 * (time.perf_counter() - started))
        await asyncio.sleep(_INTERVAL)
    return times

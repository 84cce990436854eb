"""A log that is followed by asking again: each time for a little more than is new, and what was seen is left out.

A stream would do with fewer requests, but one that stands still cannot be told from one that broke, and the client's
own following repeats lines.
"""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.operations.kubernetes.connection import Cluster, Request
from bot.operations.kubernetes.faults import ClusterRefused

_OVERLAP = 2  # seconds asked for twice: the API counts in whole ones
_WIDER = 3  # times as many bytes as are kept: each line comes with its time
_Moment = tuple[str, str]  # whole seconds, and the fraction padded: servers leave trailing noughts out


@dataclass
class Following:
    """The log of a container at `path`; no more than `size` bytes of it are kept in `text`."""

    cluster: Cluster
    path: str
    container: str
    size: int
    text: str = ""
    cut: bool = False
    _held: int = 0
    _last: _Moment = ("", "")
    _at_last: int = 0
    _asked: float | None = field(default=None)

    async def fresh(self, until: float) -> str:
        """Return the lines that were not there before; `until` is a moment of time.monotonic()."""
        now = time.monotonic()
        since = [] if self._asked is None else [("sinceSeconds", str(math.ceil(now - self._asked) + _OVERLAP))]
        most = _WIDER * self.size
        content = await self._read([*since, ("timestamps", "true")], most, until)
        if content is None:
            return ""
        self._asked = now
        self.cut |= len(content) >= most
        new = "".join(self._unseen(content.decode(errors="replace")))
        self._keep(new)
        return new

    async def complete(self, until: float) -> None:
        """Read the beginning again if more was written at once than is read of a log with its times."""
        if self.cut and self._held < self.size:
            content = await self._read([], self.size + 1, until) or b""
            if len(content) > self._held:
                self.text, self.cut = content[: self.size].decode(errors="replace"), len(content) > self.size

    async def _read(self, query: list[tuple[str, str]], most: int, until: float) -> bytes | None:
        """Return the log, `most` bytes of it; None when there is no container yet, or no longer."""
        asked = [*query, ("container", self.container), ("limitBytes", str(most))]
        try:
            return (await self.cluster.send(Request("GET", self.path, asked, size=most), until)).content
        except ClusterRefused as error:
            if error.status in {400, 404}:
                return None
            raise

    def _unseen(self, text: str) -> Iterator[str]:
        seen = self._at_last
        for line in text.splitlines(keepends=True):
            stamp, _, said = line.partition(" ")
            moment = _moment(stamp)
            if moment < self._last:
                continue
            if moment == self._last:
                seen -= 1
                if seen >= 0:
                    continue
                self._at_last += 1
            else:
                self._last, self._at_last, seen = moment, 1, 0
            yield said

    def _keep(self, new: str) -> None:
        room = self.size - self._held
        kept = new.encode()[:room] if len(new) * 4 > room else new.encode()
        self.cut |= len(kept) < len(new.encode())
        self._held += len(kept)
        self.text += kept.decode(errors="ignore")


def _moment(stamp: str) -> _Moment:
    whole, _, fraction = stamp.rstrip("Z").partition(".")
    return whole, fraction.ljust(9, "0")

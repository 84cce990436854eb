"""The log of one run of a container, and how it is asked for."""

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sandbox.cluster.kubelet.moments import moment, precise

_AGED = re.compile(r"@-(\d+(?:\.\d+)?) (.*)")


@dataclass(frozen=True, slots=True)
class Line:
    """One line, with its end as the program wrote it, and when it was written (Unix time)."""

    at: float
    text: bytes


@dataclass(frozen=True, slots=True)
class LogRequest:
    """What part of a log is wanted; the names are those of the Kubernetes API."""

    tail: int | None = None
    since: float | None = None
    """A Unix time: only what was written then or later."""
    limit: int | None = None
    timestamps: bool = False
    follow: bool = False
    previous: bool = False

    @classmethod
    def of(cls, query: Mapping[str, str], now: float) -> "LogRequest":
        """Read the query of a request. Raises ValueError for a number that is none."""
        since = moment(query["sinceTime"]) if "sinceTime" in query else None
        if "sinceSeconds" in query:
            since = now - int(query["sinceSeconds"])
        return cls(
            tail=int(query["tailLines"]) if "tailLines" in query else None,
            since=since,
            limit=int(query["limitBytes"]) if "limitBytes" in query else None,
            timestamps=query.get("timestamps") in {"true", "1"},
            follow=query.get("follow") in {"true", "1"},
            previous=query.get("previous") in {"true", "1"},
        )


@dataclass
class Journal:
    """What a container wrote, oldest first; all of it comes `repeat` times."""

    lines: list[Line] = field(default_factory=list)
    repeat: int = 1
    _open: bytes = b""

    @classmethod
    def scripted(cls, text: str, start: float, repeat: int = 1) -> "Journal":
        """Return the log that a note scripts, of a container that started then."""
        journal = cls(repeat=repeat)
        for line in text.splitlines():
            aged = _AGED.fullmatch(line)
            age, said = (float(aged[1]), aged[2]) if aged else (0.0, line)
            journal.lines.append(Line(start - age, said.encode() + b"\n"))
        return journal

    def write(self, data: bytes, at: float) -> None:
        """Take in what the program wrote; a line counts when it is complete."""
        *complete, self._open = (self._open + data).split(b"\n")
        self.lines.extend(Line(at, line + b"\n") for line in complete)

    def end(self, at: float) -> None:
        """Take what is left of a line as the last one: the program has ended."""
        if self._open:
            self.lines.append(Line(at, self._open))
            self._open = b""

    def read(self, wanted: LogRequest) -> Iterator[bytes]:
        """Yield the lines that are wanted."""
        left = wanted.limit
        for line in self._from_tail(wanted.tail):
            if wanted.since is not None and line.at < wanted.since:
                continue
            text = precise(line.at).encode() + b" " + line.text if wanted.timestamps else line.text
            if left is not None:
                text, left = text[:left], left - len(text[:left])
            if text:
                yield text
            if left == 0:
                return

    def _from_tail(self, tail: int | None) -> Iterator[Line]:
        count = len(self.lines) * self.repeat
        start = max(0, count - tail) if tail is not None and tail >= 0 else 0
        if not self.lines or start == count:
            return
        rounds, offset = divmod(start, len(self.lines))
        yield from self.lines[offset:]
        yield from itertools.chain.from_iterable(itertools.repeat(self.lines, self.repeat - rounds - 1))

"""What becomes of a container by its image. Nothing is pulled: the tag says it, or a table does."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Fate(StrEnum):
    """What becomes of a container; each is also the word of a tag that brings it about."""

    WELL = "well"
    MISSING = "missing"
    """The image cannot be pulled: ErrImagePull, ImagePullBackOff."""
    BROKEN = "broken"
    """The program ends with exit code 1 as soon as it is started: CrashLoopBackOff."""
    OOM = "oom"
    """The program needs more memory than it may have: OOMKilled, CrashLoopBackOff."""
    UNREADY = "unready"
    """The program runs, and never answers its readiness probe."""


@dataclass
class Images:
    """The table of images; one that is not in it is read by its tag: `backend:2.4-broken` is broken."""

    fates: dict[str, Fate] = field(default_factory=dict)

    def fate(self, image: str) -> Fate:
        """Return what becomes of a container of this image."""
        if image in self.fates:
            return self.fates[image]
        tag = image.rsplit("/", 1)[-1].partition(":")[2]
        words = set(re.split(r"[-._]", tag))
        return next((fate for fate in Fate if fate.value in words), Fate.WELL)

    def script(self, table: Mapping[str, Fate]) -> None:
        """Add to the table."""
        self.fates.update(table)

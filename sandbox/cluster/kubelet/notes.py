"""The notes that a test or a story leaves on objects to script what the stand-in node does with them.

On a pod (or a pod template): LOG, PREVIOUS_LOG, LOG_REPEAT, READY_AFTER, STOP_AFTER, USAGE. On a namespace: PROGRAMS.
"""

from collections.abc import Mapping
from typing import Any

PREFIX = "stand-in.opsroom/"
LOG = PREFIX + "log"
"""The lines of the log. A line `@-90 text` was written 90 seconds before the container started."""
PREVIOUS_LOG = PREFIX + "previous-log"
"""The lines of the log of the container's run before the present one."""
LOG_REPEAT = PREFIX + "log-repeat"
"""How often the lines of the log come again, one after the other: a log of any size."""
READY_AFTER = PREFIX + "ready-after"
"""Seconds from being scheduled to being ready."""
STOP_AFTER = PREFIX + "stop-after"
"""Seconds that a container takes to end after it was asked to."""
USAGE = PREFIX + "usage"
"""What is measured, as `CPU/MEMORY` or `CONTAINER=CPU/MEMORY,…`: `250m/300Mi`. Also on a node."""
PROGRAMS = PREFIX + "programs"
"""The folder with the programs that the containers of this namespace find on their path."""


def note(thing: Mapping[str, Any], name: str, default: str = "") -> str:
    """Return a note of an object."""
    notes = thing.get("metadata", {}).get("annotations") or {}
    return str(notes.get(name, default))

"""Processes that end with the one that started them, also when that one is killed."""

import contextlib
import ctypes
import signal
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def dying_with_parent(how: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """Return what a new process calls before its program starts, to get a signal when its parent is gone.

    Linux only, see prctl(2); elsewhere nothing happens. The parent is the thread that starts the process.
    """
    with contextlib.suppress(OSError, AttributeError):
        prctl = ctypes.CDLL(None).prctl  # looked up before the fork: little is safe after it

        def ask() -> None:
            prctl(_PR_SET_PDEATHSIG, int(how))

        return ask
    return lambda: None

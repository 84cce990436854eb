"""`python -m tests.cluster`: start a control plane for many test runs, say how to use it, and stop it with Ctrl-C."""

import contextlib
import signal
import sys

from tests.cluster.plane import NotBuiltError, running


def main() -> int:
    """Run until interrupted."""
    try:
        with running() as kubeconfig:
            sys.stdout.write(f"export OPSROOM_TEST_KUBECONFIG={kubeconfig}\n")
            sys.stdout.flush()
            with contextlib.suppress(KeyboardInterrupt):
                signal.sigwait({signal.SIGINT, signal.SIGTERM})
    except NotBuiltError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

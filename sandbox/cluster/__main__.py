"""`python -m sandbox.cluster [RELEASE]`: serve the demo's cluster until Ctrl-C; RELEASE (2.5.0) is rolled out."""

import asyncio
import signal
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from sandbox.cluster.server import Cluster, save_kubeconfig, serve
from sandbox.cluster.story import RELEASES, Story


async def main(version: str) -> None:
    """Serve, and say how to use it."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with TemporaryDirectory(prefix="opsroom-cluster-") as folder:
        async with serve(Cluster()) as cluster:
            story = Story(cluster)
            story.furnish()
            if version:
                story.ship(RELEASES[version])
            path = Path(folder) / "kubeconfig"
            save_kubeconfig(cluster, path)
            print(f"export KUBECONFIG={path}", flush=True)
            await stop.wait()


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] not in RELEASES:
        sys.exit(f"There is no release {sys.argv[1]}; there are {', '.join(RELEASES)}.")
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else ""))

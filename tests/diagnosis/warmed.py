"""A program that warms the targets of the shop, asks each something, and writes the libraries that came only then.

Its one argument is a kubeconfig. Nobody listens where the targets are said to be.
"""

import asyncio
import sys

from bot.diagnosis.connected import ConnectedTargets
from bot.errors import TargetError
from bot.operations.backend import Limits
from bot.operations.line import read_line
from tests.diagnosis.shop import TARGETS, shop

NOBODY = "127.0.0.1:1"
LINES = (
    "kubectl get pods",
    "kubectl exec deploy/web -- id",
    "psql -c 'SELECT 1'",
    "redis-cli PING",
    f"curl http://{NOBODY}/",
    "promql up",
    "npm run check",
)


async def main(kubeconfig: str) -> None:
    """Write the names, one in a line."""
    secrets = {
        "KUBECONFIG": kubeconfig,
        "SHOP_DATABASE_URL": f"postgresql://shop@{NOBODY}/shop",
        "SHOP_REDIS_URL": f"redis://{NOBODY}/0",
    }
    web = {"kind": "http", "hosts": ["127.0.0.1"], "private": True}
    platform = shop(targets={**TARGETS, "web": web, "metrics": {"kind": "prometheus", "url": f"http://{NOBODY}"}})
    targets = ConnectedTargets(secrets.get, str)
    await targets.warm([platform])
    warm = _libraries()
    for line in LINES:
        try:
            await targets.run(platform, read_line(line), None, Limits(seconds=2))
        except TargetError as error:
            sys.stderr.write(f"{line}: {error}\n")
    await targets.close()
    sys.stdout.write("\n".join(sorted(_libraries() - warm)))


def _libraries() -> set[str]:
    """Return the packages that are loaded and do not come with Python."""
    return {name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))

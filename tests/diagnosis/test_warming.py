"""Warming: what the first one who asks a target need not wait for, and whom it must never hold up."""

import asyncio
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.diagnosis.connected import ConnectedTargets
from bot.operations.backend import Limits
from bot.operations.line import read_line
from sandbox.cluster import Cluster, save_kubeconfig, serve
from tests.diagnosis.shop import TARGETS, shop
from tests.world import HOME, world

NAMESPACE = read_line("kubectl get namespace default -o name")


def of(secrets: Mapping[str, str]) -> ConnectedTargets:
    return ConnectedTargets(secrets.get, lambda text: text.replace("hunter2", "•••"))


@contextmanager
def silent_file(path: Path) -> Iterator[Path]:
    """Yield a file whose reader waits until the block ends, and then finds it empty."""
    os.mkfifo(path)
    try:
        yield path
    finally:
        os.close(os.open(path, os.O_RDWR | os.O_NONBLOCK))


async def test_the_login_is_read_before_anyone_asks(tmp_path: Path) -> None:
    async with serve(Cluster()) as cluster:
        save_kubeconfig(cluster, tmp_path / "kubeconfig")
        targets = of({"KUBECONFIG": str(tmp_path / "kubeconfig")})
        await targets.warm([shop(targets={"cluster": TARGETS["cluster"]})])
        (tmp_path / "kubeconfig").unlink()
        found = await targets.run(shop(), NAMESPACE, None, Limits(5))
        await targets.close()
    assert found.text == "namespace/default"


async def test_a_warm_target_loads_no_more_libraries_when_it_is_asked(tmp_path: Path) -> None:
    async with serve(Cluster()) as cluster:
        save_kubeconfig(cluster, tmp_path / "kubeconfig")
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.diagnosis.warmed", str(tmp_path / "kubeconfig"), cwd=HOME,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        late, said = await process.communicate()
    assert (process.returncode, late.decode().split()) == (0, []), said.decode()


async def test_a_login_that_cannot_be_read_is_logged_in_one_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "kubeconfig").write_text("current-context: hunter2\n", encoding="utf-8")
    targets = of({"KUBECONFIG": str(tmp_path / "kubeconfig"), "SHOP_DATABASE_URL": "postgresql://127.0.0.1:1/shop"})
    await targets.warm([shop()])
    await targets.close()
    (line,) = caplog.messages
    assert line.startswith("The target cluster of Shop is not warm: The login to the cluster cannot be read: ")
    assert "hunter2" not in line
    assert caplog.records[0].exc_info is None


async def test_a_target_that_is_not_set_up_is_left_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with silent_file(tmp_path / "kubeconfig") as silent:
        targets = of({"KUBECONFIG": str(silent)})
        async with asyncio.timeout(10):
            await targets.warm([shop()])  # whose variables are not set
            elsewhere = {"cluster": {**TARGETS["cluster"], "context-from": "SHOP_CONTEXT"}}
            await targets.warm([shop(targets=elsewhere)])
        await targets.close()
    assert caplog.messages == []


async def test_warming_can_be_called_off_while_a_login_does_not_come(tmp_path: Path) -> None:
    with silent_file(tmp_path / "kubeconfig") as silent:
        targets = of({"KUBECONFIG": str(silent), "SHOP_REDIS_URL": "redis://127.0.0.1:1"})
        warming = asyncio.create_task(targets.warm([shop()]))
        async with asyncio.timeout(10):
            writing = await asyncio.to_thread(os.open, silent, os.O_WRONLY)  # returns once somebody reads
            warming.cancel()
            await asyncio.wait([warming])
            await targets.close()
        assert warming.cancelled()
        os.close(writing)


async def test_the_bot_works_and_stops_while_a_login_does_not_come(tmp_path: Path) -> None:
    secrets = dict.fromkeys(("SOCIAL_LIVE_KUBE_CONTEXT", "ZEPHYR_KUBE_CONTEXT"), "nowhere")
    with silent_file(tmp_path / "kubeconfig") as silent:
        async with world(tmp_path, targets=of({**secrets, "KUBECONFIG": str(silent)})) as made:
            async with asyncio.timeout(10):
                writing = await asyncio.to_thread(os.open, silent, os.O_WRONLY)
            await made.say("/incident list")
            assert await made.answer() == "No open incidents."
            assert "warming" in [task.get_name() for task in asyncio.all_tasks()]
        assert "warming" not in [task.get_name() for task in asyncio.all_tasks()]
        os.close(writing)

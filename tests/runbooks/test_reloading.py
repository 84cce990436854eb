"""Runbooks that are read again: the new ones as a whole, or the old ones stay."""

import asyncio
import logging
import shutil
import signal
from pathlib import Path

import pytest

from bot.runbooks.loader import load_platforms
from bot.runbooks.reloading import Reloading
from tests.kill.process import Process, processes, until
from tests.runbooks.conftest import PLATFORM, Write
from tests.world import RUNBOOKS, world


async def test_whoever_holds_the_platforms_sees_the_new_ones(write: Write) -> None:
    folder = write()
    platforms = load_platforms(folder)
    before = platforms.get("shop")
    write(PLATFORM.replace("Shop", "Market"), name="market")
    assert await Reloading(platforms, folder).reload()
    assert list(platforms.names) == ["market", "shop"]
    assert before is not None
    assert before.title == "Shop"


async def test_when_one_is_wrong_all_old_ones_stay_and_the_log_says_why(
    write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    folder = write()
    platforms = load_platforms(folder)
    write(PLATFORM.replace("Shop", "Market"), name="market")
    (folder / "shop/platform.yml").write_text(PLATFORM.replace("title: Shop", "titel: Shop"), encoding="utf-8")
    with caplog.at_level(logging.INFO):
        assert not await Reloading(platforms, folder).reload()
    assert list(platforms.names) == ["shop"]
    assert "platform.yml:1:1: unknown key" in caplog.text
    (folder / "shop/platform.yml").write_text(PLATFORM, encoding="utf-8")
    assert await Reloading(platforms, folder).reload()
    assert list(platforms.names) == ["market", "shop"]


async def test_a_running_bot_reads_them_again_when_it_is_told_to(tmp_path: Path) -> None:
    folder = shutil.copytree(RUNBOOKS, tmp_path / "runbooks")
    async with world(tmp_path, start=False, runbooks=folder) as made:
        bot = Process(made.workspace, made.settings, tmp_path / "bot.log")
        async with processes(bot):
            await bot.start()
            await until(lambda: "Opsroom is ready" in bot.log.read_text(), "it is ready")
            zephyr = folder / "zephyr/platform.yml"
            good = zephyr.read_text(encoding="utf-8")
            zephyr.write_text(good + "\nnonsense: true\n", encoding="utf-8")
            bot.signal(signal.SIGHUP)
            await until(lambda: 'unknown key "nonsense"' in bot.log.read_text(), "it says what is wrong")
            zephyr.write_text(good, encoding="utf-8")
            bot.signal(signal.SIGHUP)
            await until(lambda: "The runbooks were read again" in bot.log.read_text(), "it reads them again")
            assert await bot.stop() == 0


def catches(bot: Process, number: signal.Signals) -> bool:
    """Tell whether the bot's process catches a signal by now."""
    if not bot.alive:
        return False
    status = Path(f"/proc/{bot.child.pid}/status").read_text(encoding="utf-8")
    caught = next(int(line.split()[1], 16) for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(caught >> (number - 1) & 1)


async def test_a_bot_that_is_told_to_while_it_starts_reads_them_when_it_is_ready(tmp_path: Path) -> None:
    async with world(tmp_path, start=False, runbooks=shutil.copytree(RUNBOOKS, tmp_path / "runbooks")) as made:
        bot = Process(made.workspace, made.settings, tmp_path / "bot.log")
        async with processes(bot), asyncio.TaskGroup() as group:
            group.create_task(bot.start())
            await until(lambda: catches(bot, signal.SIGHUP), "it catches the signal")
            assert "Opsroom is ready" not in bot.log.read_text()
            bot.signal(signal.SIGHUP)
            await until(lambda: "The runbooks were read again" in bot.log.read_text(), "it reads them again")
            assert await bot.stop() == 0

"""The house: what every room, page and file of the project keeps to."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from scripts.docs import PAGES

HOME = Path(__file__).parent.parent
ROOMS = ["bot", "commands", "schedules", "runbooks", "sandbox", "tests", "benchmarks", "docs", "deploy", "scripts"]


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=HOME, capture_output=True, text=True, check=True).stdout
    return [HOME / line for line in listed.splitlines()]


@pytest.mark.parametrize("page", PAGES)
def test_generated_pages_say_what_the_code_says(page: str) -> None:
    assert (HOME / "docs" / page).read_text(encoding="utf-8") == PAGES[page](), "run `make docs`"


def test_every_package_says_what_lives_in_it() -> None:
    silent = [
        init
        for room in ("bot", "commands", "schedules", "sandbox", "tests", "benchmarks")
        for init in (HOME / room).rglob("__init__.py")
        if not init.read_text(encoding="utf-8").lstrip().startswith('"""')
    ]
    assert silent == []


def test_every_room_is_where_the_contributing_page_says() -> None:
    page = (HOME / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rooms = [folder for folder in (HOME / "bot").iterdir() if (folder / "__init__.py").is_file()]
    assert [room.name for room in rooms if f"bot/{room.name}" not in page] == []


def test_the_lock_has_hashes_and_no_address_of_an_index() -> None:
    lock = (HOME / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^[a-z0-9][\w.\-\[\]]*==", lock, re.MULTILINE)
    assert len(pins) > 50
    assert "://" not in lock
    assert all("--hash=sha256:" in block for block in re.split(r"\n(?=[a-z0-9])", lock)[1:] if "==" in block)


def test_modules_stay_small() -> None:
    python = [path for path in tracked() if path.suffix == ".py" and path.is_file()]
    long = [str(p.relative_to(HOME)) for p in python if len(p.read_text(encoding="utf-8").splitlines()) > 400]
    assert long == []


def _swallows_everything(handler: ast.ExceptHandler) -> bool:
    broad = handler.type is None or ast.unparse(handler.type) in {"Exception", "BaseException"}
    last = handler.body[-1]
    return broad and not (isinstance(last, ast.Raise) and last.exc is None)


def test_everything_is_caught_in_the_doorways_alone() -> None:
    doorways = {
        "bot/app.py",  # the heartbeat, which nothing may end
        "bot/diagnosis/diagnosis.py",  # targets: what one answers must not end the probes of the others
        "bot/durable/run.py",
        "bot/durable/timers.py",
        "bot/slack/receiving.py",
        "schedules/clock.py",
    }
    found = {
        str(path.relative_to(HOME))
        for room in ("bot", "commands", "schedules")
        for path in (HOME / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler) and _swallows_everything(node)
    }
    assert found <= doorways


def test_block_kit_is_written_in_the_views_alone() -> None:
    elsewhere = {
        str(path.relative_to(HOME))
        for path in (HOME / "bot").rglob("*.py")
        if path.parent != HOME / "bot/slack/views"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("slack_sdk.models")
    }
    assert elsewhere == set()

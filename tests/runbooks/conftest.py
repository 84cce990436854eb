"""Folders of runbooks to load."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.runbooks.loader import load_platforms
from bot.runbooks.platforms import Platforms

RUNBOOKS = Path(__file__).parents[2] / "runbooks"

PLATFORM = """\
title: Shop
summary: Sells things.
time-zone: Europe/Vienna
severities:
  - name: P1
    title: High
    meaning: Nobody can buy
    aliases: [SEV1, high]
    response: 15m
    page: [primary]
  - name: P2
    title: Low
    meaning: Ugly
channels:
  incidents:
    name: shop-incidents
    purpose: Incidents
contacts:
  primary:
    role: On-call primary
links:
  shop:
    title: The shop
    url: https://shop.example.com
announcement:
  channel: incidents
"""
"""A platform file without faults."""

TEMPLATE = "{{ incident.title }} in {{ channel }}\n"

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a platform's files and return the folder of all platforms."""

    def write_platform(text: str | bytes = PLATFORM, template: str | None = TEMPLATE, name: str = "shop") -> Path:
        home = tmp_path / "runbooks" / name
        (home / "templates").mkdir(parents=True)
        content = text if isinstance(text, bytes) else text.encode()
        (home / "platform.yml").write_bytes(content)
        if template is not None:
            (home / "templates" / "announcement.md.j2").write_text(template, encoding="utf-8")
        return home.parent

    return write_platform


@pytest.fixture(scope="session")
def platforms() -> Platforms:
    """The platforms that come with Opsroom."""
    return load_platforms(RUNBOOKS)

"""The four platforms that come with Opsroom: complete, and understood as people speak."""

import csv
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.runbooks.coverage import coverage
from bot.runbooks.document import read_document
from bot.runbooks.entry import Sourced
from bot.runbooks.inventory import read_inventory
from bot.runbooks.loader import check
from bot.runbooks.platform import PlatformFile
from bot.runbooks.platforms import Platforms
from bot.runbooks.schemas import json_schema
from bot.runbooks.unknown_rows import unknown_rows
from tests.runbooks.conftest import RUNBOOKS

INVENTORY = Path(__file__).parents[1] / "data" / "procedures.csv"


def rows() -> list[dict[str, str]]:
    with INVENTORY.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def entries(value: Any) -> list[Sourced]:
    """Return every entry with a source inside a value, at any depth."""
    inner: list[Any] = []
    if isinstance(value, (PlatformFile, Sourced)):
        inner = [item for _, item in value]
    elif isinstance(value, dict):
        inner = list(value.values())
    elif isinstance(value, tuple):
        inner = list(value)
    found = [entry for item in inner for entry in entries(item)]
    return [value, *found] if isinstance(value, Sourced) else found


def named_rows(platforms: Platforms) -> set[str]:
    return {row for platform in platforms for entry in entries(platform) for row in entry.source}


def owed_rows() -> set[str]:
    """Return the rows that a platform file carries out: people, severities, updates, messages."""
    about = re.compile(r"^severity|response and resolution|response rule|escalat|cadence", re.IGNORECASE)
    messages = re.compile(r"communication", re.IGNORECASE)
    owed = set()
    for row in rows():
        policy = row["kind"] == "policy" and about.search(row["title"]) is not None
        template = row["kind"] == "template" and messages.search(row["section"]) is not None
        if row["kind"] == "contact" or policy or template:
            owed.add(row["id"])
    return owed


def test_the_inventory_is_whole() -> None:
    assert len(rows()) == 589
    assert len({row["id"] for row in rows()}) == 589


def test_every_row_is_carried_out_and_no_entry_names_another(platforms: Platforms) -> None:
    inventory = read_inventory(INVENTORY)
    found = coverage(platforms, inventory)
    assert found.missing == {}
    assert len(found.ways) == 589
    assert unknown_rows(platforms, inventory) == []


def test_the_platforms_load(platforms: Platforms) -> None:
    assert check(RUNBOOKS) == []
    assert platforms.names == ("linkist", "social-live", "zephyr", "zzik-live")


def test_every_row_about_people_severities_and_messages_is_carried_out(platforms: Platforms) -> None:
    assert len(owed_rows()) > 60
    assert sorted(owed_rows() - named_rows(platforms)) == []


def test_every_named_row_is_in_the_inventory_under_the_same_platform(platforms: Platforms) -> None:
    platform_of = {row["id"]: row["platform"] for row in rows()}
    for platform in platforms:
        for entry in entries(platform):
            assert {platform_of.get(row) for row in entry.source} <= {platform.name}, entry


MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("platform", "severity", "response", "resolution", "escalate_after"),
    [
        ("zzik-live", "P0", 5 * MINUTE, HOUR, 5 * MINUTE),
        ("zzik-live", "P1", 15 * MINUTE, 4 * HOUR, 15 * MINUTE),
        ("zzik-live", "P2", HOUR, DAY, HOUR),
        ("zzik-live", "P3", DAY, None, None),
        ("social-live", "1", 15 * MINUTE, None, 15 * MINUTE),
        ("social-live", "2", HOUR, None, 15 * MINUTE),
        ("social-live", "3", 4 * HOUR, None, None),
        ("linkist", "P0", 5 * MINUTE, None, 15 * MINUTE),
        ("linkist", "P1", 15 * MINUTE, None, HOUR),
        ("linkist", "P2", HOUR, None, 4 * HOUR),
        ("linkist", "P3", 4 * HOUR, None, DAY),
        ("zephyr", "Critical", 5 * MINUTE, 30 * MINUTE, 15 * MINUTE),
    ],
)
def test_times_are_those_of_the_source(
    platforms: Platforms,
    platform: str,
    severity: str,
    response: timedelta,
    resolution: timedelta | None,
    escalate_after: timedelta | None,
) -> None:
    found = platforms.get(platform)
    assert found is not None
    level = found.severity_named(severity)
    assert level is not None
    assert (level.response, level.resolution, level.escalate_after) == (response, resolution, escalate_after)


def test_during_p0_and_p1_zzik_sends_updates_every_quarter_of_an_hour(platforms: Platforms) -> None:
    zzik = platforms.get("zzik-live")
    assert zzik is not None
    assert [level.update_every for level in zzik.severities[:2]] == [15 * MINUTE, 15 * MINUTE]


@pytest.mark.parametrize(
    ("platform", "text", "name"),
    [
        ("social-live", "P1", "1"),
        ("social-live", "sev-2", "2"),
        ("social-live", "Severity 3", "3"),
        ("social-live", "CRITICAL", "1"),
        ("social-live", "\uff11", "1"),  # a full-width digit
        ("social-live", "P4", None),
        ("social-live", "", None),
        ("social-live", "-", None),
        ("social-live", "severity", None),
        ("zzik-live", "p1", "P1"),
        ("zzik-live", "manual P1", "P0"),
        ("zzik-live", "P4", "P3"),
        ("linkist", "sev0", "P0"),
        ("zephyr", "P1", "Critical"),
        ("zephyr", "critical", "Critical"),
        ("zephyr", "4", "Low"),
    ],
)
def test_severities_are_understood_as_people_speak(
    platforms: Platforms, platform: str, text: str, name: str | None
) -> None:
    found = platforms.get(platform)
    assert found is not None
    level = found.severity_named(text)
    assert (level.name if level else None) == name


def test_severities_are_called_as_people_call_them(platforms: Platforms) -> None:
    labels = {platform.name: platform.severities[0].label for platform in platforms}
    assert labels == {
        "linkist": "P0 Critical",
        "social-live": "Severity 1 Critical",
        "zephyr": "Critical",
        "zzik-live": "P0 Critical",
    }


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("social-live", "social-live"),
        ("Social Live", "social-live"),
        ("SOCIAL_LIVE", "social-live"),
        ("social", "social-live"),
        ("zzik", "zzik-live"),
        ("Zephyr", "zephyr"),
        ("checkout", None),
        ("live", None),
        ("", None),
        ("💥", None),
    ],
)
def test_platforms_are_understood_as_people_speak(platforms: Platforms, text: str, name: str | None) -> None:
    found = platforms.named(text)
    assert (found.name if found else None) == name


def test_a_channel_belongs_to_its_platform(platforms: Platforms) -> None:
    found = platforms.of_channel("zzik-support")
    assert found is not None
    assert found.name == "zzik-live"
    assert platforms.of_channel("general") is None
    assert platforms.get("general") is None
    assert len(list(platforms)) == len(platforms) == 4


def test_who_joins_an_incident(platforms: Platforms) -> None:
    zzik = platforms.get("zzik-live")
    assert zzik is not None
    assert zzik.groups_for(zzik.severities[0]) == ("zzik-oncall", "platform-lead", "dba-team")
    assert zzik.groups_for(zzik.severities[3]) == ("zzik-oncall",)
    assert zzik.announcement_channel == "zzik-incidents"


def test_editors_get_a_schema_that_the_files_meet() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for path in RUNBOOKS.glob("*/platform.yml"):
        values = read_document(path).values
        assert list(validator.iter_errors(values)) == []
        assert list(validator.iter_errors({**values, "aliases": [7]})) == []
        assert list(validator.iter_errors({**values, "titel": "x"})) != []


def test_no_placeholder_became_a_fact() -> None:
    for path in RUNBOOKS.glob("*/platform.yml"):
        assert not re.search(r"\[(Primary|Secondary|Manager|Emergency|Phone|PagerDuty URL)", path.read_text())

"""Channel names are legal for any title, and tell two incidents apart."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.runbooks.channel_names import channel_name, check_template
from bot.runbooks.loader import check, load_platforms
from bot.runbooks.platforms import Platforms
from tests.runbooks.conftest import PLATFORM, RUNBOOKS, Write

NOON = datetime(2026, 3, 1, 12, 30, 5, tzinfo=UTC)
ALL = load_platforms(RUNBOOKS)

seconds = st.integers(min_value=0, max_value=250 * 10**9)  # until the year 9892
moments = st.builds(datetime.fromtimestamp, seconds, st.timezones())
titles = st.one_of(st.text(), st.text(min_size=100, max_size=3000), st.text(alphabet="ab -", max_size=300))


def named(platforms: Platforms, platform: str, title: str, attempt: int = 1, severity: int = 0) -> str:
    found = platforms.get(platform)
    assert found is not None
    return channel_name(found, 12, found.severities[severity], title, NOON, attempt)


@given(
    platform=st.sampled_from(ALL.all),
    title=titles,
    number=st.integers(min_value=1, max_value=10**9 - 1),
    declared=moments,
    attempt=st.integers(min_value=1, max_value=999),
    level=st.integers(min_value=0, max_value=2),
)
def test_a_name_is_legal_whatever_the_title(
    platform: object, title: str, number: int, declared: datetime, attempt: int, level: int
) -> None:
    shop = next(each for each in ALL if each is platform)
    name = channel_name(shop, number, shop.severities[level], title, declared, attempt)
    assert re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,79}", name)
    assert attempt == 1 or name.endswith(f"-{attempt}")
    unique = str(number) if "{number}" in shop.channel_name else f"{declared.astimezone(UTC):%Y-%m-%d-%H%M%S}"
    assert f"-{unique}" in name  # the unique part is never cut


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Checkout returns 500", "-checkout-returns-500"),
        ("Prüfung über Zürich", "-prufung-uber-zurich"),
        ("💥💥", ""),
        ("انقطاع الخدمة", ""),
        ("<script>alert(1)</script>", "-script-alert-1-script"),
        ("@everyone <!channel>", "-everyone-channel"),
        ("", ""),
        ("a" * 3000, f"-{'a' * 40}"),
        ("the checkout of the shop in the north has been down", "-the-checkout-of-the-shop-in-the-north"),
    ],
)
def test_the_title_becomes_words(platforms: Platforms, title: str, slug: str) -> None:
    assert named(platforms, "zephyr", title) == f"inc-12-zephyr{slug}"


def test_a_clash_adds_a_number(platforms: Platforms) -> None:
    assert [named(platforms, "zephyr", "down", attempt) for attempt in (1, 2, 3)] == [
        "inc-12-zephyr-down",
        "inc-12-zephyr-down-2",
        "inc-12-zephyr-down-3",
    ]


def test_social_live_names_channels_by_the_moment_in_utc(platforms: Platforms) -> None:
    social = platforms.get("social-live")
    assert social is not None
    local = NOON.astimezone(timezone(timedelta(hours=9)))
    assert channel_name(social, 1, social.severities[0], "x", local) == "incident-2026-03-01-123005"
    assert channel_name(social, 1, social.severities[0], "x", local, 2) == "incident-2026-03-01-123005-2"
    with pytest.raises(ValueError, match="time zone"):
        channel_name(social, 1, social.severities[0], "x", NOON.replace(tzinfo=None))


@pytest.mark.parametrize(
    "template",
    [
        "inc-{number}",
        "inc-{number:04d}-{slug}",
        "{declared:%Y%m%d-%H%M%S}_{severity}_{platform}",
        "i-{slug}-{number}",
    ],
)
def test_templates_that_are_fine(template: str) -> None:
    assert check_template(template) == template


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("inc-{slug}", "two incidents would get the same channel"),
        ("Inc-{number}", "a channel name cannot have 'I'"),
        ("#inc-{number}", "a channel name cannot have '#'"),
        ("inc {number}.", "a channel name cannot have '  .'"),
        ("inc-{numbre}", "{numbre} is not a field; did you mean number?"),
        ("inc-{qqq}", "{qqq} is not a field; there are number, platform, severity, slug and declared"),
        ("inc-{}", "{} is not a field"),
        ("inc-{number.real}", "{number.real} is not a field"),
        ("inc-{number!r}", "cannot convert fields with !"),
        ("inc-{number", "has a brace that is not closed or not opened"),
        ("inc-{number}}", "has a brace that is not closed or not opened"),
        ("inc-{number:4d}", "{number:4d} does not give a channel name; write {number} or {number:04d}"),
        ("inc-{declared}", "{declared} needs a format"),
        ("inc-{declared:%B %d}", "{declared:%B %d} does not give a channel name"),
        ("inc-{declared:%Y-%m}-{slug}", "two incidents would get the same channel"),
        ("inc-{number}-{slug:.5}", "{slug} takes no format"),
        ("inc-{number}-{slug}-{slug}", "{slug} can be there only once"),
        ("x" * 80 + "{number}", "makes names of 93 characters before the title; Slack allows 80"),
    ],
)
def test_templates_that_are_not(write: Write, template: str, sentence: str) -> None:
    faults = check(write(f"{PLATFORM}channel-name: '{template}'\n"))
    assert len(faults) == 1
    assert (faults[0].line, faults[0].column) == (27, 15)
    assert sentence in faults[0].sentence


def test_long_names_of_platform_and_severity_count(write: Write) -> None:
    text = PLATFORM.replace("name: P2", f"name: {'very-' * 7}ugly")
    text += "channel-name: 'inc-{number}-{platform}-{severity}-{slug}'\n"
    assert check(write(text)) == []
    folder = write(text.replace("title: Shop", "title: Long"), name="a-platform-with-a-long-name")
    assert [fault.path.parts[-2] for fault in check(folder)] == ["a-platform-with-a-long-name"]

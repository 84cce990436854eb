"""Announcements and other messages, written from the platforms' templates."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.runbooks.announcement import announcement, facts_about
from bot.runbooks.loader import load_platforms
from bot.runbooks.platforms import Platforms
from bot.runbooks.templates import Facts, Mrkdwn, RenderError, render
from tests.runbooks.conftest import RUNBOOKS

ALL = load_platforms(RUNBOOKS)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def facts(platforms: Platforms, name: str, title: str = "Checkout returns 500") -> Facts:
    platform = platforms.get(name)
    assert platform is not None
    return facts_about(
        platform,
        platform.severities[0],
        ref="INC-7",
        title=title,
        declared="12:30 UTC",
        declared_by=Mrkdwn("<@U1>"),
        channel=Mrkdwn("<#C7>"),
    )


def announced(platforms: Platforms, name: str, about: Facts | None = None) -> str:
    platform = platforms.get(name)
    assert platform is not None
    return announcement(platform, about or facts(platforms, name), escaped)


def test_social_live_announces_with_the_fields_of_its_runbook(platforms: Platforms) -> None:
    about = replace(facts(platforms, "social-live"), impact="Nobody can pay", commander=Mrkdwn("<@U2>"))
    assert announced(platforms, "social-live", about).splitlines() == [
        ":rotating_light: *INCIDENT ALERT* :rotating_light:",
        "*Severity:* 1 (Critical)",
        "*Service:* Social Live Platform",
        "*Issue:* Checkout returns 500 (INC-7, <#C7>)",
        "*Impact:* Nobody can pay",
        "*ETA:* not known yet",
        "*Incident commander:* <@U2>",
        "*Status page:* https://status.yourdomain.com",
        "_Declared by <@U1>, 12:30 UTC_",
    ]


def test_linkist_announces_with_the_fields_of_its_runbook(platforms: Platforms) -> None:
    text = announced(platforms, "linkist", replace(facts(platforms, "linkist"), next_update="13:00 UTC"))
    assert "*Incident status:* declared\n" in text
    assert "*Current actions:* not known yet\n" in text
    assert "*Expected resolution:* not known yet\n" in text
    assert "*Next update:* 13:00 UTC\n" in text


@pytest.mark.parametrize(
    ("message", "labels"),
    [
        ("management-update", ["Summary", "Business impact", "Technical details", "Recovery"]),
        ("status-page-update", ["Checkout", "Status", "Expected resolution", "Next update"]),
        ("customer-update", ["Checkout", "expect it to work", "What you can do", "Questions"]),
        ("customer-email", ["Checkout", "Current status", "Expected resolution", "What you can do"]),
        ("social-media", ["Checkout", "looking into it", "Next update"]),
        ("technical-partners", ["Details", "System status", "Expected impact", "Recovery"]),
        ("business-partners", ["Business impact", "What we are doing", "Recovery", "Contact"]),
        ("root-cause-analysis", ["Timeline of events", "Actions taken", "Root cause", "Contributing factors"]),
        ("team-review", ["What went well", "What could improve", "Process improvements", "tool improvements"]),
    ],
)
def test_linkist_has_a_message_for_everybody(platforms: Platforms, message: str, labels: list[str]) -> None:
    linkist = platforms.get("linkist")
    assert linkist is not None
    text = render(linkist.templates[linkist.messages[message].template], facts(platforms, "linkist"), escaped)
    assert [label for label in labels if label not in text] == []


def test_social_media_hears_of_the_resolution(platforms: Platforms) -> None:
    linkist = platforms.get("linkist")
    assert linkist is not None
    about = replace(facts(platforms, "linkist"), status="resolved")
    text = render(linkist.templates["social-media.md.j2"], about, escaped)
    assert text == 'Linkist works again: "Checkout returns 500" is resolved. Thank you for your patience.'


@given(title=st.text(max_size=3000), name=st.sampled_from(ALL.names))
def test_a_title_cannot_ping_or_link(title: str, name: str) -> None:
    text = announced(ALL, name, facts(ALL, name, title=f"<!channel>{title}"))
    assert text.replace("<@U1>", "").replace("<#C7>", "").count("<") == 0
    assert "&lt;!channel&gt;" in text


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ channel }}", "<#C7>"),
        ("{{ channel | upper }}", "&lt;#C7&gt;"),  # a changed mention is a mention no more
        ("{{ channel ~ incident.title }}", "&lt;#C7&gt;a &amp; b"),
        ("{{ incident.title | e }}", "a &amp; b"),
        ("{{ incident.title | upper }}", "A &amp; B"),
        ("{{ eta }}|{{ eta or 'soon' }}", "not known yet|soon"),
        ("{% for letter in 'ab' %}{{ letter }}{% endfor %} < &", "ab < &"),
        ("{{ incident.severity.label }} {{ platform.title }}", "Critical Zephyr"),
    ],
)
def test_what_is_printed_is_escaped_once(platforms: Platforms, template: str, text: str) -> None:
    assert render(template, facts(platforms, "zephyr", title="a & b"), escaped) == text


@pytest.mark.parametrize(
    "template", ["{{ nothing }}", "{{ incident.x }}", "{{ 2 ** 999 }}", "{{ 1 / 0 }}", "{{ 'a' + 1 }}"]
)
def test_what_cannot_be_filled_in_is_one_error(platforms: Platforms, template: str) -> None:
    with pytest.raises(RenderError, match="cannot be filled in"):
        render(template, facts(platforms, "zephyr"), escaped)

"""How the words of a declaration are given out: severity, platform, and what somebody sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import NotAllowed
from bot.runbooks.platform import Platform, Severity
from bot.verbs.arguments import Reading, arguments_of, form_for, read, split
from bot.verbs.replies import Field, Form
from bot.verbs.scene import Scene
from bot.verbs.words import Words, as_text
from commands.incident.declare import Arguments
from tests.verbs.scenes import scene

ARGUMENTS = arguments_of(Arguments)


def reading(typed: str, where: Scene | None = None) -> Reading:
    where = where or scene()
    return read(ARGUMENTS, split(ARGUMENTS, Words(typed), where), where)


def understood(typed: str, where: Scene | None = None) -> tuple[str, str, str]:
    """Return severity, platform and summary; a dash for what is not known."""
    values = reading(typed, where).values
    severity, platform = values.get("severity"), values.get("platform")
    return (
        severity.name if isinstance(severity, Severity) else "–",
        platform.name if isinstance(platform, Platform) else "–",
        str(values.get("summary", "–")),
    )


def form(typed: str, where: Scene | None = None) -> Form:
    where = where or scene()
    return form_for("incident declare", "Declare an incident", ARGUMENTS, reading(typed, where), where)


def field(shown: Form, name: str) -> Field:
    return next(field for field in shown.fields if field.name == name)


@pytest.mark.parametrize(
    "typed",
    [
        "P1 social-live checkout is down",
        "social-live P1 checkout is down",
        "p1 Social Live checkout is down",
        "P1: social-live: checkout is down",
        "P1, social live, checkout is down",
        "SEV1 social checkout is down",
        "sev-1 social_live checkout is down",
        "sev 1 social-live checkout is down",
        "severity 1 social live checkout is down",
        "Social Live Sev 1: checkout is down",
        "critical social-live checkout is down",
        "Critical: social live checkout is down",
        "1 social-live checkout is down",
        "1 Social Live checkout is down",
        "“P1” “Social Live” checkout is down",
        "P1 social–live “checkout is down”",
        "P1\nsocial-live\ncheckout is down",
        "\u200bP1 \ufeffsocial-live checkout is down",
    ],
)
def test_severity_and_platform_come_in_any_order_and_shape(typed: str) -> None:
    assert understood(typed) == ("1", "social-live", "checkout is down")


@pytest.mark.parametrize(
    "text",
    [
        "checkout is down",
        "high error rate on checkout",
        "critical path is broken",
        "3 pods are in CrashLoopBackOff",
        "503 from checkout",
        "p95 latency is 4 s",
        "S3 uploads fail",
        "links are broken",
        "live comments do not arrive",
        "sev team is asking",
        "severity of errors rises",
        "facebook login fails",
        "<script>alert(1)</script>",
    ],
)
def test_words_of_the_text_are_never_eaten(text: str) -> None:
    for where in (scene(platform="social-live"), scene({"social-live": "operator"})):
        assert understood(f"P1 {text}", where) == ("1", "social-live", text)
        assert reading(text, where).typed["summary"] == text
    assert understood(f"P1 social-live {text}") == ("1", "social-live", text)
    assert understood(f"social-live {text}")[1:] == ("social-live", text)
    assert reading(f"P1 {text}").typed == {"severity": "P1", "summary": text}


@pytest.mark.parametrize(
    ("text", "offered"), [("high error rate", "2"), ("critical path is broken", "1"), ("3 pods crash", "")]
)
def test_a_first_word_that_may_be_a_severity_is_offered_and_kept_in_the_text(text: str, offered: str) -> None:
    shown = form(f"social-live {text}")
    assert field(shown, "severity").value == offered
    assert field(shown, "summary").value == text


def test_a_platform_that_the_text_speaks_of_is_offered() -> None:
    shown = form("P1 login is broken on zephyr again")
    assert field(shown, "platform").value == "zephyr"
    assert field(shown, "summary").value == "login is broken on zephyr again"
    assert field(form("P1 zephyr-voting and linkist are down"), "platform").value == "zephyr"
    assert field(form("P1 both linkist and zephyr are down"), "platform").value == ""


@pytest.mark.parametrize("typed", ["socal-live", "scoial-live", "sociallive", "Social-Life", "social-live:"])
def test_a_slip_of_the_finger_is_asked_about(typed: str) -> None:
    shown = form(f"P1 {typed} checkout is down")
    assert field(shown, "platform").value == "social-live"
    assert field(shown, "summary").value == "checkout is down"


def test_an_unknown_platform_gets_the_nearest() -> None:
    problem = reading("P1 zephir votes are lost").problems["platform"]
    assert problem.sentence == "There is no platform “zephir”. Did you mean zephyr?"


@pytest.mark.parametrize("typed", ["P9", "sev7", "SEV-12", "severity 5"])
def test_an_unknown_severity_says_which_exist_and_what_they_mean(typed: str) -> None:
    problem = reading(f"{typed} social-live checkout is down").problems["severity"]
    assert problem.sentence == (
        f"Social Live has no severity “{typed}”. It has:\n"
        "• Severity 1 Critical: Complete service outage or data loss\n"
        "• Severity 2 High: Significant feature degradation that affects more than 10% of the users\n"
        "• Severity 3 Medium: Minor feature issues that affect less than 10% of the users"
    )
    shown = form(f"{typed} social-live checkout is down")
    assert shown.notes == (problem.sentence,)
    assert next(choice.description for choice in field(shown, "severity").choices) == (
        "Complete service outage or data loss"
    )


def test_the_same_word_means_what_the_platform_says() -> None:
    assert understood("P1 linkist uploads fail")[0] == "P1"
    assert understood("P1 zephyr votes are lost")[0] == "Critical"
    assert understood("critical linkist uploads fail")[0] == "P0"


def test_the_channels_platform_comes_before_the_persons_own() -> None:
    both = {"social-live": "operator", "linkist": "responder"}
    assert understood("P1 down", scene(both, platform="linkist"))[1] == "linkist"
    assert understood("P1 down", scene(both))[1] == "–"
    assert understood("P1 zephyr down", scene(platform="linkist"))[1] == "zephyr"


def test_a_platform_that_one_may_only_read_does_not_count_as_ones_own() -> None:
    assert understood("P1 down", scene({"social-live": "operator", "linkist": "viewer"}))[1] == "social-live"


def test_only_platforms_where_one_may_declare_are_offered() -> None:
    shown = form("P1 down", scene({"social-live": "operator", "linkist": "responder", "zephyr": "viewer"}))
    assert [choice.value for choice in field(shown, "platform").choices] == ["linkist", "social-live"]


def test_a_platform_where_one_may_not_declare_is_refused_before_anything_is_filled_in() -> None:
    with pytest.raises(NotAllowed, match="This needs a responder on linkist, and you have no role there yet"):
        reading("linkist down", scene({"social-live": "operator"}))


@pytest.mark.parametrize("typed", ["", '""', "P1", 'P1 social-live ""', "P1 social-live “ ”", "social-live \u200b"])
def test_nothing_to_say_is_asked_for(typed: str) -> None:
    assert reading(typed).problems["summary"].missing


def test_without_a_platform_the_form_has_one_select_and_keeps_the_rest() -> None:
    shown = form("P1 checkout is down")
    assert [(f.name, f.value) for f in shown.fields] == [("platform", ""), ("summary", "checkout is down")]
    assert shown.kept == {"severity": "P1"}
    assert shown.notes == ()


def test_a_text_that_is_too_long_loses_nothing() -> None:
    shown = form("P1 social-live " + "a" * 3000 + "the end of it")
    assert shown.notes == ("That is 3,013 characters long; 3,000 are the most. These do not fit: “the end of it”",)
    assert reading("P1 social-live " + "a" * 3000).problems == {}


@given(st.text())
def test_nothing_that_is_typed_raises(typed: str) -> None:
    where = scene(platform="social-live")
    shown = form_for("incident declare", "Declare an incident", ARGUMENTS, reading(typed, where), where)
    assert [f.name for f in shown.fields] == ["severity", "platform", "summary"]


_words = st.sampled_from(
    [
        "P1",
        "sev",
        "1",
        "high",
        "social-live",
        "social",
        "live",
        "zephyr",
        "links",
        "checkout",
        "is",
        "down",
        "P9",
        "500",
    ]
)


@given(st.lists(_words, min_size=1, max_size=6).map(" ".join))
def test_every_word_is_given_to_somebody(typed: str) -> None:
    given_out = reading(typed).typed
    words = sorted(typed.split())
    assert sorted(word for text in given_out.values() for word in text.split()) == words
    assert as_text(typed).endswith(given_out.get("summary", ""))

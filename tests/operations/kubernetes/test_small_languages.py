"""The small languages inside a kubectl line: JSONPath, selectors, quantities, durations, ages."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.operations.kubernetes import jsonpath, kinds, quantities, selectors

PODS = {
    "items": [
        {
            "metadata": {"name": "a", "labels": {"app.kubernetes.io/name": "x"}},
            "status": {"conditions": [{"type": "Ready", "status": "True"}, {"type": "Other", "status": "False"}]},
            "spec": {"replicas": 2, "on": True, "ports": [1, 2, 3]},
        },
        {"metadata": {"name": "b"}, "spec": {"replicas": 0}},
    ]
}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{.items[*].metadata.name}", "a b"),
        (".items[0].metadata.name", "a"),
        ("items[-1].metadata.name", "b"),
        ("$.items[1].spec.replicas", "0"),
        ("{.items[0].spec.on}", "true"),
        ("{.items[0].spec.ports[1:]}", "2 3"),
        ("{.items[0].metadata.labels['app.kubernetes.io/name']}", "x"),
        (r"{.items[0].metadata.labels.app\.kubernetes\.io/name}", "x"),
        ('{.items[*].status.conditions[?(@.type=="Ready")].status}', "True"),
        ("{.items[*].status.conditions[?(@.type!='Ready')].type}", "Other"),
        ('{range .items[*]}{.metadata.name}{"\\t"}{.spec.replicas}{"\\n"}{end}', "a\t2\nb\t0\n"),
        ("names: {.items[*].metadata.name}!", "names: a b!"),
        ("{.items[*].nothing.here}", ""),
        ("{.items[9].metadata}", ""),
        ("{.items[1].metadata}", '{"name":"b"}'),
    ],
)
def test_a_path_finds(template: str, text: str) -> None:
    assert jsonpath.rendered(template, PODS) == text


@pytest.mark.parametrize(
    "template",
    ["", "{", "{.a", "{.a[}", "{..a}", "{.a[?(@.b>1)]}", "{range .a}{.b}", "{end}", "x" * 1001, "{.a}}"],
)
def test_a_path_that_is_none_is_refused(template: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        jsonpath.parse(template)


@given(st.text(max_size=40), st.recursive(st.none() | st.integers() | st.text(max_size=3), st.lists, max_leaves=5))
def test_any_path_is_read_or_refused(template: str, document: object) -> None:
    try:
        parsed = jsonpath.rendered(template, document)
    except ValueError:
        return
    assert isinstance(parsed, str)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("app=web", "app=web"),
        ("app == web", "app=web"),
        ("b=1,a!=2", "a!=2,b=1"),
        ("tier in (b, a)", "tier in (a,b)"),
        ("tier notin (a)", "tier notin (a)"),
        ("app,!old", "!old,app"),
        ("example.com/app=web", "example.com/app=web"),
        ("app=<service>", "app=<service>"),
        ("app=", "app="),
        ("app=web,", None),
        ("", None),
        ("=web", None),
        ("app=a b", None),
        ("app in ()", "app in ()"),
        ("app in (a", None),
        ("app=a;b", None),
    ],
)
def test_a_label_selector_has_one_form(text: str, form: str | None) -> None:
    assert selectors.labels(text) == form


@pytest.mark.parametrize(
    ("selector", "says"),
    [
        ("app=web", True),
        ("app in (a,b)", True),
        ("a!=b,app=web", True),
        ("app!=web", False),
        ("app notin (a)", False),
        ("app", False),
        ("!app", False),
        ("metadata.name=x", True),
        ("metadata.namespace=x", False),
        ("", False),
    ],
)
def test_a_selector_says_which_or_all_but_which(selector: str, says: bool) -> None:
    assert selectors.says_which(selector) is says


@pytest.mark.parametrize(
    ("text", "number"),
    [("250m", 0.25), ("2", 2), ("512Mi", 2**29), ("1e3", 1000), ("1.5G", 1.5e9), ("128974848", 128974848)],
)
def test_a_quantity_is_a_number(text: str, number: float) -> None:
    assert quantities.amount(text) == number


@pytest.mark.parametrize("text", ["", "m", "1 Gi", "1gi", "--1", "1Kb", "٣", "1e999"])
def test_other_quantities_are_none(text: str) -> None:
    assert quantities.amount(text) is None


def test_nanocores_are_a_quantity() -> None:
    assert quantities.amount("123456789n") == pytest.approx(0.123456789)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("5m", 300), ("1h30m", 5400), ("720h", 2592000), ("500ms", 0.5), ("1.5h", 5400), ("0", 0), ("0s", 0)],
)
def test_a_duration_is_in_seconds(text: str, seconds: float) -> None:
    assert quantities.seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "5", "2d", "m", "-5m", "5 m", "1h 30m", "٣m"])
def test_other_durations_are_none(text: str) -> None:
    assert quantities.seconds(text) is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (119, "119s"),
        (192, "3m12s"),
        (180, "3m"),
        (3600, "60m"),
        (4 * 3600 + 60, "4h1m"),
        (86400, "24h"),
        (3 * 86400 + 7200, "3d2h"),
        (400 * 86400, "400d"),
        (800 * 86400, "2y70d"),
        (4000 * 86400, "10y"),
    ],
)
def test_an_age_is_told_in_two_units(seconds: int, text: str) -> None:
    now = datetime(2026, 11, 2, tzinfo=UTC)
    assert quantities.age(now - timedelta(seconds=seconds), now) == text


def test_a_time_is_read_or_not() -> None:
    assert quantities.moment("2026-11-02T09:30:00Z") == datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    assert [quantities.moment(text) for text in (None, "", "soon", 5)] == [None] * 4


@pytest.mark.parametrize(
    ("word", "plural"),
    [
        ("po", "pods"),
        ("Pods", "pods"),
        ("deploy", "deployments"),
        ("deployments.apps", "deployments"),
        ("hpa", "horizontalpodautoscalers"),
        ("certificates", "certificates"),
        ("issuers.cert-manager.io", "issuers.cert-manager.io"),
        ("podz", None),
        ("ndoes", None),
        ("no such", None),
        ("../x", None),
    ],
)
def test_a_word_for_a_kind(word: str, plural: str | None) -> None:
    assert kinds.named(word) == plural

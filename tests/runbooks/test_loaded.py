"""What a loaded platform knows: its entries by name, where an operation is carried out, what comes next."""

from datetime import UTC, datetime, timedelta

import jsonschema
import pytest

from bot.operations.effect import Effect
from bot.operations.line import read_line
from bot.runbooks.document import read_document
from bot.runbooks.faults import NoTarget
from bot.runbooks.firings import next_firing, next_firings
from bot.runbooks.loader import load_platforms
from bot.runbooks.platform import Platform
from bot.runbooks.schemas import KINDS, json_schema
from bot.runbooks.spans import spoken
from bot.runbooks.summary import summary
from tests.runbooks.conftest import OPERATED, OPERATIONS, Write


@pytest.fixture
def shop(write: Write) -> Platform:
    (platform,) = load_platforms(write(OPERATED, files=OPERATIONS)).all
    return platform


def test_probes_and_actions_in_procedures_are_among_the_others(shop: Platform) -> None:
    assert {"cache-answers", "cache-size", "dashboard"} <= shop.probes.keys()
    size = shop.probe("cache-size")
    assert size is not None
    assert (size.name, size.title, size.run[0].text) == ("cache-size", "Cache size", "redis-cli DBSIZE")
    expire = shop.action("expire")
    assert expire is not None
    assert (expire.effect, expire.approvals_needed, expire.name) == (Effect.WRITE, 1, "expire")
    assert shop.probe("nothing") is None


def test_an_entry_knows_its_name_effect_and_approvals(shop: Platform) -> None:
    found = {name: (action.name, action.effect, action.approvals_needed) for name, action in shop.actions.items()}
    assert found["forget-all"] == ("forget-all", Effect.DESTROY, 2)
    assert found["scale-up"] == ("scale-up", Effect.WRITE, 1)
    assert found["tell"] == ("tell", Effect.READ, 0)
    up, down = shop.action("scale-up"), shop.action("scale-down")
    assert up is not None
    assert down is not None
    assert (up.undo_action, down.undo_action) == ("scale-down", None)


def test_the_initial_assessment_has_its_probes(shop: Platform) -> None:
    assert [probe.name for probe in shop.first_probes()] == ["cache-answers", "cache-size"]


def test_a_criterion_may_have_to_last(write: Write) -> None:
    lasting = OPERATED.replace("when: fails}", "when: fails, for: 5m}")
    (platform,) = load_platforms(write(lasting, files=OPERATIONS)).all
    assert platform.rollback is not None
    (criterion,) = platform.rollback.services["backend"]
    assert criterion.lasting == timedelta(minutes=5)


def test_items_and_monitors_have_a_probe_behind_them(shop: Platform) -> None:
    morning = shop.checklist("morning")
    assert morning is not None
    behind = {name: shop.probe_of(item) for name, item in morning.items.items()}
    assert behind["cache"] is shop.probe("cache-answers")
    assert behind["backup"] is None
    size = behind["size"]
    assert size is not None
    assert (size.name, size.title, str(size.warning)) == ("size", "Keys", "> 1000000")
    assert shop.probe_of(shop.monitors["cache"]) is shop.probe("cache-answers")


@pytest.mark.parametrize(
    ("line", "target"),
    [
        ("redis-cli PING", "cache"),
        ("curl https://api.shop.example/health", "web"),
        ("curl https://partner.example/health", "partners"),
        ("curl https://partner.example:8443/health", "partners"),
        ("shopctl report", "tools"),
        ("SELECT 1", "database"),
        ("kubectl get pods", "cluster"),
        ("telnet [db-host] 5432", "database"),
        ("tcp $DB_HOST $DB_PORT", "database"),
        ("telnet [other-host] 5432", "web"),
    ],
)
def test_an_operation_finds_its_target(shop: Platform, line: str, target: str) -> None:
    assert shop.target_for(read_line(line, programs=shop.programs).operation).name == target


@pytest.mark.parametrize(
    ("line", "target"),
    [
        ("curl https://shop.example/", "inner"),
        ("curl http://shop.example:443/", "inner"),
        ("curl http://shop.example/", "web"),
        ("curl https://Api.Cdn.Example/x", "cdn"),
        ("curl https://cdn.example/x", "web"),
        ("curl https://evilcdn.example/x", "web"),
        ("curl https://a.ports.example:8443/x", "ports"),
        ("curl https://a.ports.example/x", "web"),
        ("tcp db.internal 5432", "wires"),
        ("tcp db.internal 5433", "web"),
        ("tcp db.internal <port>", "wires"),
        ("tcp any.cdn.example 22", "cdn"),
        ("curl https://<host>/health", "web"),
    ],
)
def test_of_several_targets_the_one_that_lists_the_host_is_meant(write: Write, line: str, target: str) -> None:
    more = """\
  inner: {kind: http, hosts: ["shop.example:443"], private: true}
  cdn: {kind: http, hosts: ["*.cdn.example"]}
  ports: {kind: http, hosts: ["*.ports.example:8443"]}
  wires: {kind: http, hosts: ["db.internal:5432"], private: true}
"""
    operated = OPERATED.replace("  tools: {kind", f"{more}  tools: {{kind")
    (platform,) = load_platforms(write(operated, files=OPERATIONS)).all
    assert platform.target_for(read_line(line).operation).name == target


def test_a_target_can_be_named_if_it_is_of_the_kind(shop: Platform) -> None:
    ping = read_line("redis-cli PING").operation
    assert shop.target_for(ping, "sessions").name == "sessions"
    with pytest.raises(NoTarget, match="Shop has no redis target database"):
        shop.target_for(ping, "database")
    with pytest.raises(NoTarget, match="Shop has no prometheus target"):
        shop.target_for(read_line("promql up").operation)


def test_the_summary_says_what_is_there_and_what_comes_next(write: Write) -> None:
    platforms = load_platforms(write(OPERATED, files=OPERATIONS))
    now = datetime(2030, 1, 4, 12, 0, tzinfo=UTC)  # a Friday
    assert summary(platforms, now).splitlines() == [
        "1 platform, no faults: shop.",
        "  shop: 7 targets, 6 probes, 5 actions, 2 procedures, 2 checklists, 2 alerts and 1 monitor",
        "Next:",
        "  Sat 2030-01-05 09:00 Europe/Vienna  shop: checklist morning",
        "  Mon 2030-01-07 10:00 Europe/Vienna  shop: hand-over of the rota",
        "Again and again:",
        "  every 5 minutes  shop: monitor cache",
    ]


@pytest.mark.parametrize(
    ("cron", "after", "expected"),
    [
        ("30 2 * * *", "2030-03-30T12:00+00:00", "2030-03-31T03:00+02:00"),  # skipped: right after the gap
        ("30 2 * * *", "2030-10-26T12:00+00:00", "2030-10-27T02:30+02:00"),  # comes twice: the first time
        ("30 2 * * *", "2030-10-27T00:30+00:00", "2030-10-28T02:30+01:00"),
        ("0 2 * * SUN#1", "2030-01-07T00:00+00:00", "2030-02-03T02:00+01:00"),
        ("0 10 * * 1", "2030-01-04T00:00+00:00", "2030-01-07T10:00+01:00"),
    ],
)
def test_firings_across_clock_changes(cron: str, after: str, expected: str) -> None:
    found = next_firing(cron, "Europe/Vienna", datetime.fromisoformat(after))
    assert found.isoformat(timespec="minutes") == expected


def test_firings_come_in_order(write: Write) -> None:
    platforms = load_platforms(write(OPERATED, files=OPERATIONS))
    moments = [firing.moment for firing in next_firings(platforms, datetime(2030, 1, 4, tzinfo=UTC))]
    assert len(moments) == 2
    assert moments == sorted(moments)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(minutes=5), "5 minutes"),
        (timedelta(hours=1, minutes=30), "1 hour 30 minutes"),
        (timedelta(days=2), "2 days"),
        (timedelta(), "0 seconds"),
    ],
)
def test_spans_are_spoken(span: timedelta, words: str) -> None:
    assert spoken(span) == words


_FILES: dict[str, str] = {"platform": OPERATED, "procedure": OPERATIONS["procedures/slow.yml"]}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_has_a_schema_that_good_files_meet(kind: str, write: Write) -> None:
    schema = json_schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    text = _FILES.get(kind) or OPERATIONS[f"{kind}.yml"]
    folder = write(files={"file.yml": text})
    values = read_document(folder / "shop/file.yml").values
    validator = jsonschema.Draft202012Validator(schema)
    assert [error.message for error in validator.iter_errors(values)] == []
    assert list(validator.iter_errors({**values, "titel": "x"})) != []


def test_a_schema_refuses_what_the_loader_refuses() -> None:
    steps = jsonschema.Draft202012Validator(json_schema("procedure"))
    for step in ({"probe": "x", "run": "redis-cli PING"}, {"probe": "x"}, {"human": "Look"}, {"procedure": "y"}):
        assert list(steps.iter_errors({"procedure": "a", "title": "A", "diagnose": [step]})) == [], step
    for wrong in ({"prob": "x"}, {"title": "X"}, {"probe": "x", "offer-when": ["x is bad"]}):
        assert list(steps.iter_errors({"procedure": "a", "title": "A", "diagnose": [wrong]})) != [], wrong

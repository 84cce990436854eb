"""Which rows of an inventory count, and what is said of those that do not."""

from pathlib import Path

import pytest

from bot.errors import BadInput
from bot.runbooks.coverage import Coverage, Way, coverage
from bot.runbooks.coverage_report import report
from bot.runbooks.inventory import Row, read_inventory
from bot.runbooks.loader import check, load_platforms
from bot.runbooks.unknown_rows import unknown_rows
from tests.runbooks.conftest import OPERATED, OPERATIONS, Write


def judged(write: Write, rows: list[Row], files: dict[str, str], platform: str = OPERATED) -> Coverage:
    """Return what becomes of the rows with these files beside the good ones."""
    merged = {**OPERATIONS}
    for path, text in files.items():
        merged[path] = OPERATIONS.get(path, "") + text
    folder = write(platform, files=merged)
    assert check(folder) == []
    return coverage(load_platforms(folder), rows)


def row(kind: str, detail: str = "", number: int = 1, platform: str = "shop") -> Row:
    return Row(f"shop-{number}", platform, kind, "A title", detail)


def probe(source: str = "shop-1", run: str = "redis-cli DBSIZE", rest: str = "") -> dict[str, str]:
    return {"probes.yml": f"  p: {{title: P, run: {run}, source: [{source}]{rest}}}\n"}


def human(because: str) -> dict[str, str]:
    return {"probes.yml": f"  p: {{title: P, human: Look, source: [shop-1]{because}}}\n"}


COUNTED = [
    (row("probe", "redis-cli DBSIZE"), probe(), Way.COMMAND),
    (row("probe", "Look at it: redis-cli  dbsize [NOTE: slow]"), probe(), Way.COMMAND),
    (row("probe", "Number of keys, no query given"), probe(), Way.COMMAND),
    (row("probe", "redis-cli --bigkeys"), probe(rest=", differs: It would take hours"), Way.CHANGED),
    (row("probe", "watch redis-cli DBSIZE"), probe(rest=", differs: It would never end"), Way.CHANGED),
    (row("probe", "Look at the page"), human(", because: It has no address"), Way.HUMAN),
    (
        row("action", "Open a channel"),
        {"actions.yml": "  a: {title: A, opsroom: /incident declare, source: [shop-1]}\n"},
        Way.OWN,
    ),
    (
        row("action", "Call the vendor"),
        {
            "procedures/third.yml": "procedure: third\ntitle: T\n"
            "resolve: [{human: Call, because: B, source: [shop-1]}]\n"
        },
        Way.HUMAN,
    ),
    (
        row("checklist-item", "redis-cli PING"),
        {
            "checklists.yml": "  more: {title: M, schedule: on-demand, "
            "items: {a: {title: A, probe: cache-answers, source: [shop-1]}}}\n"
        },
        Way.COMMAND,
    ),
    (
        row("policy", "Every Monday"),
        {
            "checklists.yml": "  more: {title: M, schedule: 0 9 * * MON, source: [shop-1], "
            "items: {a: {title: A, action: tell}}}\n"
        },
        Way.STATED,
    ),
    (
        row("procedure", "1. Look: redis-cli PING; 2. Then: redis-cli DBSIZE"),
        {
            "procedures/third.yml": "procedure: third\ntitle: T\nsource: [shop-1]\n"
            "diagnose: [{probe: cache-answers}, {probe: cache-size}]\n"
        },
        Way.COMMAND,
    ),
    (
        row("alert", "When it is down"),
        {"alerts.yml": "  third: {title: T, condition: C, source: [shop-1]}\n"},
        Way.STATED,
    ),
]


@pytest.mark.parametrize(("wanted", "files", "way"), COUNTED)
def test_a_row_counts(write: Write, wanted: Row, files: dict[str, str], way: Way) -> None:
    found = judged(write, [wanted], files)
    assert found.ways == {"shop-1": way}, found.missing
    assert found.complete


SHORT = [
    (row("probe", "redis-cli PING"), {}, "no entry names it"),
    (
        row("probe", "redis-cli PING"),
        probe(),
        'probe p runs "redis-cli DBSIZE" where the row has "redis-cli PING", and does not say why (differs)',
    ),
    (row("probe", "watch redis-cli DBSIZE"), probe(), 'the row has "watch redis-cli DBSIZE"'),
    (row("probe", "redis-cli DBSIZE | wc -l"), probe(), 'the row has "redis-cli DBSIZE | wc -l"'),
    (
        row("probe", "redis-cli DBSIZE"),
        probe(run="[redis-cli DBSIZE, redis-cli PING]"),
        'probe p runs "redis-cli PING", which its rows do not have',
    ),
    (row("action", "redis-cli DBSIZE"), probe(), "probe p names it, which counts for a probe and not for an action"),
    (row("probe", "Look at the page"), human(""), "leaves it to a person and does not say why (because)"),
    (row("probe", "redis-cli DBSIZE", platform="mall"), probe(), "probe p is an entry of shop"),
    (
        row("action", "kubectl get pods"),
        {"actions.yml": "  a: {title: A, opsroom: /incident declare, source: [shop-1]}\n"},
        'action a does not run "kubectl get pods" and does not say why (differs)',
    ),
    (
        row("procedure", "Look: redis-cli --bigkeys"),
        {"procedures/third.yml": "procedure: third\ntitle: T\nsource: [shop-1]\ndiagnose: [{probe: cache-answers}]\n"},
        'procedure third has no step for "redis-cli --bigkeys" and does not say why (differs)',
    ),
]


@pytest.mark.parametrize(("wanted", "files", "reason"), SHORT)
def test_a_row_does_not_count_and_it_is_said_why(write: Write, wanted: Row, files: dict[str, str], reason: str) -> None:
    found = judged(write, [wanted], files)
    assert found.ways == {}
    assert reason in found.missing["shop-1"]
    assert not found.complete


def test_one_entry_may_carry_out_several_rows(write: Write) -> None:
    rows = [row("probe", "redis-cli DBSIZE"), row("probe", "redis-cli PING", number=2)]
    found = judged(write, rows, probe("shop-1, shop-2", "[redis-cli DBSIZE, redis-cli PING]"))
    assert found.ways == {"shop-1": Way.COMMAND, "shop-2": Way.COMMAND}


def test_the_command_of_a_procedure_may_stand_in_a_row_that_one_of_its_steps_is_for(write: Write) -> None:
    rows = [row("procedure", "Look: redis-cli --bigkeys"), row("probe", "redis-cli --bigkeys", number=2)]
    files = probe("shop-2", rest=", differs: It would take hours")
    files["procedures/third.yml"] = "procedure: third\ntitle: T\nsource: [shop-1]\ndiagnose: [{probe: p}]\n"
    assert judged(write, rows, files).ways == {"shop-1": Way.COMMAND, "shop-2": Way.CHANGED}


def test_a_row_counts_when_one_of_several_entries_is_right(write: Write) -> None:
    files = probe()
    files["actions.yml"] = "  a: {title: A, opsroom: /incident declare, source: [shop-1]}\n"
    assert judged(write, [row("probe", "redis-cli DBSIZE")], files).ways == {"shop-1": Way.COMMAND}


def test_an_id_that_no_row_has_is_told_with_its_place(write: Write) -> None:
    files = {**OPERATIONS, "probes.yml": OPERATIONS["probes.yml"] + probe("shop-9")["probes.yml"]}
    folder = write(OPERATED, files=files)
    (fault,) = unknown_rows(load_platforms(folder), [row("probe"), row("probe", number=2)])
    assert (fault.path.name, fault.line, fault.column) == ("probes.yml", 23, 49)
    assert fault.sentence == '"shop-9" is no row of the inventory; the last one is shop-2'


TOTAL = (
    "1 of 3 rows are covered: 1 by a command, 0 by a changed command, 0 by a human step, "
    "0 by a command of Opsroom's own, 0 by what a file states."
)


def test_the_report_counts_by_platform_kind_and_way(write: Write) -> None:
    rows = [
        row("probe", "redis-cli DBSIZE"),
        row("probe", "redis-cli PING", number=2),
        row("policy", number=3, platform="mall"),
    ]
    assert report(judged(write, rows, probe())).splitlines() == [
        "platform    probe   policy",
        "shop          1/2        -",
        "mall            -      0/1",
        "Missing (2):",
        "  shop-2 (probe, A title): no entry names it",
        "  shop-3 (policy, A title): no entry names it",
        TOTAL,
    ]


HEAD = "id,platform,kind,title,detail\n"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("id,platform,kind,title\n", "has no column detail"),
        ("", "has no column id, platform, kind, title or detail"),
        (HEAD + "a-1,shop,wish,T,D\n", "the row a-1 has the kind wish; there are probe, action"),
        (HEAD + 'a-1,shop,probe,T,"D\n', "is not a CSV file in UTF-8"),
    ],
)
def test_a_file_that_is_no_inventory(tmp_path: Path, content: str, sentence: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match=sentence):
        read_inventory(path)


def test_an_inventory_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"rows\.csv cannot be read"):
        read_inventory(tmp_path / "rows.csv")

"""Every mistake in a platform's files is told with its line and column, and all of them at once."""

from pathlib import Path

import pytest

from bot.errors import RunbookError
from bot.runbooks.faults import RunbookFaultsError
from bot.runbooks.loader import check, load_platforms
from tests.runbooks.conftest import PLATFORM, Write


def told(folder: Path) -> list[str]:
    """Return the faults as people see them, without the folder."""
    return [str(fault).removeprefix(f"{folder}/") for fault in check(folder)]


def test_a_good_file_has_no_faults(write: Write) -> None:
    assert told(write()) == []


CHANGES = [
    # unknown, missing and repeated keys
    (
        "time-zone: Europe/Vienna",
        "timezone: Europe/Vienna",
        '3:1: unknown key "timezone"; did you mean time-zone?',
    ),
    ("    response: 15m", "    respons: 15m", '9:5: unknown key "respons"; did you mean response?'),
    ("    url: https", "    qqq: https", '24:5: unknown key "qqq"; there are source, note, title and url'),
    ("title: Shop\n", "", '1:1: "title" is missing in the file'),
    ("    meaning: Ugly\n", "", '11:5: "meaning" is missing in severities.2'),
    ("    role: On-call primary", "    availability: always", '19:3: "role" is missing in contacts.primary'),
    (
        "title: Shop",
        "title: Shop\ntitle: Store",
        '2:1: key "title" is there twice (first on line 1); keep one',
    ),
    # values of the wrong kind
    (
        "title: Shop",
        "title: 7",
        "1:8: title: should be text, not the number 7 (put it in quotes if you mean text)",
    ),
    (
        "title: Shop",
        "title: true",
        "1:8: title: should be text, not true (put it in quotes if you mean the word)",
    ),
    ("title: Shop", "title: [a]", "1:8: title: should be text, not a list"),
    ("title: Shop", "title: {a: b}", "1:8: title: should be text, not a mapping"),
    ("title: Shop", "title: ''", "1:8: title: is empty"),
    ("title: Shop", "title:", "1:7: title: has no value"),
    ("aliases: [SEV1, high]", "aliases: SEV1", '8:14: aliases: should be a list, not the text "SEV1"'),
    ("page: [primary]", "page: {primary: yes}", "10:11: page: should be a list, not a mapping"),
    (
        "    name: shop-incidents",
        "    name: #shop",
        "what follows a # is a comment, so write the name without it",
    ),
    (
        "  shop:\n    title: The shop\n    url: https://shop.example.com",
        "  shop: x",
        "22:9: shop: should be a mapping",
    ),
    # durations
    (
        "response: 15m",
        "response: 15",
        '9:15: response: "15" is not a duration; write 90s, 15m, 4h, 1d, 1h30m',
    ),
    ("response: 15m", "response: soon", '9:15: response: "soon" is not a duration'),
    ("response: 15m", "response: 15 m", '9:15: response: "15 m" is not a duration'),
    # time zones
    (
        "Europe/Vienna",
        "Europe/Viena",
        '3:12: time-zone: "Europe/Viena" is not a time zone; did you mean Europe/Vienna',
    ),
    ("Europe/Vienna", "../etc/passwd", '3:12: time-zone: "../etc/passwd" is not a time zone'),
    # names, handles and addresses
    ("shop-incidents", "Shop Incidents", '16:11: name: "Shop Incidents" is not a Slack channel name'),
    ("shop-incidents", "'#shop'", '16:11: name: "#shop" is not a Slack channel name'),
    ("shop-incidents", "x" * 81, "is not a Slack channel name"),
    ("  primary:\n    role", "  Primary One:\n    role", '19:3: "Primary One" is not a name for an entry'),
    ("page: [primary]", "invite: ['@dba']", '10:14: invite: "@dba" is not a handle'),
    ("page: [primary]", "invite: [Some People]", '10:14: invite: "Some People" is not a handle'),
    (
        "title: Shop",
        "title: Shop\non-call-group: '@on call'",
        '2:16: on-call-group: "@on call" is not a handle',
    ),
    ("https://shop", "ftp://shop", '24:10: url: "ftp://shop.example.com" is not a web address'),
    (
        "role: On-call primary",
        "role: A\n    ways: {email: nobody}",
        '21:19: email: "nobody" is not an e-mail address',
    ),
    (
        "role: On-call primary",
        "role: A\n    ways: {phone: call me}",
        '21:19: phone: "call me" is not a telephone',
    ),
    (
        "role: On-call primary",
        "role: A\n    source: [row 1]",
        '21:14: source: "row 1" is not the id of an inventory row',
    ),
    (
        "role: On-call primary",
        "role: A\n    source: [a-1, a-2, a-3, a-4]",
        "source: has 4 entries, 3 is the most",
    ),
    # what entries say about each other
    ("aliases: [SEV1, high]", "aliases: [SEV1, p-2]", '11:11: "P2" already means severity P1'),
    (
        "    meaning: Ugly",
        "    meaning: Ugly\n    aliases: [new, sev 1]",
        '14:20: "sev 1" already means severity P1',
    ),
    (
        "page: [primary]",
        "page: [primery]",
        '10:12: "primery" is no contact of this platform; did you mean primary?',
    ),
    ("page: [primary]", "notify: [incidents, ops]", '10:25: "ops" is no contact or channel of this platform'),
    (
        "page: [primary]",
        "escalate-to: [boss]",
        '10:19: "boss" is no contact of this platform; there is primary',
    ),
    (
        "  channel: incidents",
        "  channel: incident",
        '26:12: "incident" is no channel of this platform; did you mean',
    ),
    # YAML
    ("summary: Sells things.", "summary: a: b", "2:11: is not YAML: mapping values are not allowed here"),
    ("summary: Sells things.", "summary: @here", "2:10: is not YAML: a value cannot start with @"),
    ("summary: Sells things.", "\tsummary: x", "is not YAML: indent with spaces, not with tabs"),
    (
        "summary: Sells things.",
        "summary: &a x\nnote: *a",
        "3:7: repeats another value by an alias (*); write the value out",
    ),
    (
        "summary: Sells things.",
        "summary: !!python/name:os.system x",
        "2:10: has the tag tag:yaml.org,2002:python/name",
    ),
    ("summary: Sells things.", "? [a]\n: b", "2:3: is a key that is not plain text"),
    ("summary: Sells things.", "summary: a\n--- # next\nb: c", "is not YAML: but found another document"),
]


@pytest.mark.parametrize(("good", "bad", "sentence"), CHANGES)
def test_a_mistake_is_told_with_its_place(write: Write, good: str, bad: str, sentence: str) -> None:
    assert PLATFORM.count(good) == 1
    faults = told(write(PLATFORM.replace(good, bad)))
    expected = sentence if not sentence[0].isdigit() else f"shop/platform.yml:{sentence}"
    assert any(expected in fault for fault in faults), faults
    assert len(faults) <= 2  # a mistake is not told over and over (a misspelt key is unknown and missing)


def test_all_mistakes_of_all_platforms_are_told_at_once(write: Write) -> None:
    text = (
        PLATFORM.replace("Europe/Vienna", "Nowhere")
        .replace("response: 15m", "response: 15")
        .replace("    url:", "    uri:")
        .replace("  channel: incidents", "  channel: nothing")
    )
    write(text, template="{{ incident.tilte }}")
    folder = write(text.replace("Shop", "Market"), name="market")
    with pytest.raises(RunbookFaultsError) as caught:
        load_platforms(folder)
    assert isinstance(caught.value, RunbookError)
    assert [(fault.path.parts[-2], fault.line) for fault in caught.value.faults if fault.path.suffix == ".yml"] == [
        (name, line) for name in ("market", "shop") for line in (3, 9, 24, 26)
    ]
    assert str(caught.value).splitlines()[0] == f"The runbooks have {len(caught.value.faults)} faults:"


def test_sections_beside_a_wrong_one_are_still_compared_but_never_with_the_wrong_one(write: Write) -> None:
    text = PLATFORM.replace("    role: On-call primary", "    role: 5").replace("  channel: incidents", "  channel: x")
    faults = told(write(text))
    assert len(faults) == 2  # nothing about the page of a contact, whose section is wrong by itself
    assert "20:11: role: should be text" in faults[0]
    assert '26:12: "x" is no channel' in faults[1]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "1:1: the file is empty"),
        (b"# only a comment\n", "1:1: the file is empty"),
        (b"- a\n- b\n", "1:1: the file should be a mapping, not a list"),
        (b"title: \xff\n", "1:1: is not UTF-8 text (byte 8)"),
        (b"title: a\x00b\n", "1:9: has a character that YAML does not allow: U+0000"),
        (b"a: " + b"[" * 5000, "1:1: is nested too deeply to be a runbook"),
        (b"a: &x [*x]\n", "1:8: repeats another value by an alias"),
    ],
)
def test_files_that_are_no_platform(write: Write, content: bytes, sentence: str) -> None:
    faults = told(write(content))
    assert any(fault.startswith(f"shop/platform.yml:{sentence}") for fault in faults), faults


def test_scalars_stay_the_words_that_were_written(write: Write) -> None:
    text = PLATFORM.replace("aliases: [SEV1, high]", "aliases: [1, on, no, 1:30, 2024-01-02]")
    severity = load_platforms(write(text)).all[0].severities[0]
    assert severity.aliases == ("1", "on", "no", "1:30", "2024-01-02")


def test_folders(write: Write, tmp_path: Path) -> None:
    folder = write()
    (folder / "empty").mkdir()
    (folder / "Bad Name").mkdir()
    (folder / ".hidden").mkdir()
    (folder / "readme.md").write_text("Not a platform.", encoding="utf-8")
    assert told(folder) == [
        "Bad Name:1:1: is not a name for a platform; use lower-case letters, digits and hyphens",
        "empty/platform.yml:1:1: is missing; every platform's folder has a platform.yml",
    ]
    assert "is not a folder" in str(check(tmp_path / "nowhere")[0])


def test_two_platforms_cannot_share_a_word(write: Write) -> None:
    write(PLATFORM.replace("title: Shop", "title: Market\naliases: [the shop, mall]"), name="market")
    folder = write(PLATFORM.replace("title: Shop", "title: Mall"))
    assert told(folder) == ['shop/platform.yml:1:8: "Mall" already means the platform market; use another word']


TEMPLATES = [
    ("{{ incident.title", "1:1: is not a template: "),
    ("a\n{% if eta %}\nb", "is not a template: "),
    ("a\n  {{ incidnet.title }}", "2:6: incidnet is nothing that a template knows; did you mean incident?"),
    ("{{ incident.tilte }}", "1:13: tilte is nothing that a template knows; did you mean title?"),
    ("{{ incident.severity.nam }}", "1:22: nam is nothing that a template knows; did you mean name?"),
    (
        "x{% if eta %}{{ incident.nope.x }}{% endif %}",
        "1:26: nope is nothing that a template knows; there are ref, title",
    ),
    ('{{ platform.links["status"] }}', "1:20: status is nothing that a template knows; there is shop"),
    ("{{ os }}{{ nothing }}", "1:4: os is nothing that a template knows"),
    ("{{ range(9) }}", "1:4: range is nothing that a template knows"),
    ("{{ eta | nofilter }}", "1:1: is not a template: No filter named 'nofilter'"),
    ("{{ incident.title | safe }}", "is not a template: No filter named 'safe'"),
    ("{{ 'x' * 1000000000 }}", "1:1: cannot be filled in: templates cannot calculate with *"),
    ("{{ incident.title.__class__ }}", "1:1: cannot be filled in: "),
    ("{{ eta.x() }}", "1:1: cannot be filled in: "),
    ("{% include 'other' %}", "1:1: cannot be filled in: "),
    (" \n", "1:1: gives an empty message"),
]


@pytest.mark.parametrize(("template", "sentence"), TEMPLATES)
def test_a_template_is_tried_when_it_is_loaded(write: Write, template: str, sentence: str) -> None:
    faults = told(write(template=template))
    expected = f"announcement.md.j2:{sentence}" if sentence[0].isdigit() else sentence
    assert any(expected in fault for fault in faults), faults


def test_a_missing_template_is_told_where_it_is_named(write: Write) -> None:
    faults = told(write(template=None))
    assert len(faults) == 1
    assert faults[0].startswith("shop/platform.yml:26:3: the template ")
    assert faults[0].endswith("templates/announcement.md.j2 cannot be read: No such file or directory")

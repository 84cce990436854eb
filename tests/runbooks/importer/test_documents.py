"""Documents in several styles become runbooks that load, with every command line under the heading it stands under."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import BadInput
from bot.operations.line import Line, read_line
from bot.runbooks.importer.writing import Imported, import_document
from bot.runbooks.loader import check, load_platforms
from bot.runbooks.platform import Platform

DOCUMENTS = Path(__file__).parents[2] / "data" / "markdown"

FILLED = {
    "audience": "Everybody",
    "deployment": "web",
    "meaning": "It is bad",
    "name": "incidents",
    "namespace": "default",
    "schedule": "0 9 * * *",
    "summary": "A platform",
    "time-zone": "Europe/Vienna",
}
"""What a person would fill in, by the key whose value is to be filled in."""


def drafted(name: str, tmp_path: Path) -> Imported:
    return import_document(DOCUMENTS / f"{name}.md", tmp_path, "drafted")


def filled(imported: Imported) -> Platform:
    """Fill in what an import left open, and return the platform."""
    for path in imported.folder.rglob("*.yml"):
        text = path.read_text(encoding="utf-8")
        done = re.sub(
            r"^(\s*(?:- )?([\w-]+): )['\"]?TODO.*$", lambda f: f"{f[1]}{FILLED[f[2]]!r}", text, flags=re.MULTILINE
        )
        path.write_text(done, encoding="utf-8")
    assert check(imported.folder.parent) == []
    (platform,) = load_platforms(imported.folder.parent).all
    return platform


def lines_under_headings(platform: Platform) -> Iterator[tuple[str, Line]]:
    """Yield every command line with the heading that its note names."""
    for procedure in platform.procedures.values():
        for _, step in procedure.steps():
            name = getattr(step, "probe", None) or getattr(step, "action", None) or ""
            deed = platform.probes.get(name) if hasattr(step, "probe") else platform.actions.get(name)
            yield from ((_heading(procedure.note), line) for line in (deed.run if deed else ()))
    for checklist in platform.checklists.values():
        for item in checklist.items.values():
            deed = platform.actions.get(item.action or "")
            yield from ((_heading(checklist.note), line) for line in (deed.run if deed else item.run))


def _heading(note: str | None) -> str:
    return (note or "").split(": ", 1)[1].removesuffix(".").split(" > ")[-1]


COMMANDS = {
    "fenced-shell": [
        ("Nightly checklist (11:15 PM)", "kubectl get pods -n tracker"),
        ("Nightly checklist (11:15 PM)", "redis-cli LLEN parcels:waiting | head -1"),
        ("Parcels stand still", 'psql "$DATABASE_URL" -c "SELECT max(received_at) FROM positions"'),
        (
            "Parcels stand still",
            "kubectl logs deployment/collector -n tracker --since=30m | grep -i error | tail -20",
        ),
        ("Parcels stand still", "kubectl logs deployment/collector -n tracker --since=<since>"),
        ("Parcels stand still", "kubectl rollout restart deployment/collector -n tracker"),
        ("Parcels stand still", "kubectl rollout status deployment/collector -n tracker --timeout=2m"),
        ("Nightly clean-up", "DELETE FROM positions WHERE received_at < now() - interval '90 days'"),
        ("Nightly clean-up", "VACUUM ANALYZE positions"),
        ("Nightly clean-up", "aws s3 ls s3://tracker-backups/ | tail -1"),
        ("Nightly clean-up", "is-set BACKUP_KEY"),
        ("Nightly clean-up", "redis-cli DEL van:$van"),
        ("Nightly clean-up", "pg_dump tracker"),
        ("Nightly clean-up", "kubectl exec deploy/collector -n tracker -- df -h"),
    ],
    "inline-lists": [
        ("Sales stop", "kubectl get pods -n booth -l app=till"),
        ("Sales stop", "redis-cli PING"),
        ("Sales stop", "SELECT count(*) FROM orders WHERE state = 'open'"),
        ("Sales stop", "kubectl delete pod <pod-name> -n booth"),
        ("Sales stop", "redis-cli DEL seats:*"),
        ("Sales stop", "SELECT pg_terminate_backend(<pid>)"),
        ("Rollback", "kubectl rollout undo deployment/till -n booth --to-revision=<number>"),
        ("Rollback", "kubectl rollout status deployment/till -n booth --timeout=3m"),
        ("Before a release", "kubectl get pods -n booth"),
    ],
    "tables": [
        ("Quick commands", "kubectl get pods -n greenhouse"),
        ("Quick commands", "SELECT count(*) FROM readings WHERE at > now() - interval '1 hour'"),
        (
            "Quick commands",
            'curl -X POST https://windows.greenhouse.example/open -H "Authorization: Bearer $WINDOW_TOKEN"',
        ),
    ],
    "numbered-prose": [
        ("Lending stops", "pg_isready -h <DB_HOST> -p 5432"),
        ("Lending stops", "SELECT pid, wait_event, query FROM pg_stat_activity WHERE wait_event_type = 'Lock'"),
        ("Lending stops", "SELECT pg_terminate_backend(<pid>)"),
    ],
    "front-matter": [
        ("Alert: Timetable is old", "redis-cli TTL timetable"),
        ("Alert: Timetable is old", "curl -fsS https://api.ferry.example/health"),
        ("Alert: Timetable is old", "npm run timetable:read"),
    ],
    "mixed": [
        ("📻 Silence on air", "kubectl get pods -n studio"),
        ("📻 Silence on air", "kubectl top pods -n studio"),
        ("📻 Silence on air", "promql 'max(audio_level{studio=\"one\"})'"),
        ("📻 Silence on air", "kubectl delete pod mixer-0 -n studio"),
        ("📻 Silence on air", "npm run tape --silent"),
        ("Weekly checklist", 'psql -d studio -c "DELETE FROM recordings WHERE kept = false"'),
    ],
    "no-commands": [],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_line_is_under_its_heading(name: str, tmp_path: Path) -> None:
    placed = list(lines_under_headings(filled(drafted(name, tmp_path))))
    expected = [(heading, read_line(text)) for heading, text in COMMANDS[name]]
    assert [(heading, line.text) for heading, line in expected if (heading, line) not in placed] == []
    assert [(heading, line.text) for heading, line in placed if (heading, line) not in expected] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_draft_loads_only_once_every_gap_is_filled(name: str, tmp_path: Path) -> None:
    imported = drafted(name, tmp_path)
    said = [str(fault) for fault in check(tmp_path)]
    assert len(said) == len(imported.gaps), said
    assert all("is still to be filled in" in fault for fault in said), said
    filled(imported)


LEFT_OUT = {
    "fenced-shell": {
        7: "it is prose without a step",
        13: "it names the script",
        14: "it only prepares the shell",
        16: "it only prints words",
        65: "it only prints words",
        68: "a shell decides or repeats here",
        74: "services are restarted where they run",
        75: "its input stands below it",
        81: "it is json",
    },
    "inline-lists": {7: "it is prose without a step"},
    "tables": {65: "no table of a kind that is known"},
    "numbered-prose": {22: "it is prose"},
    "front-matter": {21: "it is output", 23: "it is an example of output", 61: "it is a list of links"},
    "mixed": {
        23: "it is output",
        39: "nobody logs in to servers",
        41: "there is no editor here",
        61: "it is a list of facts",
        64: "it is a list of facts",
    },
}


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_is_not_placed_is_listed_with_its_line_and_the_reason(name: str, tmp_path: Path) -> None:
    imported = drafted(name, tmp_path)
    for number, reason in LEFT_OUT[name].items():
        assert any(f"{name}.md:{number}: " in line and reason in line for line in str(imported).splitlines()), (
            number,
            str(imported),
        )


def test_facts_of_tables(tmp_path: Path) -> None:
    platform = filled(drafted("tables", tmp_path))
    assert [(s.name, s.meaning, str(s.response)) for s in platform.severities[:2]] == [
        ("SEV1", "Plants die", "0:10:00"),
        ("SEV2", "Plants suffer", "1:00:00"),
    ]
    assert platform.severities[0].examples == ("Heating off in winter", "no water")
    gardener = platform.contacts["gardener-on-call"]
    assert (gardener.ways.slack_user, gardener.ways.phone, gardener.availability) == (
        "gardener",
        "+43 660 5550100",
        "24/7",
    )
    assert platform.channels["greenhouse-alarms"].purpose == "What the sensors say"
    assert platform.announcement.channel == "greenhouse-incidents"
    hot, odd = platform.alerts["too-hot"], platform.alerts["odd"]
    assert (hot.severity, hot.condition, str(hot.respond_within)) == ("SEV1", "Above 38 degrees for 5 min", "0:10:00")
    assert (odd.severity, odd.note) == (None, "The document gives it the severity SEV9.")
    assert platform.alerts["sensor-delay"].condition == "Sensor delay: warning > 30s; critical > 2m"
    assert platform.objectives["readings-stored"].target == "99.5%"
    assert {name: each.keep for name, each in platform.retention.items()} == {
        "readings": "90d",
        "images-of-plants": "12 versions",
        "yearbook": "indefinite",
    }


def test_facts_of_lists(tmp_path: Path) -> None:
    platform = filled(drafted("inline-lists", tmp_path))
    assert platform.contacts["theatre-desk"].ways.email == "desk@theatre.example"
    assert platform.contacts["theatre-desk"].ways.phone == "+43 1 555 0199"
    assert platform.contacts["night-watch"].note == "The document says: pager in the cupboard"
    assert platform.channels["booth-ops"].name == "booth-ops"
    assert platform.links["status-page"].url == "https://status.booth.example"
    assert [(s.name, s.title) for s in platform.severities] == [("P1", "Critical"), ("P2", "Minor")]
    stop = platform.procedures["sales-stop"]
    assert stop.symptoms == ("The till shows an hourglass", "checkout_failures_total rises")
    assert [getattr(step, "human", None) for step in stop.diagnose][-1] == "Ask the theatre whether they see it too"
    assert platform.checklists["before-a-release"].schedule == "pre-deployment"


def test_facts_of_headings_and_front_matter(tmp_path: Path) -> None:
    platform = filled(drafted("front-matter", tmp_path))
    assert (platform.title, platform.time_zone) == ("Ferry Times", "Europe/Helsinki")
    assert platform.summary == "Says when the next ferry leaves."
    assert [(s.name, s.title, s.meaning) for s in platform.severities] == [
        ("P1", "Critical", "No times at all"),
        ("P2", "Minor", "Old times"),
    ]
    alert = platform.alerts["timetable-is-old"]
    assert (alert.condition, alert.severity, alert.procedure) == (
        "no timetable for 10 minutes",
        "P2",
        "timetable-is-old",
    )
    assert platform.procedures["timetable-is-old"].symptoms == ("no timetable for 10 minutes",)
    assert "{{ time }}" in platform.templates["message-template.md.j2"]  # as text, and not as a variable


def test_checklists_have_their_schedules_and_monitors_their_pace(tmp_path: Path) -> None:
    mixed = filled(drafted("mixed", tmp_path / "mixed"))
    assert mixed.checklists["weekly-checklist"].schedule == "0 6 * * MON"
    assert str(mixed.monitors["stream-answers"].every) == "0:05:00"
    assert mixed.scaling_triggers["cpu-70"].then == "one more mixer"
    night = filled(drafted("fenced-shell", tmp_path / "night")).checklists["nightly-checklist-11-15-pm"]
    assert night.schedule == "15 23 * * *"
    assert [item.human for item in night.items.values()][-1] == "Ask the driver desk whether all vans are back"


def test_what_destroys_needs_two_approvals_and_what_was_changed_is_said(tmp_path: Path) -> None:
    platform = filled(drafted("fenced-shell", tmp_path))
    deletes = [action for action in platform.actions.values() if "DELETE FROM" in action.run[0].text]
    assert [(action.approvals, action.confirm) for action in deletes] == [(2, True)]
    dump = next(action for action in platform.actions.values() if action.run[0].text == "pg_dump tracker")
    assert dump.note == (
        "The document has `pg_dump tracker > /tmp/tracker.sql`. Its output goes to the chat and not into a file."
    )
    since = next(probe for probe in platform.probes.values() if "$SINCE" in probe.run[0].text)
    assert since.title == "The whole story"
    assert (since.parameters["since"].kind, since.parameters["since"].default) == ("duration", "2h")


def test_the_report_counts_what_was_found(tmp_path: Path) -> None:
    first = str(drafted("tables", tmp_path)).splitlines()[0]
    assert first.endswith("tables.md: 1 procedure, 3 commands, 4 alerts, 2 contacts, 2 channels and 1 objective.")


def test_a_folder_that_is_there_is_not_touched(tmp_path: Path) -> None:
    drafted("tables", tmp_path)
    with pytest.raises(BadInput, match="is there already; choose another name with --platform"):
        drafted("mixed", tmp_path)


@pytest.mark.parametrize(
    ("content", "platform", "sentence"),
    [
        (None, None, "cannot be read: No such file"),
        (b"# \xff", None, r"is not UTF-8 text \(byte 3\)"),
        (b"# Shop", "The Shop", "is not a name for a platform"),
    ],
)
def test_a_file_that_cannot_be_imported(
    tmp_path: Path, content: bytes | None, platform: str | None, sentence: str
) -> None:
    path = tmp_path / "shop.md"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInput, match=sentence):
        import_document(path, tmp_path / "out", platform)


def test_the_name_comes_from_the_title(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.write_text("# 🛒 Corner Shop – Operations Runbook\n", encoding="utf-8")
    imported = import_document(path, tmp_path / "out")
    assert (imported.folder.name, imported.draft.title) == ("corner-shop", "Corner Shop")


def test_a_database_that_is_only_knocked_at_is_a_target(tmp_path: Path) -> None:
    source = tmp_path / "quay.md"
    source.write_text("# Quay\n\n## No boats\n\n```sh\n# Is the port open?\ntelnet [db-host] 5432\n```\n", "utf-8")
    platform = filled(import_document(source, tmp_path / "out", "quay"))
    assert platform.targets["database"].kind == "postgres"

"""Scripts, statements, headings and outlines, piece by piece."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.runbooks.importer.drafting import draft_from
from bot.runbooks.importer.headings import is_label, key, phase_of, plain, schedule_of
from bot.runbooks.importer.outline import Code, Item, Table, Text, read_outline
from bot.runbooks.importer.pieces import Command, Point, Remark, Setting, Skipped
from bot.runbooks.importer.scripts import read_script
from bot.runbooks.importer.statements import read_statements
from bot.runbooks.importer.values import key_and_value, span, ways

OUTPUT = "it is output, or goes on from the line above"


@pytest.mark.parametrize(
    ("script", "pieces"),
    [
        ("kubectl get pods # all", [Command(5, "kubectl get pods", "all")]),
        ("kubectl logs x | \\\n  grep y", [Command(5, "kubectl logs x | grep y")]),
        ("Don't panic\nredis-cli PING", [Command(5, "Don't panic"), Command(6, "redis-cli PING")]),
        ("the vans' round\nredis-cli PING", [Command(5, "the vans' round"), Command(6, "redis-cli PING")]),
        ('psql -c "SELECT 1\nFROM a"', [Command(5, 'psql -c "SELECT 1 FROM a"')]),
        ("redis-cli GET 'a # b'", [Command(5, "redis-cli GET 'a # b'")]),
        ("npm test && npm ci; npm audit", [Command(5, f"npm {word}") for word in ("test", "ci", "audit")]),
        ("$ redis-cli PING\nPONG", [Command(5, "redis-cli PING"), Skipped(6, "PONG", OUTPUT)]),
        ("psql -d ferry\nSELECT 1;", [Command(5, "psql -d ferry"), Command(6, "SELECT 1;")]),
        ("mysql\nnpm test", [Point(5, "Open a session: mysql"), Command(6, "npm test")]),
        ("# why\n- look\n1. think", [Remark(5, "why"), Point(6, "look"), Point(7, "think")]),
        ('DAY="2030-01-01"', [Setting(5, "DAY", "2030-01-01")]),
        (
            'N=$(kubectl get pods | wc -l)\necho "$N pods"',
            [Command(5, "kubectl get pods | wc -l"), Skipped(6, 'echo "$N pods"', "it only prints words")],
        ),
        (
            '{\n  "a": {"b": 1}\n}\nredis-cli PING',
            [Skipped(5, "{", "it is an example of output"), Command(8, "redis-cli PING")],
        ),
        ("SELECT 1\n  FROM a;\nnpm test", [Command(5, "SELECT 1 FROM a;"), Command(7, "npm test")]),
        (
            "psql shop <<'END'\nSELECT \"a\" FROM b;\nEND\nnpm test",
            [Command(6, 'psql shop -c "SELECT \\"a\\" FROM b;"'), Command(8, "npm test")],
        ),
    ],
)
def test_a_script_is_read(script: str, pieces: list[object]) -> None:
    assert list(read_script(script, 5)) == pieces


def test_statements_are_told_apart() -> None:
    sql = "-- one; two\nSELECT ';' FROM a; DELETE FROM b -- gone\nWHERE c = 'd''e';\n\n/* no */ SELECT 2"
    found = [(piece.line, piece.text) for piece in read_statements(sql, 1) if isinstance(piece, (Command, Remark))]
    assert found == [
        (1, "one; two"),
        (2, "SELECT ';' FROM a;"),
        (2, "DELETE FROM b WHERE c = 'd''e';"),
        (5, "SELECT 2"),
    ]


DOCUMENT = """\
---
title: T
---
intro

# A

**L:** x `y`
**M**: z

## B

- [ ] one

  ```sh
  two
  ```

| h |
|--||
| c |
"""


def test_an_outline_knows_headings_and_lines() -> None:
    outline = read_outline(DOCUMENT)
    assert outline.front == {"title": "T"}
    before, first, second = outline.sections
    assert before.blocks == [Text(4, "intro")]
    assert (first.line, first.path) == (6, ("A",))
    assert first.blocks == [Text(8, "L: x `y`", "L", ("y",)), Text(9, "M: z", "M")]
    assert (second.line, second.path) == (11, ("A", "B"))
    item, table = second.blocks
    assert isinstance(item, Item)
    assert (item.head.text, item.task, item.blocks) == ("one", True, (Code(16, "sh", "two\n"),))
    assert isinstance(table, Table)
    assert (table.heads, [line for line, _ in table.rows]) == (("h",), [21])


@pytest.mark.parametrize(
    ("label", "phase"),
    [
        ("Symptoms:", "symptoms"),
        ("**Investigation Steps**", "diagnose"),
        ("Resolution Actions:", "resolve"),
        ("Immediate actions", "resolve"),
        ("Verify", "follow-up"),
        ("When to Rollback", "symptoms"),
        ("Parcels", None),
        ("Check whether all of the vans are back in the yard", None),
    ],
)
def test_labels_begin_parts(label: str, phase: str | None) -> None:
    assert phase_of(label) == phase


def test_a_remark_is_a_label_only_when_it_says_nothing_else() -> None:
    assert is_label("Investigation Steps")
    assert not is_label("Check the queue")
    assert not is_label("Verify")


@pytest.mark.parametrize(
    ("headings", "cron"),
    [
        (("Morning round (9:00 AM)",), "0 9 * * *"),
        (("Checklist", "Weekly maintenance (Sundays 2:30 PM UTC)"), "30 14 * * SUN"),
        (("Updates (first Sunday of the month, 02:00)",), "0 2 * * SUN#1"),
        (("Monthly, 12:05 am",), "5 0 1 * *"),
        (("Pre-deployment checklist",), "pre-deployment"),
        (("On-call handoff",), "hand-over"),
        (("Daily",), None),
        (("At 9:00",), None),
        (("Daily at 99:00",), None),
    ],
)
def test_headings_say_when(headings: tuple[str, ...], cron: str | None) -> None:
    assert schedule_of(*headings) == cron


def test_words_become_names_and_values() -> None:
    assert plain("🔥 **3. `Redis` is down:**".replace("*", "")) == "Redis is down"
    assert key("Incident 2: Größe of the – queue!") == "groe-of-the-queue"
    assert [span(text) for text in ("< 5 minutes", "within 1 hour", "2d", "Best effort")] == ["5m", "1h", "2d", None]
    assert key_and_value("Primary: a@b.example (+1 555 0100)") == ("Primary", "a@b.example (+1 555 0100)")
    assert key_and_value("nothing") is None
    assert ways("PagerDuty, #ops, @ann, https://x.example/a.") == {
        "slack-channel": "ops",
        "slack-user": "ann",
        "pager": "PagerDuty",
        "url": "https://x.example/a",
    }


@given(st.text())
def test_any_text_gives_a_draft(text: str) -> None:
    draft_from(text, "x")


PARTS = (
    *("# A", "## B", "- c: `kubectl get pods`", "1. **D**", "   - e", "```bash", "```", "$ redis-cli PING", "{"),
    *("psql <<X", "X", "| a | b |", "|---|---|", "| c | d |", "**Symptoms**", "# Solutions", "---", "> q", "\\"),
    *("'", '"', "for x in y", ""),
)


@given(st.lists(st.sampled_from(PARTS)))
def test_any_mixture_gives_a_draft(lines: list[str]) -> None:
    draft_from("\n".join(lines), "x")

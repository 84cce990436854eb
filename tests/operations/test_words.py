"""Words: a line is split as a shell would, and nothing is expanded."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.operations.refusal import LineRefused
from bot.operations.words import Word, behind, holes_in, split


def texts(line: str, values: dict[str, str] | None = None) -> list[list[str]]:
    return [[word.text for word in part] for part in split(line, values)]


def refusal(line: str, values: dict[str, str] | None = None) -> LineRefused:
    with pytest.raises(LineRefused) as caught:
        split(line, values)
    return caught.value


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("kubectl get pods", ["kubectl", "get", "pods"]),
        ('psql -c "SELECT 1; SELECT 2"', ["psql", "-c", "SELECT 1; SELECT 2"]),
        ('grep \'"level":"error"\'', ["grep", '"level":"error"']),
        (r'grep "id\":\"abc"', ["grep", 'id":"abc']),
        (r'grep "401\|403"', ["grep", r"401\|403"]),
        ("a'b'\"c\"\\ d", ["abc d"]),
        ("  x \t y  ", ["x", "y"]),
        ("awk '{print $4}'", ["awk", "{print $4}"]),
        ("grep '[a-z]'", ["grep", "[a-z]"]),
    ],
)
def test_quotes_and_backslashes_are_read_as_by_a_shell(line: str, words: list[str]) -> None:
    assert texts(line) == [words]
    assert shlex.split(line) == words


_TYPED = st.characters(blacklist_categories=("Cc", "Cf", "Cs", "Zl", "Zp"))


@given(st.lists(st.text(_TYPED, min_size=1), min_size=1, max_size=6))
def test_what_shlex_quotes_comes_back(words: list[str]) -> None:
    assert texts("x " + shlex.join(words)) == [["x", *words]]


@pytest.mark.parametrize(
    ("line", "word", "column", "instead"),
    [
        ("kubectl get pods; rm -rf /", ";", 17, "one command on each line"),
        ("curl x && curl y", "&&", 8, "one command on each line"),
        ("curl x || curl y", "||", 8, "one command on each line"),
        ("sleep 9 &", "&", 9, "nothing runs in the background"),
        ("echo `id`", "`", 6, "<name>"),
        ("echo $(id)", "$(", 6, "<name>"),
        ('psql -c "SELECT $(id)"', "$(", 17, "<name>"),
        ('psql -c "SELECT `id`"', "`", 17, "<name>"),
        ("pg_dump x > y", ">", 11, "Slack"),
        ("psql < dump.sql", "<", 6, "name the file"),
        ("psql << EOF", "<<", 6, "name the file"),
        ("kubectl get pods\nrm -rf /", "", 17, "one command on each line"),
        ('grep "open', '"', 6, 'close it with "'),
        ("grep “x”", "“", 6, "straight"),
        ("kubectl get pods –n x", "–", 18, "- or --"),
        ("kubectl get\u00a0pods", "", 12, "type it again"),
        ("kubectl get pods |", "", 18, "write a command"),
        ("| grep x", "", 8, "write a command"),
        ("", "", 1, "write a command"),
        ("kubectl\x00 get", "", 8, "leave it out"),
        ("x" * 10_001, "", 10_000, "shorter"),
    ],
)
def test_what_only_a_shell_could_do_is_refused_at_its_place(line: str, word: str, column: int, instead: str) -> None:
    refused = refusal(line)
    assert (refused.word.strip(), refused.column) == (word.strip(), column)
    assert instead in refused.instead


def test_quotes_protect_what_a_shell_would_run() -> None:
    assert texts("grep '$(id); `x` > y && z'") == [["grep", "$(id); `x` > y && z"]]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("$DATABASE_URL", "database-url"),
        ("${DATABASE_URL}", "database-url"),
        ("<pod-name>", "pod-name"),
        ("<DB_HOST>", "db-host"),
        ("[db-host]", "db-host"),
    ],
)
def test_a_hole_has_one_name_however_it_is_written(text: str, name: str) -> None:
    assert holes_in(text) == (name,)
    ((_, word),) = split(f"x {text}")
    assert (word.text, word.holes, word.is_hole) == (text, (name,), True)
    assert texts(f"x pre{text}/post", {name: "a b;c|d"}) == [["x", "prea b;c|d/post"]]


def test_an_escaped_dollar_is_no_hole() -> None:
    assert split(r"x \$HOME") == ((Word("x", 1), Word("$HOME", 3)),)
    assert texts(r"x \$HOME", {"home": "y"}) == [["x", "$HOME"]]


def test_a_value_is_never_read_again() -> None:
    assert texts("x <a> <b>", {"a": "<b>", "b": "$(id)"}) == [["x", "<b>", "$(id)"]]
    ((_, first, _),) = split("x <a> <b>", {"a": "<b>", "b": "y"})
    assert first.holes == ()


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("--all", "begins with -"),
        (" -x", "begins with -"),
        ("", "is empty"),
        ("  ", "is empty"),
        ("a\nb", "control character"),
        ("a\x1b[0m", "control character"),
        ("a\u2028b", "control character"),
        ("x" * 10_001, "more than 10,000"),
    ],
)
def test_a_value_that_would_be_more_than_a_value_is_refused(value: str, reason: str) -> None:
    refused = refusal("kubectl delete pod <pod-name>", {"pod-name": value})
    assert reason in refused.reason
    assert (refused.word, refused.column) == ("<pod-name>", 20)
    assert not value.strip() or value not in str(refused)


def test_a_value_may_begin_with_a_hyphen_inside_a_word() -> None:
    assert texts('x "n = <n>" --at=<n>', {"n": "-5"}) == [["x", "n = -5", "--at=-5"]]


def test_stars_outside_of_quotes_are_told_from_those_inside() -> None:
    ((_, bare, quoted, escaped),) = split(r"gzip *.sql '*.sql' \*.sql")
    assert (bare.glob, quoted.glob, escaped.glob) == (True, False, False)


def test_what_is_behind_a_part_of_a_word_keeps_its_holes() -> None:
    ((_, word),) = split("x --tail=<lines>")
    rest = behind(word, len("--tail="))
    assert (rest.text, rest.column, rest.is_hole) == ("<lines>", 10, True)


@pytest.mark.parametrize("unseen", ["\u202e", "\u200b", "\u2066", "\u00ad", "\u2028"])
def test_what_nobody_sees_is_refused(unseen: str) -> None:
    with pytest.raises(LineRefused, match=f"the character U\\+{ord(unseen):04X} cannot be used"):
        split(f"kubectl delete pod we{unseen}b")

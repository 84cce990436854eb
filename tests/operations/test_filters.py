"""Filters: what stands behind a pipe, compared with the programs of the machine where it has them."""

import shutil
import subprocess
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import AnswerUnreadable, TargetRefused
from bot.operations.filters import filtered, read_filter
from bot.operations.operation import Hole
from bot.operations.output import Output, Series, Table
from bot.operations.refusal import LineRefused
from bot.operations.text.automaton import Automaton
from bot.operations.text.nouns import Filter, Head, Tail
from bot.operations.text.pattern import read_pattern
from bot.operations.words import split

LOG = """\
2024-01-01T10:00:00 INFO start code=200 size=12
2024-01-01T10:00:01 ERROR db timeout code=401 size=7
2024-01-01T10:00:02 error cache miss code=403 size=100

2024-01-01T10:00:04 WARN slow_query took 5.5s a.b+c size=7
\tindented line 1K
2M total
3 apples
10 apples
3 apples
3 Apples
foo foobar barfoo foo_bar
"""


def filters(line: str, values: dict[str, str] | None = None) -> tuple[Filter, ...]:
    return tuple(read_filter(line, part, values or {}) for part in split(line))


def run(line: str, text: str = LOG, values: dict[str, str] | None = None) -> Output:
    return filtered(Output(text), filters(line, values))


def shell(line: str, text: str) -> tuple[str, int]:
    done = subprocess.run(
        ["/bin/sh", "-c", line],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )
    return done.stdout, done.returncode


@pytest.mark.parametrize(
    "line",
    [
        "grep ERROR",
        "grep -i error",
        "grep -v size",
        "grep -c size",
        "grep -vc size",
        "grep nothing",
        r'grep "401\|403"',
        "grep -E '401|403'",
        "grep -E '^2024.*(db|cache) '",
        "grep -F a.b+c",
        "grep a.b+c",
        "grep -E 'a.b.c'",
        "grep -w foo",
        "grep -cw bar",
        "grep -x '3 apples'",
        "grep -n apples",
        "grep -e ERROR -e WARN",
        "grep -iE 'error|warn' | grep -v cache",
        "grep -A1 ERROR",
        "grep -B1 -A 1 slow",
        "grep -C 1 -n slow",
        "grep -m 2 size",
        r"grep '\bfoo\b'",
        r"grep '\<foo'",
        r"grep 'foo\>'",
        r"grep '\w\+_\w\+'",
        "grep '[[:upper:]]\\{4,5\\}'",
        "grep '[^[:alnum:]: .=_+-]'",
        "grep '^$'",
        "grep -E '^(|3 .*)$'",
        "grep 'size=[0-9]\\{2,\\}$'",
        "grep -E '(0{2}:){1,2}0[0-2]'",
        "grep 'a*b'",
        "grep '*'",
        "grep -E 'x?y*z+|K$'",
        "grep ']'",
        "grep '[]a]p'",
        "head -3",
        "head -n 3",
        "head",
        "head -n 0",
        "tail -2",
        "tail -n 2",
        "tail -n +10",
        "tail",
        "wc -l",
        "grep apples | wc -l",
        "grep nothing | wc -l",
        "sort",
        "sort -r",
        "sort -n",
        "sort -rn",
        "sort -u",
        "sort -f",
        "sort -k 2",
        "sort -k2,2",
        "sort -t = -k 2 -n",
        "sort -t= -k2,2nr",
        "sort -h",
        "grep apples | sort | uniq -c",
        "sort | uniq -c | sort -rn",
        "sort | uniq -d",
        "uniq -ci",
        "awk '{print $2}'",
        "awk '{print $1, $NF}'",
        "awk -F= '{print $2}'",
        "awk '{print}'",
    ],
)  # fmt: skip
def test_a_filter_does_what_the_program_does(line: str) -> None:
    output = run(line)
    assert (output.text, output.code) == shell(line, LOG)


@pytest.mark.skipif(shutil.which("grep") is None, reason="grep is not there")
@settings(max_examples=200, deadline=None)
@given(
    st.text("ab.*+?|()[]^$\\{}1,-", min_size=1, max_size=10),
    st.lists(st.text("ab1.*+ ", max_size=8), min_size=1, max_size=5),
    st.booleans(),
)
def test_a_pattern_finds_what_grep_finds_or_is_refused(pattern: str, lines: list[str], extended: bool) -> None:
    if any(odd in pattern for odd in ("**", "*+", "*?", "+*", "?*", "++", "?+", "+?", "??", "{")) or "^*" in pattern:
        return  # where POSIX leaves open what it means
    text = "\n".join(lines) + "\n"
    done = subprocess.run(
        ["grep", "-E" if extended else "-G", "-e", pattern], input=text, capture_output=True, text=True, check=False
    )
    if done.returncode > 1 or done.stderr:
        return
    try:
        automaton = Automaton(read_pattern(pattern, extended=extended))
    except ValueError:
        return
    found = [line for line in lines if automaton.matches(line)]
    assert found == done.stdout.split("\n")[:-1]


def test_jq_follows_paths() -> None:
    text = '{"network": {"up": true}, "items": [{"name": "a", "n": 1}, {"name": "b"}], "odd key": "x\\ny"}'
    assert run("jq .network.up", text).text == "true\n"
    assert run("jq '.items[].name'", text).text == '"a"\n"b"\n'
    assert run("jq -r '.items[].name' | wc -l", text).text == "2\n"
    assert run("jq '.items[0].n'", text).text == "1\n"
    assert run("jq '.items[-1][\"name\"]'", text).text == '"b"\n'
    assert run("jq '.\"odd key\"'", text).text == '"x\\ny"\n'
    assert run("jq -c .items", text).text == '[{"name":"a","n":1},{"name":"b"}]\n'
    assert run("jq .nothing.here", text).text == "null\n"
    assert run("jq -e .nothing", text).code == 1
    assert run("jq . | grep -c name", text).text == "2\n"


@pytest.mark.parametrize(
    ("line", "text", "sentence"),
    [
        ("jq .a", "<html>", "not JSON"),
        ("jq .a", "[1]", "no .a in a list"),
        ("jq '.[0]'", '{"a": 1}', "no [0] in an object"),
        ("jq '.a[]'", '{"a": 1}', "no [] in a number"),
        ("jq .", "[" * 100_000, "not JSON"),
    ],
)
def test_jq_says_where_a_path_ends(line: str, text: str, sentence: str) -> None:
    with pytest.raises(AnswerUnreadable, match=sentence.replace("[", r"\[").replace("]", r"\]")):
        run(line, text)


@pytest.mark.parametrize(
    ("line", "word", "says"),
    [
        ("cut -f1", "cut", "awk"),
        ("sed 's/a/b/'", "sed", "grep"),
        ("xargs rm", "xargs", "redis-cli DEL"),
        ("tee x", "tee", "Slack"),
        ("frobnicate", "frobnicate", "grep, head"),
        ("grep", "grep", "PATTERN"),
        ("grep -z x", "-z", "-i"),
        ("grep --colour x", "--colour", "-i"),
        ("grep x file", "file", "leave it out"),
        (r"grep '\(a'", r"\(a", "grep -F"),
        ("grep -E '*'", "*", "grep -F"),
        ("grep -E '(a)\\1'", "(a)\\1", "grep -F"),
        ("grep -E '((a{200}){200}){200}'", "((a{200}){200}){200}", "grep -F"),
        ("grep '[z-a]'", "[z-a]", "grep -F"),
        ("head -n x", "x", "such as 20"),
        ("head -n", "-n", "and the value"),
        ("head -c 5", "-c", "-n"),
        ("tail -f", "-f", "leave it out"),
        ("wc", "wc", "wc -l"),
        ("wc -c", "-c", "-l"),
        ("sort -k 0", "0", "-k 2"),
        ("sort -o x", "-o", "-n"),
        ("sort -t ab", "ab", "one"),
        ("jq '.a | keys'", ".a | keys", ".status"),
        ("jq 'map(.a)'", "map(.a)", ".status"),
        ("awk '/x/{system(\"id\")}'", '/x/{system("id")}', "{print $2}"),
    ],
)
def test_what_is_no_filter_is_refused_with_what_works(line: str, word: str, says: str) -> None:
    with pytest.raises(LineRefused) as caught:
        filters(line)
    assert caught.value.word == word
    assert says in caught.value.instead


def test_a_value_is_found_as_it_stands() -> None:
    text = "a.c\nabc\na+c\n"
    assert run("grep <x>", text, {"x": "a.c"}).text == "a.c\n"
    assert run("grep -E <x>", text, {"x": "a+c"}).text == "a+c\n"
    assert run("grep <x>", text, {"x": "a+c"}).text == "a+c\n"
    assert run("grep -F <x>", text, {"x": "a.c"}).text == "a.c\n"
    with pytest.raises(LineRefused, match="begins with -"):
        filters("grep <x>", {"x": "-v"})


def test_a_number_may_be_a_hole() -> None:
    assert filters("head -n <lines>") == (Head(Hole("lines")),)
    assert filters("tail -n<lines>", {"lines": "3"}) == (Tail(3),)
    with pytest.raises(LineRefused, match="not a number"):
        filters("head -n <lines>", {"lines": "3; id"})


def test_a_filter_keeps_the_code_of_an_operation_that_failed_and_drops_what_no_longer_holds() -> None:
    output = Output(
        "a\nb\n", Table(("x",), (("a",),)), (Series("s", ((0.0, 1.0),)),), 22, {"status": 500.0}, "cut at 2"
    )
    behind = filtered(output, filters("grep a"))
    assert behind == Output("a\n", None, (), 22, {"status": 500.0}, "cut at 2")
    assert filtered(output, ()) is output
    assert run("grep nothing").code == 1
    assert run("wc -l", "").text == "0\n"


@pytest.mark.parametrize(
    "pattern",
    [
        "(a*)*b",
        "(a|a)*b",
        "(a|aa)+$x",
        "a*a*a*a*a*a*b",
        "(.*)(.*)(.*)(.*)x",
        "(a?){40}a{40}",
        "^(([a-z])+.)+[A-Z]([a-z])+$",
    ],
)
def test_no_pattern_takes_long(pattern: str) -> None:
    started = time.process_time()
    assert run(f"grep -cE '{pattern}'", ("a" * 100_000 + "\n") * 10).text in ("0\n", "10\n")
    assert time.process_time() - started < 5.0  # 0.1 to 0.3 s on a quiet machine; backtracking would take for ever


def test_a_pattern_that_is_made_to_take_long_is_stopped() -> None:
    import random

    draw = random.Random(1)
    text = "".join(draw.choice("ab") for _ in range(2_000_000))
    started = time.process_time()
    with pytest.raises(TargetRefused, match="simpler"):
        run("grep -E '(a|b)*a(a|b){30}c'", text)
    assert time.process_time() - started < 30.0

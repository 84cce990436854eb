"""`promql` lines: what each one means, and why some are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.operations.effect import Effect
from bot.operations.operation import Hole
from bot.operations.prometheus.grammar import read_promql
from bot.operations.prometheus.nouns import PromQuery
from bot.operations.refusal import LineRefused
from bot.operations.words import split


def read(line: str) -> PromQuery:
    return read_promql(line, split(line)[0])


@pytest.mark.parametrize(
    ("line", "query"),
    [
        ("promql up", PromQuery("up")),
        ("promql 'sum by (pod) (rate(x{a=~\"5..\"}[5m]))'", PromQuery('sum by (pod) (rate(x{a=~"5.."}[5m]))')),
        ("promql 'up | x'", PromQuery("up | x")),
        ("promql up --range 1h", PromQuery("up", 3600)),
        ("promql up --range=1h30m --step 30s", PromQuery("up", 5400, 30)),
        ("promql --range 7d --step 5m up", PromQuery("up", 604800, 300)),
        ("promql up --at 2026-01-31T09:00:00Z", PromQuery("up", at="2026-01-31T09:00:00Z")),
        ("promql up --at 1767225600.5", PromQuery("up", at="1767225600.5")),
        ("promql up --at now", PromQuery("up")),
        ("promql -up", PromQuery("-up")),
        ("promql up --range <span> --step $STEP", PromQuery("up", Hole("span"), Hole("step"))),
        ("promql '{job=\"<job>\"}'", PromQuery('{job="<job>"}')),
    ],
)
def test_a_line_means(line: str, query: PromQuery) -> None:
    assert read(line) == query
    assert query.effect is Effect.READ


@pytest.mark.parametrize(
    ("line", "word", "instead"),
    [
        ("promql", "promql", "single quotes"),
        ("promql sum by (pod) (up)", "by", "single quotes"),
        ('promql up{job="api"}', "{job=api}", "single quotes"),
        ("promql 'rate(x[5m]'", "(", "close it"),
        ("promql 'rate x[5m])'", ")", "leave it out"),
        ("promql 'x{a=\"(\"}]'", "]", "leave it out"),
        ("promql up --rang 1h", "--rang", "--range"),
        ("promql up --range", "--range", "value"),
        ("promql up --range soon", "soon", "5m"),
        ("promql up --range 0s", "0s", "5m"),
        ("promql up --step 5m", "5m", "--range 1h"),
        ("promql up --at yesterday", "yesterday", "2026"),
        ("promql up --at 2026-01-31T09:00:00", "2026-01-31T09:00:00", "2026"),
        ("promql ''", "", "up"),
    ],
)  # fmt: skip
def test_a_refusal_names_the_word_and_the_nearest_thing_that_works(line: str, word: str, instead: str) -> None:
    with pytest.raises(LineRefused) as caught:
        read(line)
    assert caught.value.word == word
    assert instead in caught.value.instead


@given(st.text())
def test_any_text_is_a_query_or_a_refusal(text: str) -> None:
    try:
        query = read(f"promql {text}")
    except LineRefused:
        return
    assert query.effect is Effect.READ

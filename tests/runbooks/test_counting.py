"""Numbers and what they count."""

import pytest

from bot.runbooks.counting import counted, singular


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("pods", "pod"),
        ("pods in trouble", "pod in trouble"),
        ("running workers", "running worker"),
        ("queries", "query"),
        ("addresses", "address"),
        ("searches", "search"),
        ("indexes", "index"),
        ("releases", "release"),
        ("caches", "cache"),
        ("ties", "tie"),
        ("people", "person"),
        ("errors/s", "error/s"),
        ("access", "access"),
        ("status", "status"),
        ("µs", "µs"),
        ("", ""),
    ],
)
def test_one_of_something(plural: str, one: str) -> None:
    assert singular(plural) == one


@pytest.mark.parametrize(("number", "said"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (12345, "12,345 rows")])
def test_a_number_with_what_it_counts(number: int, said: str) -> None:
    assert counted(number, "rows") == said

"""What people type, as they meant it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.verbs.words import Words, as_text, as_word, clean


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("P1", "P1"),
        ("“P1”", "P1"),
        ("'P1'", "P1"),
        ("„P1“", "P1"),
        ("«P1»", "P1"),
        ("—since", "--since"),
        ("–since", "--since"),
        ("-n", "-n"),
        ("–", "–"),
        ("<@U12AB|alice>", "@alice"),
        ("<@U12AB>", "@U12AB"),
        ("<#C12AB|general>", "#general"),
        ("<#C12AB>", "#C12AB"),
        ("<!channel>", "@channel"),
        ("<!here|here>", "@here"),
        ("<!subteam^S12AB|@on-call>", "@on-call"),
        ("<!subteam^S12AB>", "@S12AB"),
        ("<https://example.com/a?b=1&amp;c=2>", "https://example.com/a?b=1&c=2"),
        ("<http://example.com|example.com>", "example.com"),
        ("<mailto:a@example.com|a@example.com>", "a@example.com"),
        ("<https://example.com|the page>", "the page (https://example.com)"),
        ("&lt;script&gt;", "<script>"),
        ("&amp;lt;", "&lt;"),
        ("&#8238;x", "&#8238;x"),
        ("&nbsp;", "&nbsp;"),
        ("\ufeffP1\u200b", "P1"),
        ("P1\x00\x07", "P1"),
        ('""', ""),
    ],
)
def test_a_word_is_read_as_it_was_meant(typed: str, meant: str) -> None:
    assert as_word(typed) == meant


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("it’s down — “really” down…", "it’s down — “really” down…"),
        ("“checkout is down”", "checkout is down"),
        ('"a" or "b"', '"a" or "b"'),
        ("5\u00a0 \t seconds", "5 seconds"),
        ("one\r\ntwo\rthree\u2028four\x0bfive", "one\ntwo\nthree\nfour\nfive"),
        ("مرحبا بالعالم", "مرحبا بالعالم"),
        ("\u202edown\u202c \u2067is\u2069 all", "down is all"),
        ("👩\u200d🚒 on fire 🔥", "👩\u200d🚒 on fire 🔥"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a < b && c > d <-> e", "a < b && c > d <-> e"),
        ("<>", "<>"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("<!date^1392734382^{date}|18 February>", "18 February"),
        ("half \ud83d a pair", "half a pair"),
    ],
)
def test_free_text_keeps_all_that_a_person_would_miss(typed: str, read: str) -> None:
    assert as_text(typed) == read


@pytest.mark.parametrize("typed", ["", "   ", '""', "“”", "''", '"  "', "\u200b", "\n", '"" “”', "\u202e"])
def test_what_shows_nothing_is_nothing(typed: str) -> None:
    assert Words(typed).rest(0) == ""
    assert len(Words(typed)) == 0


def test_quoted_words_belong_together() -> None:
    words = Words("P1 “social live” “checkout is down” again")
    assert [words[at] for at in range(len(words))] == ["P1", "social live", "checkout is down", "again"]
    assert words.rest(2) == "“checkout is down” again"
    assert words[17] == ""


def test_the_rest_keeps_lines() -> None:
    assert Words("P1  checkout\n  returns   500").rest(1) == "checkout\nreturns 500"


@given(st.text())
def test_nothing_that_is_typed_raises(typed: str) -> None:
    words = Words(typed)
    assert all(words[at] for at in range(len(words)))
    assert as_text(typed) == as_text(clean(typed))


_PLAIN = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp", "Cf"], exclude_characters="&<>"))


@given(st.lists(_PLAIN.filter(bool), min_size=1))
def test_no_letter_is_lost(typed: list[str]) -> None:
    spoken = " ".join(typed)
    lost = [letter for letter in spoken if letter not in as_text(spoken)]
    assert [letter for letter in lost if not unicodedata.category(letter).startswith("P")] == []


@given(st.text())
def test_cleaning_twice_changes_nothing(typed: str) -> None:
    assert clean(clean(typed)) == clean(typed)

"""Any text, hostile ones first, and the small values that nouns are made of."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from bot.runbooks.loader import load_platforms
from tests.world import RUNBOOKS

PLATFORMS = tuple(load_platforms(RUNBOOKS))

_hostile = [
    "<script>alert(1)</script>",
    "<!channel>",
    "@everyone",
    "<@U1>",
    "&amp;",
    "&" * 3000,
    "<" * 2999,
    "🔥" * 2000,
]
texts = st.one_of(
    st.sampled_from(["", " ", "\n", "\u202e abc", "مرحبا بالعالم", "a" * 6000, "🔥" * 2000, *_hostile]),
    st.text(max_size=400),
    st.text(alphabet="&<>*_~`\n a", max_size=5000),
)
short = st.text(min_size=1, max_size=60)
ids = st.from_regex(r"U[0-9A-Z]{8}", fullmatch=True)
channels = st.from_regex(r"C[0-9A-Z]{8}", fullmatch=True)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # hypothesis wants naive bounds
stamps = st.from_regex(r"\d{10}\.\d{6}", fullmatch=True)

"""The nearest known words to what somebody typed: for verbs, platforms, severities and keys of files."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process

_LONGEST = 100  # words are short: more than this is a sentence, and comparing all of it would only cost time
_CUTOFF = 65.0  # of 100; below it the words have little in common and a guess would puzzle more than help


def nearest(text: str, names: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """Return up to `limit` of `names` that resemble `text`, the best first; nothing when none does."""
    found = process.extract(
        text[:_LONGEST],
        list(names),
        scorer=fuzz.WRatio,
        processor=str.casefold,
        limit=limit,
        score_cutoff=_CUTOFF,
    )
    return tuple(name for name, _, _ in found)


def one_of(names: Iterable[str], conjunction: str = "or") -> str:
    """Return names as a person lists them: `a`, `a or b`, `a, b or c`."""
    listed = list(names)
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} {conjunction} {listed[-1]}"


def hint(text: str, names: Iterable[str]) -> str:
    """Return what to tell somebody whose `text` is none of `names`: the nearest one, or which there are."""
    known = list(names)
    if close := nearest(text, known, limit=1):
        return f"did you mean {close[0]}?"
    return f"there {'is' if len(known) == 1 else 'are'} {one_of(known, 'and') or 'none'}"

"""Numbers with what they count: `1 pod`, `2 pods`, `1 query per user`."""

import re

_IRREGULAR = {"caches": "cache", "people": "person", "series": "series", "statuses": "status"}
_PLURAL = re.compile(r"[A-Za-z]{2,}s\b|people\b")


def counted(number: int, plural: str) -> str:
    """Return a number with what it counts; `plural` is that for more than one."""
    return f"{number:,} {singular(plural) if number == 1 else plural}"


def singular(plural: str) -> str:
    """Return what one of something is called: of `pods in trouble` the first word that is a plural changes."""
    return _PLURAL.sub(lambda found: _one(found[0]), plural, count=1)


def _one(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > len("ties"):
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("sses", "shes", "ches", "xes")) else word[:-1]

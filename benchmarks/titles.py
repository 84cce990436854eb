"""Titles of incidents that nobody could take for each other, so that no declare is asked about a similar one."""

import random

from rapidfuzz import fuzz

_SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
_MOST_ALIKE = 60.0
"""Of 100; Opsroom asks from 70 on (`bot.incidents.declaring`)."""


def titles(count: int, seed: int = 1) -> list[str]:
    """Return that many titles, the same for the same seed."""
    chance, made = random.Random(seed), list[str]()
    while len(made) < count:
        title = " ".join(_word(chance) for _ in range(3))
        if all(fuzz.token_set_ratio(title, other) < _MOST_ALIKE for other in made):
            made.append(title)
    return made


def _word(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=chance.randint(3, 5)))

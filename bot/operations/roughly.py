"""Numbers as people compare them, to tell whether what was approved is still what is there.

Rows and keys come and go all the time, above all those that a clean-up is about; if every new one voided an approval,
none would ever hold. And yet a hundred times as many must void it. So up to ten the number is exact, for each of them
is known to whoever approves; above, it is the nearest of 1, 2 and 5 times a power of ten, at equal distances on a scale
of ratios, so that about half as many or twice as many is another number, and a tenth more seldom is.
"""

import math

_EXACT = 10
_STEPS = (1, 2, 5, 10)


def roughly(number: int) -> str:
    """Return a number for comparing: `7`, `about 1,000`."""
    if number <= _EXACT:
        return str(number)
    power = 10 ** (len(str(number)) - 1)
    nearest = min(_STEPS, key=lambda step: abs(math.log(number / (step * power))))
    return f"about {nearest * power:,}"


def counted(number: int, thing: str) -> str:
    """Return a number of things in words: `1 row`, `1,204 rows`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"

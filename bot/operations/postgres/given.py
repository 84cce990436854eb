"""The values that were put into a line's SQL as text, taken out of it again.

Whoever fills a line does not know SQL: a value that is harmless as a word may end a quote, open a comment (`1 -<n>`
with -5) or say more than a value may. So the statement is read from the line as it was written, and its values are put
in as literals; see `statement.filled`.
"""

from bot.operations.words import whole


def values_between(written: str, filled: str) -> dict[str, str] | None:
    """Return the values of the holes of a text, by the text in which they are filled; None when the two do not fit.

    A value that contains the text behind its hole cannot be told apart, and does not fit.
    """
    values: dict[str, str] = {}
    places = whole(written).places
    ends = [place.start for place in places[1:]] + [len(written)]
    at = places[0].start if places else len(written)
    if filled[:at] != written[:at]:
        return None
    for place, end in zip(places, ends, strict=True):
        behind = written[place.end : end]
        last = end == len(written)
        stop = len(filled) - len(behind) if last else filled.find(behind, at)
        if (not behind and not last) or stop < at or filled[stop : stop + len(behind)] != behind:
            return None
        value = filled[at:stop]
        if value != written[place.start : place.end] and values.setdefault(place.name, value) != value:
            return None
        at = stop + len(behind)
    return values if at == len(filled) else None

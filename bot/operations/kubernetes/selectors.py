"""Selectors as kubectl takes them, brought into one form: conditions sorted, `==` written `=`, no blanks.

https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ and field-selectors/.
"""

import re

_HOLE = r"(?:\$\{?[A-Za-z_]\w*\}?|<[A-Za-z][\w-]*>)"
_KEY = rf"(?:[A-Za-z0-9._/-]|{_HOLE})+"
_VALUE = rf"(?:[A-Za-z0-9._-]|{_HOLE})*"
_EQUAL = re.compile(rf"({_KEY})\s*(==|=|!=)\s*({_VALUE})")
_SET = re.compile(rf"({_KEY})\s+(in|notin)\s*\(\s*({_VALUE}(?:\s*,\s*{_VALUE})*)\s*\)")
_EXISTS = re.compile(rf"(!?)\s*({_KEY})")
_FIELD = re.compile(r"([A-Za-z][\w.]*)(==|=|!=)([^,=]*)")
_COMMA = re.compile(r",(?![^(]*\))")


def labels(text: str) -> str | None:
    """Return a label selector in its one form; None when it is none."""
    conditions = [_label(piece.strip()) for piece in _COMMA.split(text)]
    return ",".join(sorted(filter(None, conditions))) if all(conditions) else None


def fields(text: str) -> str | None:
    """Return a field selector in its one form; None when it is none."""
    found = [_FIELD.fullmatch(piece.strip()) for piece in text.split(",")]
    written = [f"{one[1]}{one[2].replace('==', '=')}{one[3]}" for one in found if one]
    return ",".join(sorted(written)) if len(written) == len(found) else None


def says_which(selector: str) -> bool:
    """Whether a selector names what it wants: `app=web`, `app in (web)`.

    One of `!=`, `notin`, `app` and `!app` alone takes all but a few, and so does the namespace.
    """
    return any(
        (" in (" in condition or ("=" in condition and "!=" not in condition))
        and not condition.startswith("metadata.namespace=")
        for condition in _COMMA.split(selector)
    )


def _label(text: str) -> str:
    """Return one condition in its form; an empty text when it is none."""
    if found := _EQUAL.fullmatch(text):
        return f"{found[1]}{found[2].replace('==', '=')}{found[3]}"
    if found := _SET.fullmatch(text):
        values = ",".join(sorted(value.strip() for value in found[3].split(",")))
        return f"{found[1]} {found[2]} ({values})"
    if found := _EXISTS.fullmatch(text):
        return f"{found[1]}{found[2]}"
    return ""

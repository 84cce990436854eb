"""Quantities as Kubernetes writes them: `250m` of a processor, `512Mi` of memory."""

import re

_FACTORS = {
    "n": 1e-9, "u": 1e-6, "m": 1e-3, "": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12,
    "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40,
}  # fmt: skip
_QUANTITY = re.compile(r"([+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)([a-zA-Z]*)")


def quantity(text: str | float) -> float:
    """Return a quantity in its base unit: processors, bytes, a count. Raises ValueError."""
    found = _QUANTITY.fullmatch(str(text))
    if found is None or found[2] not in _FACTORS:
        raise ValueError(f"quantities must match the regular expression of Kubernetes: {text}")
    return float(found[1]) * _FACTORS[found[2]]

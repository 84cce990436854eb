"""curl's format of `-w`: which names it may hold, and how it is filled."""

import re
from collections.abc import Mapping

from bot.nearest import hint
from bot.operations.refusal import LineRefused
from bot.operations.words import Word

NAMES = (
    "content_type",
    "http_code",
    "method",
    "num_redirects",
    "response_code",
    "size_download",
    "time_total",
)
"""The names that are known; `response_code` is `http_code` in curl's newer words."""

_NAME = re.compile(r"%\{([^}]*)\}|%%")
_ESCAPES = {"\\n": "\n", "\\t": "\t", "\\r": "\r"}


def check_format(line: str, word: Word) -> None:
    """Raise LineRefused for a name that is not known, or a format in a file."""
    if word.text.startswith("@"):
        raise LineRefused(line, word.column, word.text, "there is no file to read a format from", "write it here")
    for found in _NAME.finditer(word.text):
        if found[1] is not None and found[1] not in NAMES:
            raise LineRefused(line, word.column, found[0], "there is no such value here", hint(found[1], NAMES))


def written(form: str, values: Mapping[str, str]) -> str:
    """Return a format with its names replaced."""
    text = _NAME.sub(lambda found: "%" if found[1] is None else values.get(found[1], ""), form)
    return re.sub(r"\\[ntr]", lambda found: _ESCAPES[found[0]], text)

"""Values for the holes in a runbook's command lines: `pod-name=web-1`."""

import re
from collections.abc import Mapping
from typing import Any, NewType

from bot.errors import BadInput
from bot.verbs.readers.reader import Reader
from bot.verbs.replies import Field
from bot.verbs.scene import Scene
from bot.verbs.words import Words

Given = NewType("Given", dict[str, str])
"""Values by the names of their holes."""

_PAIR = re.compile(r"(?P<name>[A-Za-z][\w-]*)=(?P<value>.*)", re.DOTALL)
_QUOTED = re.compile(r'="(?P<value>[^"]*)"$')
_LINE, _FORM = "\n", "="
"""Values that may hold spaces stand one a line, each behind this sign: those of a form, and those typed in quotes."""


class GivenReader(Reader):
    """Words that give a value to a name; which names there are, the runbook says, so that a form asks for each."""

    rank = 3
    looks_like = "NAME=VALUE …"

    def take(self, words: Words, at: int, scene: Scene) -> int:
        """Take every word from here on that has a name and an equals sign."""
        count = 0
        while _PAIR.fullmatch(words[at + count]):
            count += 1
        return count

    def said(self, words: Words, at: int, count: int) -> str:
        """Return the values; in lines if one of them was typed in quotes."""
        taken = [words[at + i] for i in range(count)]
        if not any('"' in word for word in taken):
            return " ".join(taken)
        return _LINE.join(_FORM + _QUOTED.sub(r"=\g<value>", word, count=1) for word in taken)

    def read(self, typed: str, scene: Scene, known: Mapping[str, Any]) -> Given:
        """Return the values by name."""
        from_form = typed.startswith(_FORM)
        lines = [line.removeprefix(_FORM) for line in typed.splitlines()] if from_form else typed.split()
        pairs = [_PAIR.fullmatch(line) for line in lines]
        wrong = [line for line, pair in zip(lines, pairs, strict=True) if pair is None]
        if wrong:
            raise BadInput(f"“{wrong[0]}” gives no value. Values are given like pod-name=web-1.")
        return Given({pair["name"].lower().replace("_", "-"): pair["value"] for pair in pairs if pair})

    def field(self, name: str, typed: str, scene: Scene, known: Mapping[str, Any]) -> Field | None:
        """Return None: the verb asks for each value that it needs, by its own title."""
        return None


def gathered(values: Mapping[str, str]) -> dict[str, str]:
    """Return a form's values with those of one argument together: `given.pod-name` belongs to `given`."""
    whole: dict[str, str] = {}
    for key, value in values.items():
        name, dot, hole = key.partition(".")
        line = f"{_FORM}{hole}={' '.join(value.split())}" if dot else value
        whole[name] = f"{whole[name]}{_LINE}{line}" if name in whole else line
    return whole

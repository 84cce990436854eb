"""No command line and no query of any runbook is left out of these tests."""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from bot.runbooks.words import KEY
from tests.runbook_lines.cases import RUNBOOKS, cases
from tests.runbook_lines.test_changes import OTHERS, PROGRAMS
from tests.runbook_lines.test_reads import READS

Found = tuple[str, str]


def in_files() -> Iterator[Found]:
    """Yield what stands in the files, whatever the loader makes of it: the platform and the line."""
    for path in sorted(RUNBOOKS.glob("*/**/*.yml")):
        platform = path.relative_to(RUNBOOKS).parts[0]
        yield from ((platform, text) for text in _lines(yaml.safe_load(path.read_text(encoding="utf-8"))))


def _lines(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for inner in value:
            yield from _lines(inner)
    if not isinstance(value, dict):
        return
    for key, inner in value.items():
        if key in ("run", "query") and not isinstance(inner, dict):  # an entry may have such a name, too
            yield from (each.strip() for each in ([inner] if isinstance(inner, str) else inner))
        elif key == "verify":
            yield from (each.strip() for each in inner if not re.fullmatch(KEY, each))
        elif key != "parameters":  # whose keys are names of holes
            yield from _lines(inner)


def test_every_line_of_the_files_has_a_test() -> None:
    tested = {(case.platform.name, case.text) for case in [*READS, *OTHERS, *PROGRAMS]}
    assert tested == set(in_files())
    assert len(tested) > 300


def test_every_case_has_a_name_of_its_own_and_is_in_one_test() -> None:
    names = [case.name for case in [*READS, *OTHERS, *PROGRAMS]]
    assert len(names) == len(set(names)) == len(cases())

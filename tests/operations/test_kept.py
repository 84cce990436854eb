"""Every operation of the runbooks that writes comes back from JSON as it was."""

import json
from pathlib import Path

import pytest

from bot.errors import BadInput
from bot.operations.effect import Effect
from bot.operations.kept import as_json, from_json
from bot.operations.line import Line, read_line
from bot.runbooks.loader import load_platforms

_PLATFORMS = load_platforms(Path(__file__).parents[2] / "runbooks")
_LINES = {line.text: line for platform in _PLATFORMS for action in platform.actions.values() for line in action.run}
_WRITING = [line for line in _LINES.values() if line.effect is not Effect.READ]


@pytest.mark.parametrize("line", _WRITING, ids=lambda line: line.text[:60])
def test_it_comes_back_as_it_was(line: Line) -> None:
    assert from_json(json.loads(json.dumps(as_json(line.operation)))) == line.operation


def test_two_kinds_of_one_name_are_told_apart() -> None:
    names = {as_json(line.operation)["operation"] for line in _WRITING}
    assert {"kubernetes.Undo", "postgres.Sql", "job.Job"} <= names


@pytest.mark.parametrize(
    "kept",
    [
        pytest.param({"operation": "kubernetes.Explode", "fields": {}}, id="a kind that is not known"),
        pytest.param({"operation": "kubernetes.Undo", "fields": {"thing": 7}}, id="fields of another shape"),
        pytest.param({}, id="nothing"),
    ],
)
def test_what_another_version_wrote_is_refused(kept: dict[str, object]) -> None:
    with pytest.raises(BadInput, match="another version of Opsroom"):
        from_json(kept)


def test_values_of_people_are_kept() -> None:
    line = read_line("kubectl scale deployment web --replicas=<n>", {"n": "4"})
    assert from_json(as_json(line.operation)) == line.operation

"""The folder scan, usage lines, and the check that everything a verb needs is there."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.access.roles import Role
from bot.incidents.declaring import Declarations
from bot.verbs.catalogue import Catalogue, scan


@pytest.fixture
def leaf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder of commands."""
    monkeypatch.syspath_prepend(tmp_path)
    home = tmp_path / "leaves"
    home.mkdir()
    (home / "__init__.py").touch()
    yield home
    for name in [name for name in sys.modules if name.split(".")[0] == "leaves"]:
        del sys.modules[name]


def test_the_commands_folder_is_scanned() -> None:
    catalogue = scan("commands")
    found = {command.name: set(command.verbs) for command in catalogue}
    assert found["incident"] >= {"ack", "declare", "help", "list", "show"}


@pytest.mark.parametrize(
    ("path", "usage", "access"),
    [
        ("incident ack", "/incident ack [INCIDENT]", Role.RESPONDER),
        ("incident declare", "/incident declare SEVERITY [PLATFORM] SUMMARY", Role.RESPONDER),
        ("incident help", "/incident help [VERB]", Role.NOBODY),
        ("incident retry", "/incident retry [INCIDENT] PART", Role.RESPONDER),
    ],
)
def test_a_verb_says_what_it_takes_and_who_may(path: str, usage: str, access: Role) -> None:
    verb = scan("commands").verb(path)
    assert verb is not None
    assert (verb.usage, verb.access) == (usage, access)


def test_every_verb_has_a_line_of_help_and_an_example() -> None:
    for verb in scan("commands").verbs:
        assert verb.summary
        assert not verb.summary.endswith(".")
        assert f"/{verb.path}" in verb.details


def test_a_need_that_nothing_provides_is_found_at_start() -> None:
    with pytest.raises(TypeError, match=r"/\w+ needs \w+: \w+, which nothing provides"):
        scan("commands").check({Declarations: None, Catalogue: None})


def test_a_file_is_a_command_without_verbs(leaf: Path) -> None:
    (leaf / "ping.py").write_text(
        '"""Answer.\n\nTo see whether anybody is there.\n"""\n'
        "from bot.access.roles import Role\nACCESS = Role.NOBODY\nasync def run() -> str:\n    return 'pong'\n"
    )
    verb = scan("leaves").verb("ping")
    assert verb is not None
    assert (verb.usage, verb.summary, verb.details) == ("/ping", "Answer", "To see whether anybody is there.")


def test_an_argument_that_nothing_can_read_is_a_mistake_at_start(leaf: Path) -> None:
    (leaf / "ping.py").write_text(
        '"""Answer."""\nfrom dataclasses import dataclass\nfrom bot.access.roles import Role\nACCESS = Role.NOBODY\n'
        "@dataclass\nclass Arguments:\n    often: complex\nasync def run(arguments: Arguments) -> None: ...\n"
    )
    with pytest.raises(TypeError, match="'often' has a type that nothing can read"):
        scan("leaves")


def test_a_stranger_is_no_command() -> None:
    catalogue = scan("commands")
    assert catalogue.command("foo") is None
    assert catalogue.verb("foo bar") is None
    assert catalogue.verb("incident foo") is None

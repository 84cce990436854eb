"""The runbooks of this project: free of faults, and nothing of the inventory is missing."""

from pathlib import Path

from click.testing import CliRunner

from bot.__main__ import cli

HOME = Path(__file__).parents[2]
INVENTORY = HOME / "tests" / "data" / "procedures.csv"


def test_the_check_finds_nothing_and_every_row_is_covered() -> None:
    asked = ["check", "--runbooks", str(HOME / "runbooks"), "--coverage", str(INVENTORY)]
    done = CliRunner().invoke(cli, asked)
    assert done.exit_code == 0, done.output
    assert "589 of 589 rows are covered" in done.output
    assert "Missing" not in done.output

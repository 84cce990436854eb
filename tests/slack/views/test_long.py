"""Messages that have much to say: Slack takes them all the same."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.diagnosis.finding import Finding, Level
from bot.diagnosis.report import Inquiry, report_of
from bot.runbooks.loader import load_platforms
from bot.slack.views.render import message_for
from bot.store.walkthroughs import DONE, FAILED, OPEN, RUNNING, Step, Walkthrough
from bot.walkthroughs.nouns import WalkthroughBoard
from sandbox.slack.blockkit import validate_message
from tests.world import RUNBOOKS

NOW = datetime(2026, 11, 20, tzinfo=UTC)
PLATFORM = next(platform for platform in load_platforms(RUNBOOKS) if platform.name == "social-live")


@pytest.mark.parametrize("count", [1, 16, 40, 200])
def test_a_report_of_many_findings_fits(count: int) -> None:
    inquiry = Inquiry("k", PLATFORM, None, {}, "U1", NOW, "C1")
    levels = [Level.CRITICAL, Level.OK, Level.WARNING, Level.OK, Level.OK, Level.UNKNOWN]
    found = [Finding(f"p{n}", "A title " * 20, levels[n % 6], "A sentence <&> " * 60) for n in range(count)]
    message = message_for(report_of(inquiry, found, 1.0))
    assert validate_message(message.payload()) == []


@pytest.mark.parametrize("state", [OPEN, RUNNING, DONE, FAILED])
@pytest.mark.parametrize("count", [1, 26, 60, 100])
def test_a_walkthrough_of_many_steps_fits(count: int, state: str) -> None:
    step = Step(1, "diagnose", "probe", "error-log-lines", "A title " * 30, state, "U12345678901", NOW)
    long = replace(step, level="critical", outcome="An outcome <&> " * 30, note="A note " * 70)
    steps = tuple(replace(long, position=n + 1) for n in range(count))
    walk = Walkthrough(1, PLATFORM.name, "x", "Title", None, "C1", "1.0", {}, "U1", NOW, None, None, 1, steps)
    message = message_for(WalkthroughBoard(walk, PLATFORM))
    assert validate_message(message.payload()) == []
    assert f"*{count}.*" in str(message.payload()["blocks"])

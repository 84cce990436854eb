"""No text of any length or alphabet makes a view that Slack would refuse."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from bot.slack.views.forms import modal
from bot.slack.views.render import message_for
from bot.verbs.replies import Form
from sandbox.slack.blockkit import UPDATE_TEXT_LIMIT, validate_message, validate_view
from tests.slack.views.nouns import any_noun, forms

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")  # long texts are the point
_THOROUGH = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


@_THOROUGH
@given(any_noun())
def test_any_noun_makes_a_message_that_slack_takes(noun: Any) -> None:
    payload = message_for(noun).payload()
    assert [str(problem) for problem in validate_message(payload, text_limit=UPDATE_TEXT_LIMIT)] == []


@_THOROUGH
@given(any_noun())
def test_what_is_sent_is_what_the_models_say(noun: Any) -> None:
    message = message_for(noun)
    assert message.payload()["blocks"] == [block.to_dict() for block in message.blocks]


@_THOROUGH
@given(any_noun())
def test_no_text_of_people_pings_or_marks_up(noun: Any) -> None:
    payload = message_for(noun).payload()
    for text in (payload["text"], *mrkdwn_in(payload["blocks"])):
        assert "<!channel>" not in text
        assert "<script>" not in text


def mrkdwn_in(shown: Any) -> Iterator[str]:
    """Yield every text in which Slack reads mark-up; in plain text a `<` is a `<`."""
    if isinstance(shown, dict):
        if shown.get("type") == "mrkdwn":
            yield shown["text"]
        shown = list(shown.values())
    if isinstance(shown, list):
        for part in shown:
            yield from mrkdwn_in(part)


@_THOROUGH
@given(forms)
def test_any_form_makes_a_modal_that_slack_takes(form: Form) -> None:
    assert [str(problem) for problem in validate_view(modal(form).to_dict())] == []

"""Replies through a response_url."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.errors import OutcomeUnclear, SlackRefused, SlackUnavailable
from bot.slack.client import SlackClient, Wire
from tests.slack.hands import LeapingClock
from tests.slack.wire import TOKEN, WireServer, nobody_home, wire_server

ALONE: dict[str, Any] = {"text": "Only you see this."}
ALL: dict[str, Any] = {"text": "All see this.", "response_type": "in_channel"}


@pytest.fixture
async def wire() -> AsyncIterator[WireServer]:
    async with wire_server() as server:
        yield server


@pytest.fixture
async def client(wire: WireServer) -> AsyncIterator[SlackClient]:
    client = SlackClient(TOKEN, LeapingClock(), base_url=wire.address, wire=Wire(timeout=0.3))
    yield client
    await client.close()


@pytest.fixture
def link(wire: WireServer) -> str:
    return f"{wire.address}reply-secret"


@pytest.mark.parametrize("answer", [(200, "ok"), {"ok": True}, (200, "")])
async def test_a_reply_arrives_without_the_token(client: SlackClient, wire: WireServer, link: str, answer: Any) -> None:
    wire.plays("reply-secret", answer)
    await client.respond(link, ALONE)
    assert [(arrival.args, arrival.authorization) for arrival in wire.arrivals] == [(ALONE, "")]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((404, "expired_url"), "older than 30 minutes"),
        ((404, "used_url"), "its five replies"),
        ("expired_url", "older than 30 minutes"),
        (404, "older than 30 minutes"),
        ((410, "gone"), "older than 30 minutes"),
    ],
)
async def test_a_spent_link_is_refused_with_a_sentence(
    client: SlackClient, wire: WireServer, link: str, answer: Any, said: str
) -> None:
    wire.plays("reply-secret", answer)
    with pytest.raises(SlackRefused, match=said) as caught:
        await client.respond(link, ALONE)
    assert (caught.value.method, caught.value.code) == ("response_url", "expired_url")
    assert "reply-secret" not in str(caught.value)
    assert len(wire.arrivals) == 1


@pytest.mark.parametrize("fault", ["cut", "hang", 500, "internal_error"])
@pytest.mark.parametrize("message", [ALONE, ALL | {"replace_original": True}, {"delete_original": True}])
async def test_what_harms_nobody_twice_is_sent_again(
    client: SlackClient, wire: WireServer, link: str, fault: Any, message: dict[str, Any]
) -> None:
    wire.plays("reply-secret", fault)
    await client.respond(link, message)
    assert len(wire.arrivals) == 2


@pytest.mark.parametrize("fault", ["cut", "hang", 500, "internal_error"])
async def test_what_all_see_is_not_sent_twice(client: SlackClient, wire: WireServer, link: str, fault: Any) -> None:
    wire.plays("reply-secret", fault)
    with pytest.raises(OutcomeUnclear) as caught:
        await client.respond(link, ALL)
    assert len(wire.arrivals) == 1
    assert "reply-secret" not in str(caught.value)


@pytest.mark.parametrize("message", [ALONE, ALL])
async def test_slack_out_of_reach_is_tried_again_and_then_said(client: SlackClient, message: dict[str, Any]) -> None:
    with pytest.raises(SlackUnavailable, match="no connection"):
        await client.respond(f"{nobody_home()}reply-secret", message)


@pytest.mark.parametrize("message", [ALONE, ALL])
async def test_a_short_429_is_waited_for(
    client: SlackClient, wire: WireServer, link: str, message: dict[str, Any]
) -> None:
    wire.plays("reply-secret", (429, 2))
    await client.respond(link, message)
    assert len(wire.arrivals) == 2


async def test_a_refused_message_says_so(client: SlackClient, wire: WireServer, link: str) -> None:
    wire.plays("reply-secret", (400, "invalid_payload"))
    with pytest.raises(SlackRefused, match="invalid_payload"):
        await client.respond(link, ALONE)

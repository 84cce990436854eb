"""The one way to Slack: what each fault means, what is repeated, what is said."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.errors import OutcomeUnclear, SlackError, SlackRefused, SlackUnavailable
from bot.slack.client import SlackClient, Wire
from tests.slack.hands import HandClock, LeapingClock, settle, until
from tests.slack.wire import TOKEN, WireServer, nobody_home, wire_server

READ, SETTLE, ADD = "users.info", "conversations.setTopic", "conversations.create"


@pytest.fixture
async def wire() -> AsyncIterator[WireServer]:
    async with wire_server() as server:
        yield server


@pytest.fixture
def clock() -> LeapingClock:
    return LeapingClock()


@pytest.fixture
async def client(wire: WireServer, clock: LeapingClock) -> AsyncIterator[SlackClient]:
    client = SlackClient(TOKEN, clock, base_url=wire.address, wire=Wire(timeout=0.3), spread=lambda: 0.5)
    yield client
    await client.close()


# What the wire does, and the code or words by which the error is known.
PERHAPS = [
    pytest.param("cut", "the connection was cut", id="cut"),
    pytest.param("hang", "no answer came in time", id="slow"),
    pytest.param(500, "it failed with HTTP status 500", id="500"),
    pytest.param(503, "it failed with HTTP status 503", id="503"),
    pytest.param("internal_error", "it failed with internal_error", id="internal_error"),
    pytest.param("fatal_error", "it failed with fatal_error", id="fatal_error"),
    pytest.param("service_unavailable", "it failed with service_unavailable", id="service_unavailable"),
    pytest.param("request_timeout", "it failed with request_timeout", id="request_timeout"),
    pytest.param("garbage", "the answer could not be read", id="garbage"),
    pytest.param((200, "ok"), "the answer could not be read", id="text"),
]


@pytest.mark.parametrize(("fault", "reason"), PERHAPS)
@pytest.mark.parametrize("method", [READ, SETTLE])
async def test_what_may_be_repeated_is_repeated(
    client: SlackClient, wire: WireServer, method: str, fault: Any, reason: str
) -> None:
    wire.plays(method, fault, {"ok": True, "done": "yes"})
    assert (await client.call(method))["done"] == "yes"
    assert wire.count(method) == 2


@pytest.mark.parametrize(("fault", "reason"), PERHAPS)
async def test_what_must_not_be_repeated_is_unclear(
    client: SlackClient, wire: WireServer, fault: Any, reason: str
) -> None:
    wire.plays(ADD, fault)
    with pytest.raises(OutcomeUnclear, match=reason):
        await client.call(ADD)
    assert wire.count(ADD) == 1


@pytest.mark.parametrize("method", [READ, ADD])
async def test_the_caller_may_know_better(client: SlackClient, wire: WireServer, method: str) -> None:
    wire.plays(method, 500)
    if method == READ:
        with pytest.raises(OutcomeUnclear):
            await client.call(method, repeatable=False)
    else:
        assert (await client.call(method, repeatable=True))["ok"]


@pytest.mark.parametrize("method", [READ, ADD])
async def test_a_refused_connection_is_tried_again_and_then_unavailable(clock: LeapingClock, method: str) -> None:
    client = SlackClient(TOKEN, clock, base_url=nobody_home())
    with pytest.raises(SlackUnavailable, match="no connection could be made"):
        await client.call(method)
    assert len(clock.slept) >= 3
    await client.close()


async def test_a_name_that_does_not_resolve_is_unavailable(clock: LeapingClock) -> None:
    client = SlackClient(TOKEN, clock, base_url="http://slack.invalid/api/", patience=0.1)
    with pytest.raises(SlackUnavailable, match="could not be looked up"):
        await client.call(ADD)
    await client.close()


async def test_a_connection_that_is_not_accepted_in_time_was_not_used(clock: LeapingClock) -> None:
    client = SlackClient(TOKEN, clock, base_url=nobody_home(), wire=Wire(connect=1e-9), patience=0.1)
    with pytest.raises(SlackUnavailable, match="no connection could be made"):
        await client.call(ADD)
    await client.close()


@pytest.mark.parametrize("method", [READ, ADD])
async def test_retry_after_is_waited_for(
    client: SlackClient, wire: WireServer, clock: LeapingClock, method: str
) -> None:
    wire.plays(method, (429, 30))
    before = clock.now()
    assert (await client.call(method, patience=60))["ok"]
    assert 30 <= (clock.now() - before).total_seconds() < 31
    assert wire.count(method) == 2


@pytest.mark.parametrize("method", [READ, ADD])
async def test_a_wait_beyond_patience_is_handed_to_the_caller(
    client: SlackClient, wire: WireServer, clock: LeapingClock, method: str
) -> None:
    wire.plays(method, (429, 30))
    with pytest.raises(SlackUnavailable, match="it asked us to wait 30 s") as caught:
        await client.call(method)
    assert caught.value.retry_after == 30
    assert clock.slept == []


async def test_others_do_not_even_try_while_slack_wants_quiet(client: SlackClient, wire: WireServer) -> None:
    wire.plays(READ, (429, 30))
    for _ in range(3):
        with pytest.raises(SlackUnavailable):
            await client.call(READ)
    assert wire.count(READ) == 1


async def test_after_a_pause_callers_go_in_order(wire: WireServer) -> None:
    clock = HandClock()
    client = SlackClient(TOKEN, clock, base_url=wire.address)
    wire.plays(READ, (429, 30))
    calls = [asyncio.create_task(client.call(READ, {"user": "U0"}, patience=60))]
    await until(lambda: wire.count(READ) == 1 and clock.sleeping == 1)
    for number in range(1, 5):
        calls.append(asyncio.create_task(client.call(READ, {"user": f"U{number}"}, patience=60)))
        await settle()
    assert wire.count(READ) == 1
    await clock.advance(31)
    await asyncio.gather(*calls)
    assert [arrival.args["user"] for arrival in wire.arrivals] == ["U0", "U0", "U1", "U2", "U3", "U4"]
    await client.close()


@pytest.mark.parametrize("code", ["ratelimited", "rate_limited"])
async def test_a_rate_limit_without_its_header_is_one_too(
    client: SlackClient, wire: WireServer, clock: LeapingClock, code: str
) -> None:
    wire.plays("chat.postMessage", code)
    await client.call("chat.postMessage", {"channel": "C1", "text": "hello"})
    assert wire.count("chat.postMessage") == 2
    assert clock.slept[0] >= 1


async def test_a_call_that_keeps_failing_ends(client: SlackClient, wire: WireServer, clock: LeapingClock) -> None:
    wire.plays(READ, *[500] * 50)
    before = clock.now()
    with pytest.raises(SlackUnavailable, match="it failed with HTTP status 500"):
        await client.call(READ)
    assert 3 <= wire.count(READ) <= 10
    assert (clock.now() - before).total_seconds() <= 8


async def test_the_backoff_grows_and_is_spread(wire: WireServer, clock: LeapingClock) -> None:
    spread = iter([1.0, 0.0, 0.5, 1.0])
    client = SlackClient(TOKEN, clock, base_url=wire.address, spread=lambda: next(spread), patience=30)
    wire.plays(READ, 500, 500, 500, 500)
    await client.call(READ)
    assert clock.slept == [0.25, 0.0, 0.5, 2.0]
    await client.close()


@pytest.mark.parametrize("code", ["already_in_channel", "already_pinned", "name_taken", "channel_not_found"])
@pytest.mark.parametrize("method", [SETTLE, ADD])
async def test_a_refusal_is_final(client: SlackClient, wire: WireServer, method: str, code: str) -> None:
    wire.plays(method, code)
    with pytest.raises(SlackRefused) as caught:
        await client.call(method)
    assert (caught.value.method, caught.value.code) == (method, code)
    assert wire.count(method) == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"needed": "pins:write", "provided": "chat:write"}, "it needs the scope pins:write"),
        ({"response_metadata": {"messages": ["[ERROR] missing: text"]}}, "[ERROR] missing: text"),
        ({"errors": [{"user": "U1", "error": "already_in_channel"}]}, "U1 already_in_channel"),
        ({"errors": ["no such block"]}, "no such block"),
    ],
)
async def test_a_refusal_says_why(client: SlackClient, wire: WireServer, body: Any, said: str) -> None:
    wire.plays(SETTLE, {"ok": False, "error": "no"} | body)
    with pytest.raises(SlackRefused) as caught:
        await client.call(SETTLE)
    assert said in str(caught.value)


async def test_an_answer_that_is_not_slacks_points_at_the_address(client: SlackClient, wire: WireServer) -> None:
    wire.plays(ADD, 404)
    with pytest.raises(SlackRefused, match="address") as caught:
        await client.call(ADD)
    assert caught.value.code == "http_404"


async def test_arguments_travel_as_the_method_wants_them(client: SlackClient, wire: WireServer) -> None:
    await client.call(
        "conversations.history", {"channel": "C1", "limit": 5, "include_all_metadata": True, "cursor": None}
    )
    await client.call("chat.postMessage", {"channel": "C1", "blocks": [{"type": "divider"}], "mrkdwn": False})
    await client.call("files.getUploadURLExternal", {"filename": "a.txt", "length": 3})
    read, post, form = wire.arrivals
    assert (read.verb, read.args) == ("GET", {"channel": "C1", "limit": "5", "include_all_metadata": "1"})
    assert (post.verb, post.args["blocks"], post.args["mrkdwn"]) == ("POST", [{"type": "divider"}], False)
    assert (form.verb, form.args) == ("POST", {"filename": "a.txt", "length": "3"})
    assert {arrival.authorization for arrival in wire.arrivals} == {f"Bearer {TOKEN}"}


async def test_lists_travel_as_slack_writes_them(client: SlackClient, wire: WireServer) -> None:
    await client.call("users.conversations", {"types": ["public_channel", "private_channel"]})
    assert wire.arrivals[0].args == {"types": "public_channel,private_channel"}


async def test_connections_are_kept(client: SlackClient, wire: WireServer) -> None:
    for _ in range(10):
        await client.call(READ)
    assert len(wire.connections) == 1


async def test_each_kind_of_warning_is_logged_once(
    client: SlackClient, wire: WireServer, caplog: pytest.LogCaptureFixture
) -> None:
    warned = {"ok": True, "response_metadata": {"warnings": ["missing_charset"]}}
    wire.plays(READ, warned, warned, {"ok": True, "warning": "superfluous_charset,missing_charset"})
    for _ in range(3):
        await client.call(READ)
    assert [record.getMessage() for record in caplog.records] == [
        "Slack warns about users.info: missing_charset",
        "Slack warns about users.info: superfluous_charset",
    ]


async def test_a_proxy_of_the_environment_is_not_used(
    wire: WireServer, clock: LeapingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    client = SlackClient(TOKEN, clock, base_url=wire.address)
    assert (await client.call(READ))["ok"]
    await client.close()


FAULTS: list[Any] = [
    "cut",
    "hang",
    500,
    404,
    "internal_error",
    "invalid_auth",
    "garbage",
    (429, 60),
    (200, "ok"),
]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("method", [READ, ADD])
async def test_the_token_is_nowhere_to_be_seen(
    wire: WireServer, clock: LeapingClock, caplog: pytest.LogCaptureFixture, method: str, fault: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    client = SlackClient(TOKEN, clock, base_url=wire.address, wire=Wire(timeout=0.2))
    wire.plays(method, *[fault] * 20)
    with pytest.raises(SlackError) as caught:
        await client.call(method)
    assert TOKEN not in caplog.text
    assert TOKEN not in f"{client!r} {client} {vars(client)}"
    error: BaseException | None = caught.value
    while error is not None:
        assert TOKEN not in f"{error!r} {error} {vars(error)}"
        error = error.__cause__ or error.__context__
    await client.close()


async def test_a_token_that_slack_repeats_is_taken_out(client: SlackClient, wire: WireServer) -> None:
    wire.plays(READ, {"ok": False, "error": "bad", "response_metadata": {"messages": [f"what is {TOKEN}?"]}})
    with pytest.raises(SlackRefused, match="what is …") as caught:
        await client.call(READ)
    assert TOKEN not in str(caught.value)


async def test_what_must_not_be_repeated_waits_for_its_guard(wire: WireServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A replica that was frozen before it sent: others have taken over and sent."""
    fresh = asyncio.Event()

    async def guard() -> None:
        await fresh.wait()

    client = SlackClient(TOKEN, LeapingClock(), base_url=wire.address, guard=guard)
    monkeypatch.setattr("bot.slack.client.GUARDED", 0.05)
    try:
        with pytest.raises(SlackUnavailable, match="this replica was silent"):
            await client.call(ADD)
        assert wire.count(ADD) == 0
        await client.call(READ)
        fresh.set()
        await client.call(ADD)
        assert wire.count(ADD) == 1
    finally:
        await client.close()

"""The validator is fast enough to look at every message of a busy workspace."""

from time import perf_counter

from sandbox.slack.blockkit import validate_message
from tests.sandbox.blockkit import samples


def test_twenty_blocks_take_less_than_a_millisecond() -> None:
    rows = [samples.section(fields=[samples.mrkdwn()] * 4, accessory=samples.button(value="1")) for _ in range(15)]
    blocks = [
        *rows,
        *(samples.actions(*[samples.button(action_id=f"a{n}") for n in range(5)]) for _ in range(5)),
    ]
    payload = samples.message(*blocks)
    assert validate_message(payload) == []
    best = min(_seconds(payload) for _ in range(50))
    assert best < 0.001


def _seconds(payload: samples.Json) -> float:
    start = perf_counter()
    validate_message(payload)
    return perf_counter() - start

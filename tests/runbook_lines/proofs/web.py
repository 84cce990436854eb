"""What a line sent: the request that arrived, against the words of the line as curl's manual reads them."""

import argparse
import shlex
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from bot.operations.line import Line
from bot.runbooks.targets import HttpTarget, Target
from tests.runbook_lines.cases import Case
from tests.runbook_lines.values import filled
from tests.runbook_lines.world import SECRET, World

_OURS = {"host", "accept", "accept-encoding", "user-agent", "connection", "content-length", "idempotency-key"}
"""Headers that no line names."""


@asynccontextmanager
async def proven(world: World, case: Case) -> AsyncIterator[tuple[Line, Target]]:
    """Prove that a line sent one request, with its method, path, headers and body."""
    line, target = world.line(case)
    assert isinstance(target, HttpTarget)
    secrets = dict.fromkeys(target.secrets_from, SECRET)
    wanted = _read(filled(case.text, {**world.values(case), **secrets}))
    url = urlsplit(wanted.url)
    site = world.sites[url.netloc]
    site.asked.clear()
    yield line, target
    (asked,) = site.asked
    body = (wanted.data or "").encode()
    assert (asked.method, asked.target) == (wanted.request, f"{url.path}?{url.query}".rstrip("?"))
    assert asked.body == body
    named = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in wanted.header)}
    if wanted.data is not None:
        named.setdefault("content-type", "application/x-www-form-urlencoded")
    assert {name: value for name, value in asked.headers.items() if name in named or name not in _OURS} == named
    assert asked.headers["host"] == url.netloc
    assert asked.headers.get("content-length", "0") == str(len(body))
    assert asked.headers["idempotency-key"].strip('"').startswith("REQ-")


def _read(line: str) -> argparse.Namespace:
    """Return what a line of curl says; an option that is not known here fails the test."""
    parser = argparse.ArgumentParser(exit_on_error=False)
    parser.add_argument("url")
    parser.add_argument("-X", "--request", default="GET")
    parser.add_argument("-H", "--header", action="append", default=[])
    parser.add_argument("-d", "--data")
    parser.add_argument("-f", "--fail", action="store_true")
    program, *words = shlex.split(line)
    assert program == "curl"
    return parser.parse_args(words)

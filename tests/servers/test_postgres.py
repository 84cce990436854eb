"""The server of the tests: it leaves nothing behind, and the wheel's works like the machine's."""

import pwd
from pathlib import Path

import psycopg
import pytest

from tests.servers.postgres import running


@pytest.mark.parametrize("from_wheel", [False, True])
def test_a_server_comes_and_goes(*, from_wheel: bool) -> None:
    users = pwd.getpwall()
    with running(from_wheel=from_wheel) as server:
        server.create("mine")
        with psycopg.connect(server.address("mine")) as connection:
            asked = connection.execute("SHOW listen_addresses").fetchone()
        assert asked == ("",)
        folder = Path(server.address("mine").partition("host=")[2])
        assert folder.stat().st_uid != 0
    assert not folder.exists()
    assert pwd.getpwall() == users

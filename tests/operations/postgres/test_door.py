"""Looks at the port of a database's own host."""

import asyncio

import pytest

from bot.errors import TargetRefused
from bot.operations.backend import Limits
from bot.operations.http.nouns import TcpConnect
from bot.operations.line import read_line
from bot.operations.operation import Hole
from bot.operations.postgres.backend import PostgresBackend


async def test_a_port_of_its_own_host_is_looked_at_without_logging_in() -> None:
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    backend = PostgresBackend(f"postgresql://ann:hunter2@127.0.0.1:{port}/shop")
    for line in (f"telnet [db-host] {port}", "tcp $DB_HOST $DB_PORT"):
        output = await backend.run(read_line(line).operation, Limits(seconds=5))
        assert (output.code, output.facts["status"]) == (0, "open")
        assert output.text.startswith(f"127.0.0.1:{port} takes connections")
    server.close()
    await server.wait_closed()
    output = await backend.run(TcpConnect("<db-host>", port), Limits(seconds=5))
    assert (output.code, output.text) == (1, f"127.0.0.1:{port} takes no connection: connection refused")


@pytest.mark.parametrize(
    ("url", "operation", "sentence"),
    [
        ("postgresql://127.0.0.1/shop", TcpConnect("elsewhere.example.com", 5432), "carries out SQL, and nothing else"),
        ("postgresql://127.0.0.1/shop", TcpConnect("[db-host]", Hole("some-port")), "No value for some-port"),
        ("postgresql:///shop?host=/run/postgresql", TcpConnect("[db-host]", 5432), "there is no port to look at"),
    ],
)
async def test_no_other_door_is_looked_at(url: str, operation: TcpConnect, sentence: str) -> None:
    with pytest.raises(TargetRefused, match=sentence):
        await PostgresBackend(url).run(operation, Limits(seconds=5))

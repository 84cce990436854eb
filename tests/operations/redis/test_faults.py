"""What goes wrong with Redis is one clear sentence."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import pytest

from bot.errors import AnswerUnreadable, TargetError, TargetRefused, TargetUnreachable
from bot.operations.backend import Limits
from bot.operations.line import read_line
from bot.operations.prometheus.nouns import PromQuery
from bot.operations.redis.backend import RedisBackend
from bot.operations.redis.connection import ask, connected_to
from bot.operations.redis.nouns import Command, DeleteMatching, RedisOperation
from tests.servers.redis import running

PING = Command("PING")


async def failure(url: str, operation: RedisOperation = PING, seconds: float = 5.0) -> TargetError:
    backend = RedisBackend(url)
    try:
        with pytest.raises(TargetError) as caught:
            await backend.run(operation, Limits(seconds=seconds))
    finally:
        await backend.close()
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None
    return caught.value


@asynccontextmanager
async def answering(reply: bytes) -> AsyncIterator[str]:
    """Serve on a port of the machine's choice, with one reply to whatever is said."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(4096):
            writer.write(reply)
            await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"redis://:hunter2@127.0.0.1:{server.sockets[0].getsockname()[1]}/0"


async def test_nobody_is_there() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        error = await failure(f"redis://127.0.0.1:{closed.getsockname()[1]}")
    assert isinstance(error, TargetUnreachable)
    assert "connection refused" in str(error)
    assert "no such socket" in str(await failure("unix:///nowhere/redis.sock"))
    assert "host name is not known" in str(await failure("redis://nowhere.invalid:6379"))


async def test_the_address_is_of_something_else() -> None:
    error = await failure("postgresql://ops:hunter2@db/app")
    assert isinstance(error, TargetRefused)
    assert "redis://" in str(error)
    async with answering(b"HTTP/1.1 400 Bad Request\r\n\r\n") as url:
        assert isinstance(await failure(url), AnswerUnreadable)


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (b"-LOADING Redis is loading the dataset in memory\r\n", TargetUnreachable, "loading its data"),
        (b"-MOVED 3999 10.0.0.5:6381\r\n", TargetRefused, "is a cluster"),
        (b"-CLUSTERDOWN Hash slot not served\r\n", TargetUnreachable, "cluster is down"),
        (b"-OOM command not allowed when used memory > 'maxmemory'.\r\n", TargetRefused, "no memory left"),
        (b"-ERR max number of clients reached\r\n", TargetUnreachable, "maxclients"),
        (b"-WRONGPASS invalid username-password pair\r\n", TargetRefused, "the password"),
        (b"-ERR something nobody foresaw\r\n", TargetRefused, "something nobody foresaw"),
    ],
)
async def test_what_the_server_says_is_put_plainly(reply: bytes, kind: type[TargetError], words: str) -> None:
    async with answering(reply) as url:
        error = await failure(url)
    assert type(error) is kind
    assert words in str(error)


async def test_passwords_and_rights() -> None:
    with running("--requirepass", "hunter2") as server:
        assert "wants a password" in str(await failure(server.address()))
        assert "refuses the user name or the password" in str(await failure(f"{server.address()}&password=wrong"))
        admin = RedisBackend(f"{server.address()}&password=hunter2")
        assert (await admin.run(PING, Limits())).text == "PONG"
        await admin.close()
    with running() as server:
        client = connected_to(server.address(), None)
        await ask(client, "ACL SETUSER", "reader", "on", "nopass", "~*", "+ping")
        await client.aclose()
        limited = f"{server.address()}&username=reader&password=any"
        error = await failure(limited, Command("DBSIZE"))
    assert isinstance(error, TargetRefused)
    assert "no right to run DBSIZE" in str(error)


async def test_a_managed_server_without_config() -> None:
    with running("--rename-command", "CONFIG", "") as server:
        error = await failure(server.address(), Command("CONFIG GET", ("maxmemory",)))
    assert "does not know CONFIG: a managed Redis often switches it off" in str(error)


async def test_a_replica_takes_no_writes() -> None:
    with running("--replicaof", "127.0.0.1", "1") as server:
        error = await failure(server.address(), Command("SET", ("k", "v")))
    assert "read-only replica" in str(error)


async def test_a_server_that_hangs_is_given_up_and_found_again() -> None:
    with running() as server:
        backend = RedisBackend(server.address())
        assert (await backend.run(PING, Limits())).text == "PONG"
        server.signal(signal.SIGSTOP)
        with pytest.raises(TargetUnreachable, match=r"did not answer within 0\.2 seconds"):
            await backend.run(PING, Limits(seconds=0.2))
        server.signal(signal.SIGCONT)
        assert (await backend.run(Command("DBSIZE"), Limits())).text == "0"
        server.stop()
        with pytest.raises(TargetUnreachable):
            await backend.run(PING, Limits())
        server.start()
        assert (await backend.run(PING, Limits())).text == "PONG"
        await backend.close()


async def test_a_deletion_that_breaks_off_says_how_far_it_came() -> None:
    pages = iter([b"*2\r\n$1\r\n7\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n", b":2\r\n"])

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while asked := await reader.read(4096):
            if b"SCAN" in asked or b"UNLINK" in asked:
                reply = next(pages, b"")
                if not reply:
                    break
                writer.write(reply)
            else:
                writer.write(b"+OK\r\n" * asked.count(b"*"))
            await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        url = f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        error = await failure(url, DeleteMatching("k:*"))
    assert "the connection broke off. 2 keys were deleted before that." in str(error)

    backend = RedisBackend("redis://127.0.0.1")
    with pytest.raises(TargetRefused, match="not a redis-cli line"):
        await backend.run(PromQuery("up"), Limits())


@pytest.mark.parametrize("reply", [b":abc\r\n", b"$abc\r\n", b"*1\r\n" * 50_000])
async def test_a_reply_without_sense(reply: bytes) -> None:
    async with answering(reply) as url:
        assert isinstance(await failure(url), AnswerUnreadable)


@pytest.mark.parametrize(
    "line", ["redis-cli SLOWLOG GET", "redis-cli --scan", "redis-cli GET key", "redis-cli --bigkeys"]
)
async def test_a_reply_of_another_shape(line: str) -> None:
    async with answering(b"+OK\r\n") as url:
        assert isinstance(await failure(url, cast("RedisOperation", read_line(line).operation)), TargetError)


async def test_a_parameter_of_the_address_that_means_nothing() -> None:
    error = await failure("redis://:hunter2@127.0.0.1:1/0?hunter2=hunter2")
    assert isinstance(error, TargetRefused)
    assert "a parameter that means nothing to Redis" in str(error)

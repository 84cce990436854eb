"""What can be wrong with a database: one clear sentence each, and never the password."""

import asyncio
import re
import signal
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from bot.errors import TargetError, TargetRefused, TargetUnreachable
from bot.operations.backend import Limits
from bot.operations.postgres.backend import PostgresBackend
from bot.operations.postgres.faults import when_connecting
from bot.operations.postgres.nouns import IsReady
from bot.operations.postgres.sql import read_sql
from tests.operations.postgres.conftest import Ask
from tests.servers.postgres import Postgres, running

PASSWORD = "hunter2"


async def failure(url: str, sql: str = "SELECT 1", seconds: float = 5) -> TargetError:
    """Return how it fails; nothing of the error may hold the password."""
    backend = PostgresBackend(url)
    try:
        with pytest.raises(TargetError) as caught:
            await backend.run(read_sql(sql), Limits(seconds=seconds))
    finally:
        await backend.close()
    error: BaseException | None = caught.value
    while error is not None:
        assert PASSWORD not in repr(error)
        error = error.__cause__
    return caught.value


@pytest.fixture
def closed_port() -> Iterator[int]:
    """Hold a port on which nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


async def test_nobody_listens(closed_port: int, tmp_path: Path) -> None:
    error = await failure(f"postgresql://me:{PASSWORD}@127.0.0.1:{closed_port}/shop")
    assert isinstance(error, TargetUnreachable)
    assert str(error) == "The database shop on 127.0.0.1 does not answer: connection refused."
    error = await failure(f"postgresql://me:{PASSWORD}@/shop?host={tmp_path}")
    assert "there is no server at its socket" in str(error)
    backend = PostgresBackend(f"postgresql://me:{PASSWORD}@127.0.0.1:{closed_port}/shop")
    output = await backend.run(IsReady(), Limits(seconds=5))
    assert (output.text, output.code) == (f"127.0.0.1:{closed_port} - no response", 2)


async def test_a_host_that_is_not_known() -> None:
    error = await failure(f"postgresql://me:{PASSWORD}@no-such-host.invalid/shop")
    assert isinstance(error, TargetUnreachable)
    assert "no-such-host.invalid does not answer: its host name is not known" in str(error)


async def test_a_server_that_says_nothing() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"postgresql://me:{PASSWORD}@127.0.0.1:{silent.getsockname()[1]}/shop"
        began = time.monotonic()
        error = await failure(url, seconds=0.3)
        assert time.monotonic() - began < 1
        assert isinstance(error, TargetUnreachable)
        assert "no connection came about in time" in str(error)
        output = await PostgresBackend(url).run(IsReady(), Limits(seconds=0.3))
        assert output.text.endswith("no response")


async def test_a_server_without_encryption() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(8)
        writer.write(b"N")
        await writer.drain()
        writer.close()

    plain = await asyncio.start_server(refuse, "127.0.0.1", 0)
    async with plain:
        port = plain.sockets[0].getsockname()[1]
        error = await failure(f"postgresql://me:{PASSWORD}@127.0.0.1:{port}/shop?sslmode=require")
    assert isinstance(error, TargetRefused)
    assert "no encrypted connection came about" in str(error)


async def test_a_database_and_a_user_that_do_not_exist(database: str) -> None:
    error = await failure(re.sub(r"operations-\d+", "nowhere", database))
    assert str(error).startswith("The database nowhere on /")
    assert str(error).endswith("refuses: there is no such database.")
    error = await failure(database.replace("opsroom@", f"stranger:{PASSWORD}@"))
    assert str(error).endswith("refuses: there is no such user.")


@pytest.mark.usefixtures("users")
@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("SELECT * FROM usres", r'relation "usres" does not exist\. Did you mean users\?$'),
        ("SELECT * FROM public.userss", r"Did you mean users\?$"),
        ("SELECT * FROM zzzzqqq", r'relation "zzzzqqq" does not exist\.$'),
        ("SELECT nmae FROM users", r'column "nmae" does not exist.*hint: Perhaps'),
        ("SELECT * FROM pg_stat_statements", r"add pg_stat_statements to shared_preload_libraries, restart"),
        ("SELECT pg_stat_statements_reset()", r"CREATE EXTENSION pg_stat_statements"),
        ("SELECT 1/0", r"division by zero"),
        ("SELECT FROM WHERE", r"syntax error"),
        ("SELECT 'abc'::int", r"invalid input syntax for type integer"),
        ("SELECT unknown(1)", r"function unknown\(integer\) does not exist"),
        ("VACUUM nowhere", r'relation "nowhere" does not exist'),
    ],
)
async def test_a_query_that_does_not_work(ask: Ask, sql: str, says: str) -> None:
    with pytest.raises(TargetRefused) as caught:
        await ask(sql)
    assert re.search(says, str(caught.value))
    assert (await ask("SELECT 1")).text == "1"


@pytest.fixture
def reader(postgres: Postgres, database: str) -> Iterator[str]:
    """Make a user with no rights; the address as that user. Roles belong to the server: it goes with the test."""
    name = re.search(r"operations-\d+", database)
    assert name is not None
    role = f"reader-{name[0]}"
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f'CREATE ROLE "{role}" LOGIN CONNECTION LIMIT 1'.encode())
    yield database.replace("opsroom@", f"{role}:{PASSWORD}@")
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{role}'".encode())
        connection.execute(f'DROP ROLE "{role}"'.encode())


@pytest.mark.usefixtures("users")
async def test_a_right_that_is_missing(reader: str) -> None:
    error = await failure(reader, "SELECT * FROM users")
    assert str(error) == "The database refuses: this user has no right to do it (permission denied for table users)."


@pytest.mark.usefixtures("users")
async def test_a_vacuum_without_the_right_says_so(reader: str) -> None:
    backend = PostgresBackend(reader)
    try:
        output = await backend.run(read_sql("VACUUM users"), Limits())
    finally:
        await backend.close()
    assert re.match(r"VACUUM\nWARNING: .*users", output.text)


async def test_too_many_connections(reader: str) -> None:
    with psycopg.connect(reader):
        error = await failure(reader)
    assert isinstance(error, TargetUnreachable)
    assert "it has too many connections already" in str(error)


@pytest.mark.usefixtures("users")
async def test_a_lock_of_somebody_else(ask: Ask, database: str) -> None:
    with psycopg.connect(database) as other:
        other.execute("LOCK TABLE users")
        with pytest.raises(TargetRefused, match="something else holds a lock"):
            await ask("SELECT count(*) FROM users", seconds=0.3)


@pytest.mark.usefixtures("users")
async def test_an_index_that_was_not_finished_is_mentioned(ask: Ask, database: str) -> None:
    with psycopg.connect(database) as other:
        other.execute("INSERT INTO users VALUES (99)")
        with pytest.raises(TargetRefused, match=r"stopped this after 0.3 s.*stays behind as invalid"):
            await ask("CREATE INDEX CONCURRENTLY late ON users(name)", seconds=0.3)
    invalid = await ask("SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid")
    assert invalid.text == "late"


async def test_somebody_ends_the_query(ask: Ask, database: str) -> None:
    for function, says in (
        ("pg_cancel_backend", "Somebody stopped this"),
        ("pg_terminate_backend", "is being restarted"),
    ):
        waiting = asyncio.ensure_future(ask("SELECT pg_sleep(3600)"))
        active = "query LIKE 'FETCH%' AND state = 'active' AND datname = current_database()"
        end = f"SELECT {function}(pid) FROM pg_stat_activity WHERE {active}".encode()
        with psycopg.connect(database, autocommit=True) as other:
            deadline = time.monotonic() + 10
            while not other.execute(end).fetchall():
                assert time.monotonic() < deadline
                await asyncio.sleep(0.01)
        with pytest.raises(TargetError, match=says):
            await waiting


@pytest.fixture
def own_server() -> Iterator[Postgres]:
    with running() as server:
        yield server


async def test_a_password_that_is_wrong(own_server: Postgres) -> None:
    with psycopg.connect(own_server.address("postgres"), autocommit=True) as connection:
        connection.execute("CREATE ROLE guarded LOGIN PASSWORD 'right'")
        rules = connection.execute("SHOW hba_file").fetchone()
        assert rules is not None
        Path(rules[0]).write_text("local all opsroom trust\nlocal all guarded scram-sha-256\n")
        connection.execute("SELECT pg_reload_conf()")
    url = own_server.address("postgres")
    deadline = time.monotonic() + 10
    while True:
        backend = PostgresBackend(url.replace("opsroom@", f"guarded:{PASSWORD}@"))
        try:
            await backend.run(read_sql("SELECT 1"), Limits())
        except TargetRefused:
            break
        finally:
            await backend.close()
        assert time.monotonic() < deadline
    error = await failure(url.replace("opsroom@", f"guarded:{PASSWORD}@"))
    assert str(error).endswith("refuses: wrong user or password.")
    assert "wrong user or password" in str(await failure(url.replace("opsroom@", "guarded@")))
    assert "does not let this user in from here" in str(await failure(url.replace("opsroom@", "other@")))
    right = PostgresBackend(url.replace("opsroom@", "guarded:right@"))
    assert (await right.run(read_sql("SELECT 1"), Limits())).text == "1"
    await right.close()


async def test_a_server_that_comes_back_is_used_again(own_server: Postgres) -> None:
    backend = PostgresBackend(own_server.address("postgres"))
    assert (await backend.run(read_sql("SELECT 1"), Limits())).text == "1"
    own_server.stop(signal.SIGQUIT)
    for _ in range(2):
        with pytest.raises(TargetUnreachable):
            await backend.run(read_sql("SELECT 1"), Limits())
    assert (await backend.run(IsReady(), Limits(seconds=5))).code == 2
    own_server.start()
    assert (await backend.run(read_sql("SELECT 1"), Limits())).text == "1"
    own_server.stop()
    own_server.start()
    assert (await backend.run(read_sql("CREATE TABLE t ()"), Limits())).text == "CREATE TABLE"
    await backend.close()


async def test_a_server_that_goes_away_in_the_middle(own_server: Postgres) -> None:
    backend = PostgresBackend(own_server.address("postgres"))
    with psycopg.connect(own_server.address("postgres"), autocommit=True) as other:
        other.execute("CREATE TABLE t (i int)")
        writing = read_sql("WITH x AS (INSERT INTO t VALUES (1) RETURNING 1) SELECT pg_sleep(3600) FROM x")
        waiting = asyncio.ensure_future(backend.run(writing, Limits()))
        active = b"SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'WITH x%'"
        deadline = time.monotonic() + 10
        while not await asyncio.to_thread(lambda: other.execute(active).fetchall()):
            assert time.monotonic() < deadline
    await asyncio.to_thread(own_server.stop)
    with pytest.raises(TargetUnreachable):
        await waiting
    await backend.close()


async def test_a_frozen_server_holds_nobody_up(own_server: Postgres) -> None:
    backend = PostgresBackend(own_server.address("postgres"))
    await backend.run(read_sql("SELECT 1"), Limits())
    own_server.signal(signal.SIGSTOP)
    try:
        for sql in ("SELECT 1", "CREATE TABLE t ()"):
            began = time.monotonic()
            with pytest.raises(TargetUnreachable):
                await backend.run(read_sql(sql), Limits(seconds=0.3))
            assert time.monotonic() - began < 2
    finally:
        own_server.signal(signal.SIGCONT)
    assert (await backend.run(read_sql("SELECT 1"), Limits())).text == "1"
    await backend.close()


async def test_a_read_only_server_refuses_writes(own_server: Postgres) -> None:
    backend = PostgresBackend(own_server.address("postgres"))
    with psycopg.connect(own_server.address("postgres"), autocommit=True) as connection:
        connection.execute(
            "CREATE FUNCTION lose() RETURNS int LANGUAGE sql AS 'INSERT INTO pg_class DEFAULT VALUES RETURNING 1'"
        )
        connection.execute("CREATE VIEW quiet AS SELECT lose()")
    with pytest.raises(TargetRefused, match="only reading was asked for"):
        await backend.run(read_sql("SELECT * FROM quiet"), Limits())
    await backend.close()


@pytest.mark.parametrize(
    ("message", "kind", "says"),
    [
        ("connection failed: SSL error: certificate verify failed", TargetRefused, "its certificate is not accepted"),
        ('server certificate for "a" does not match host name "b"', TargetRefused, "its certificate is not accepted"),
        ("FATAL:  sorry, too many clients already", TargetUnreachable, "too many connections"),
        ("FATAL:  remaining connection slots are reserved", TargetUnreachable, "too many connections"),
        ("FATAL:  the database system is starting up", TargetUnreachable, "starting up"),
        ("FATAL:  the database system is shutting down", TargetUnreachable, "shutting down"),
        ('FATAL:  permission denied for database "x"', TargetRefused, "no right to connect"),
        ("Network is unreachable", TargetUnreachable, "no way to its host"),
        (f"something odd with {PASSWORD} in it", TargetUnreachable, "something odd with … in it"),
    ],
)
def test_what_goes_wrong_when_connecting(message: str, kind: type[TargetError], says: str) -> None:
    error = when_connecting(psycopg.OperationalError(message), "shop on db", PASSWORD)
    assert type(error) is kind
    assert says in str(error)
    assert PASSWORD not in str(error)


@contextmanager
def saying(answer: bytes) -> Iterator[str]:
    """Serve a database that says this to whoever comes, or nothing; its address."""

    def serve(listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                known, _ = listening.accept()
                held.append(known)
                known.recv(4096)
                if answer:
                    known.sendall(answer)

    held: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,))
        thread.start()
        yield f"postgresql://opsroom:{PASSWORD}@127.0.0.1:{listening.getsockname()[1]}/shop"
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()
    for known in held:
        known.close()


def refusing(code: str) -> bytes:
    fields = f"SFATAL\0VFATAL\0C{code}\0Mno\0\0".encode()
    return b"E" + struct.pack("!I", len(fields) + 4) + fields


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"R\0\0\0\x08\0\0\0\x05", 0),
        (refusing("28000"), 0),
        (refusing("53300"), 0),
        (refusing("57P03"), 1),
        (b"", 2),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", 2),
        (b"E\0\0\0\0", 2),
        (b"E\xff\xff\xff\xff", 2),
    ],
)
async def test_pg_isready_tells_what_the_first_answer_means_and_holds_nobody_up(answer: bytes, code: int) -> None:
    with saying(answer) as url:
        backend, gaps = PostgresBackend(url), []

        async def watch() -> None:
            while True:
                before = time.monotonic()
                await asyncio.sleep(0.01)
                gaps.append(time.monotonic() - before)

        watching = asyncio.create_task(watch())
        output = await backend.run(IsReady(), Limits(seconds=1))
        watching.cancel()
    assert output.code == code
    assert max(gaps, default=0) < 0.5
    assert float(output.facts["seconds"]) < 1.5


async def test_pg_isready_asks_one_host_after_the_other(closed_port: int) -> None:
    with saying(b"R\0\0\0\x08\0\0\0\x05") as url:
        port = url.rpartition(":")[2].partition("/")[0]
        backend = PostgresBackend(f"postgresql://127.0.0.1:{closed_port},127.0.0.1:{port}/shop")
        assert (await backend.run(IsReady(), Limits(seconds=5))).code == 0

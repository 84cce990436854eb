"""Changes of a Redis server: foreseen, carried out once, and looked up, on a real server."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from redis.asyncio import Redis

from bot.errors import ChangeUnclear, TargetRefused, TargetUnreachable
from bot.operations.backend import Limits
from bot.operations.changing import Changer, Foresight
from bot.operations.operation import Operation
from bot.operations.prometheus.nouns import PromQuery
from bot.operations.redis.backend import RedisBackend
from bot.operations.redis.changing import in_bytes
from bot.operations.redis.nouns import BigKeys, Command, DeleteMatching
from tests.operations.notebook import Notebook
from tests.operations.postgres.cutting import broken_line
from tests.servers.redis import RedisServer, running


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


def command(line: str) -> Command:
    name, *words = line.split()
    return Command(f"{name} {words.pop(0)}", tuple(words)) if name == "CONFIG" else Command(name, tuple(words))


async def foreseen(backend: RedisBackend, line: str) -> Foresight:
    return await backend.foresee(command(line), Limits())


@asynccontextmanager
async def through(server: RedisServer, word: str, number: int, *, after: bool) -> AsyncIterator[RedisBackend]:
    """Give a target whose line breaks at a word of the protocol."""
    socket = re.sub(r"^unix://|\?.*$", "", server.address(number))
    async with broken_line(socket, word.encode(), after=after) as port:
        backend = RedisBackend(f"redis://127.0.0.1:{port}/{number}")
        yield backend
        await backend.close()


Cut = Callable[[str, bool], AbstractAsyncContextManager[RedisBackend]]


@pytest.fixture
def cut(redis_server: RedisServer, database: int) -> Cut:
    """Give what makes a target on the test's own database whose line breaks at a word."""
    return lambda word, after: through(redis_server, word, database, after=after)


async def unclear(backend: RedisBackend, operation: Operation, notebook: Notebook) -> None:
    says = r"^Redis does not answer: the connection broke off\. It may have been done\.$"
    with pytest.raises(ChangeUnclear, match=says):
        await backend.change(operation, Limits(), notebook.deed)


def test_a_server_is_a_changer(backend: RedisBackend) -> None:
    assert isinstance(backend, Changer)


async def test_what_changes_nothing_is_not_foreseen(backend: RedisBackend, notebook: Notebook) -> None:
    with pytest.raises(TargetRefused, match=r"^Redis cannot do this, or it changes nothing\.$"):
        await backend.foresee(BigKeys(), Limits())
    with pytest.raises(TargetRefused, match=r"^DBSIZE changes nothing\.$"):
        await foreseen(backend, "DBSIZE")
    for act in (backend.change, backend.look):
        with pytest.raises(TargetRefused, match="not a redis-cli line"):
            await act(PromQuery("up"), Limits(), notebook.deed)


async def test_a_deletion_says_how_many_keys_are_gone(backend: RedisBackend, redis: Redis) -> None:
    await redis.mset({f"session:{number}": "x" for number in range(1204)})
    foresight = await backend.foresee(DeleteMatching("session:*"), Limits())
    assert re.match(r"1,204 keys, such as session:\d+, ", foresight.before)
    assert (foresight.after, foresight.reach, foresight.final) == ("gone", "1,204 keys", True)
    assert foresight.world == {"Keys that match session:*": "about 1,000"}
    await redis.mset({f"session:{number}": "x" for number in range(1204, 1250)})
    again = await backend.foresee(DeleteMatching("session:*"), Limits())
    assert (again.world, again.reach) == (foresight.world, "1,250 keys")
    assert await redis.dbsize() == 1250


async def test_keys_are_named_with_what_they_are_and_not_with_their_values(backend: RedisBackend, redis: Redis) -> None:
    await redis.set("a", "hunter2")
    await redis.hset("b", "field", "hunter2")
    foresight = await foreseen(backend, "DEL a b c")
    assert re.fullmatch(r"a \(string, \d+ bytes\), b \(hash, \d+ bytes\), c \(none\)", foresight.before)
    assert foresight.world == {"Key a": "string", "Key b": "hash", "Key c": "none"}
    assert (foresight.reach, foresight.final) == ("2 keys", True)
    many = await foreseen(backend, "UNLINK " + " ".join("abcdefghijkl"))
    assert (many.before, many.world) == ("2 of 12 keys", {"Keys that are there": "2"})


async def test_a_flush_says_what_the_database_holds(backend: RedisBackend, redis: Redis) -> None:
    await redis.mset({str(number): "x" for number in range(30)})
    foresight = await foreseen(backend, "FLUSHDB")
    assert re.fullmatch(r"30 keys of the database; the server holds [\d.]+[KMG] in all", foresight.before)
    assert foresight.world == {"Keys of the database": "about 20"}
    assert foresight.final
    assert "newest backup" in foresight.undo


@pytest.mark.parametrize(
    ("line", "before", "after", "undo", "final"),
    [
        ("EXPIRE a 60", "a stays for good", "a expires in 60 s", "redis-cli PERSIST a", False),
        ("EXPIRE a 0", "a stays for good", "gone at once", "There is no way back but the newest backup.", True),
        ("EXPIRE b 60", "b expires in 1,000 s", "b expires in 60 s", "redis-cli EXPIRE b 1000", False),
        ("PERSIST b", "b expires in 1,000 s", "b stays for good", "redis-cli EXPIRE b 1000", False),
        ("SET c 12345", "no key c", "c is a string of 5 bytes", "redis-cli DEL c", False),
        ("CONFIG SET maxmemory-samples 7", "maxmemory-samples is 5", "maxmemory-samples is 7",
         "redis-cli CONFIG SET maxmemory-samples 5", False),
    ],
)  # fmt: skip
async def test_each_command_says_from_what_to_what_and_the_way_back(
    backend: RedisBackend, redis: Redis, line: str, before: str, after: str, undo: str, final: bool
) -> None:
    await redis.mset({"a": "x", "b": "x"})
    await redis.expire("b", 1000)
    foresight = await foreseen(backend, line)
    assert (foresight.before, foresight.after, foresight.undo, foresight.final) == (before, after, undo, final)
    assert foresight.world


async def test_the_way_back_is_for_the_same_database(backend: RedisBackend, redis: Redis) -> None:
    foresight = await backend.foresee(Command("SET", ("a key", "x"), database=7), Limits())
    assert foresight.undo == "redis-cli -n 7 DEL 'a key'"


async def test_a_value_that_is_overwritten_is_lost(backend: RedisBackend, redis: Redis) -> None:
    await redis.set("a", "hunter2")
    foresight = await foreseen(backend, "SET a x")
    assert foresight.final
    assert foresight.undo == "There is no way back: the old value is not kept."
    assert "hunter2" not in str(foresight)


async def test_a_limit_below_what_is_used_evicts(backend: RedisBackend, redis: Redis) -> None:
    await redis.config_set("maxmemory-policy", "allkeys-lru")
    try:
        foresight = await foreseen(backend, "CONFIG SET maxmemory 1kb")
        assert foresight.final
        assert "Redis evicts keys at once" in foresight.after
        await redis.config_set("maxmemory-policy", "noeviction")
        assert not (await foreseen(backend, "CONFIG SET maxmemory 1kb")).final
    finally:
        await redis.config_set("maxmemory-policy", "noeviction")
    assert not (await foreseen(backend, "CONFIG SET maxmemory 100gb")).final


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("EXPIRE gone 60", r"^There is no key gone\.$"),
        ("PERSIST gone", r"^There is no key gone\.$"),
        ("CONFIG SET nothing 1", r"^This Redis has no setting nothing\.$"),
        ("SET a x NX", r"^The key a is there already: with NX nothing would be set\.$"),
        ("SET gone x XX", r"^The key gone is not there: with XX nothing would be set\.$"),
    ],
)
async def test_what_would_do_nothing_is_refused_beforehand(
    backend: RedisBackend, redis: Redis, line: str, says: str
) -> None:
    await redis.set("a", "x")
    with pytest.raises(TargetRefused, match=says):
        await foreseen(backend, line)


@pytest.mark.parametrize(
    ("line", "done"),
    [
        ("DEL a b", True),
        ("UNLINK a", True),
        ("FLUSHDB", True),
        ("EXPIRE a 60", False),
        ("EXPIRE a -1", True),
        ("PERSIST b", True),
        ("SET a something", True),
        ("SET a something EX 60", True),
        ("CONFIG SET maxmemory-samples 5", True),
    ],
)
async def test_a_command_is_carried_out_and_found_done_or_may_be_repeated(
    backend: RedisBackend, redis: Redis, notebook: Notebook, line: str, done: bool
) -> None:
    await redis.mset({"a": "x", "b": "x"})
    await redis.expire("b", 1000)
    assert await backend.look(command(line), Limits(), notebook.deed) is None
    assert (await backend.change(command(line), Limits(), notebook.deed)).code == 0
    found = await backend.look(command(line), Limits(), notebook.deed)
    assert (found is not None) is done


async def test_a_deletion_by_glob_may_be_repeated(backend: RedisBackend, redis: Redis, notebook: Notebook) -> None:
    await redis.mset({"a:1": "x", "b": "x"})
    operation = DeleteMatching("a:*")
    assert (await backend.change(operation, Limits(), notebook.deed)).text == "1 key deleted"
    assert await backend.look(operation, Limits(), notebook.deed) is None
    assert (await backend.change(operation, Limits(), notebook.deed)).text == "0 keys deleted"


@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize(
    ("line", "told"),
    [("SET a something", True), ("DEL a", True), ("FLUSHDB", True), ("EXPIRE a 60", False), ("PERSIST b", True)],
)
async def test_a_cut_line_is_unclear_and_the_look_tells_the_truth(
    cut: Cut, backend: RedisBackend, redis: Redis, notebook: Notebook, line: str, told: bool, after: bool
) -> None:
    await redis.mset({"a": "x", "b": "x"})
    await redis.expire("b", 1000)
    word = f"\r\n{line.split(maxsplit=1)[0]}\r\n"
    async with cut(word, after) as broken:
        await unclear(broken, command(line), notebook)
    assert (await backend.look(command(line), Limits(), notebook.deed) is not None) is (told and after)


async def test_a_flush_that_was_done_is_told_from_new_keys(
    backend: RedisBackend, redis: Redis, notebook: Notebook
) -> None:
    await redis.set("a", "x")
    flush = Command("FLUSHDB")
    await backend.change(flush, Limits(), notebook.deed)
    await redis.set("new", "x")
    assert await backend.look(flush, Limits(), notebook.deed) is not None
    assert await redis.exists("new")
    notebook.noted = {"server": "another start", "calls": 0}
    with pytest.raises(ChangeUnclear, match="as after a restart: look at its keys"):
        await backend.look(flush, Limits(), notebook.deed)


async def test_nobody_there_is_no_doubt(notebook: Notebook) -> None:
    backend = RedisBackend("unix:///nowhere/redis.sock")
    for act in (backend.change(command("SET a x"), Limits(), notebook.deed), foreseen(backend, "FLUSHDB")):
        with pytest.raises(TargetUnreachable, match="no such socket"):
            await act
    await backend.close()


async def test_a_user_without_the_right_is_refused(notebook: Notebook) -> None:
    with running() as server:
        admin = Redis.from_url(server.address(0))
        await admin.execute_command("ACL", "SETUSER", "reader", "on", "nopass", "~*", "+@all", "-@dangerous", "-@write")  # type: ignore[no-untyped-call]  # redis has no types for it
        address = server.address(0).replace("unix://", "unix://reader:x@")
        backend = RedisBackend(address)
        for line in ("SET a x", "FLUSHDB"):
            with pytest.raises(TargetRefused, match="no right to run"):
                await backend.change(command(line), Limits(), notebook.deed)
        await backend.close()
        await admin.aclose()


@pytest.mark.parametrize(
    ("text", "size"), [("100", 100), ("1kb", 1024), ("1K", 1000), ("2gb", 2 * 1024**3), ("many", -1), ("1 kb", -1)]
)
def test_sizes_are_read_as_redis_does(text: str, size: int) -> None:
    assert in_bytes(text) == size

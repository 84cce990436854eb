"""The twins answer our backends as the real ones do."""

import sys
import time
from collections.abc import AsyncIterator

import psutil
import pytest

from bot.errors import TargetError
from bot.operations.backend import Backend, Limits
from bot.operations.http.backend import HttpBackend
from bot.operations.http.places import read_places
from bot.operations.line import read_line
from bot.operations.output import Output
from bot.operations.prometheus.backend import PrometheusBackend
from bot.operations.redis.backend import RedisBackend
from sandbox.targets import redis
from sandbox.targets.hosts import hosts
from sandbox.targets.prometheus import Gauge, prometheus
from sandbox.targets.redis_twin import RedisTwin, redis_twin

KEYS = {"session:1": "a", "session:2": "b", "feed:1": "long " * 40}


async def run(backend: Backend, line: str) -> Output:
    return await backend.run(read_line(line).operation, Limits(seconds=10))


@pytest.fixture(params=["twin", "real"])
async def cache(request: pytest.FixtureRequest) -> AsyncIterator[RedisBackend]:
    if request.param == "real":
        if redis.program() is None:
            pytest.skip("There is no redis-server.")
        with redis.running("--maxmemory", "256mb") as server:
            backend = RedisBackend(server.address())
            for key, value in KEYS.items():
                await run(backend, f"redis-cli SET {key} '{value}'")
            yield backend
            await backend.close()
        return
    twin = RedisTwin()
    twin.keys.update(KEYS)
    async with redis_twin(twin) as address:
        backend = RedisBackend(address)
        yield backend
        await backend.close()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("redis-cli ping", "PONG"),
        ("redis-cli DBSIZE", "3"),
        ("redis-cli GET session:1", "a"),
        ("redis-cli info memory", "maxmemory:268435456"),
        ("redis-cli info stats", "keyspace_hits"),
        ("redis-cli --scan --pattern 'session:*'", "session:2"),
        ("redis-cli --bigkeys", "feed:1"),
        ("redis-cli CONFIG GET maxmemory-policy", "noeviction"),
    ],
)
async def test_redis_and_its_twin_answer_alike(cache: RedisBackend, line: str, said: str) -> None:
    assert said in (await run(cache, line)).text


async def test_keys_go_from_the_twin_as_from_redis(cache: RedisBackend) -> None:
    await run(cache, "redis-cli --scan --pattern 'session:*' | xargs redis-cli DEL")
    assert (await run(cache, "redis-cli DBSIZE")).text.strip().endswith("1")


async def test_the_twin_says_what_it_does_not_know() -> None:
    reply = RedisTwin().reply(["XADD", "stream", "*", "a", "b"])
    assert reply.startswith(b"-ERR unknown command 'XADD'")


async def test_a_gauge_answers_now_and_over_time() -> None:
    async with prometheus([Gauge("requests", lambda at: at % 100)]) as address:
        backend = PrometheusBackend(address)
        now = await run(backend, "promql 'sum(requests)'")
        ranged = await run(backend, "promql 'sum(requests)' --range 10m --step 1m --at 1000000000")
        assert 0 <= float(now.facts["value"]) < 100
        assert [value for _, value in ranged.series[0].points][:2] == [0.0, 60.0]
        with pytest.raises(TargetError, match="only the queries"):
            await run(backend, "promql 'rate(unheard_of[5m])'")
        await backend.close()


async def test_hosts_are_told_apart_by_their_names() -> None:
    pages = {"api.shop.test/health": lambda: (503, {"status": "error"}), "shop.test/": lambda: (200, "<h1>Shop</h1>")}
    async with hosts(pages) as address:
        backend = HttpBackend(["*.test"], places=read_places(f"*.test={address}"))
        assert (await run(backend, "curl https://api.shop.test/health")).facts["status"] == 503
        assert (await run(backend, "curl https://other.test/health")).facts["status"] == 200
        await backend.close()


@pytest.mark.skipif(sys.platform != "linux", reason="prctl(2) is Linux's")
def test_a_server_ends_with_a_process_that_is_killed() -> None:
    if redis.program() is None:
        pytest.skip("There is no redis-server.")
    program = (
        "import sys, time\nfrom sandbox.targets import redis\n"
        "with redis.running() as server:\n    print(server._process.pid, flush=True)\n    time.sleep(60)\n"
    )
    owner = psutil.Popen([sys.executable, "-c", program], stdout=-1)
    assert owner.stdout is not None
    server = psutil.Process(int(owner.stdout.readline()))
    owner.kill()
    owner.wait()
    owner.stdout.close()
    deadline = time.monotonic() + 10
    while server.is_running() and server.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, "the server outlived its owner"
        time.sleep(0.02)

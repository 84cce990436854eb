"""A stand-in for Redis where there is none: the commands that look at a server, and those that take keys away.

It speaks RESP2 (https://redis.io/docs/latest/develop/reference/protocol-spec/) on a socket of this machine.
"""

import asyncio
import fnmatch
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

Words = Sequence[str]


class _Error(Exception):
    """What Redis answers with a minus sign before it."""


class RedisTwin:
    """The keys of one database, all of them strings."""

    def __init__(self) -> None:
        self.keys: dict[str, str] = {}
        self._settings = {"maxmemory": "268435456", "maxmemory-policy": "noeviction", "timeout": "0"}
        self._started, self._hits, self._misses = time.time(), 0, 0
        self._commands: dict[str, Callable[[Words], Any]] = {
            "PING": lambda words: words[0].encode() if words else "PONG",
            "SELECT": lambda _: "OK",
            "CLIENT": lambda _: "OK",
            "DBSIZE": lambda _: len(self.keys),
            "INFO": self._info,
            "SCAN": self._scan,
            "TYPE": lambda words: "string" if words[0] in self.keys else "none",
            "STRLEN": lambda words: len(self.keys.get(words[0], "")),
            "TTL": lambda words: -1 if words[0] in self.keys else -2,
            "EXISTS": lambda words: sum(word in self.keys for word in words),
            "GET": self._get,
            "SET": self._set,
            "DEL": self._remove,
            "UNLINK": self._remove,
            "MEMORY": self._memory,
            "CONFIG": self._config,
            "SLOWLOG": lambda words: [] if words[0].upper() == "GET" else 0,
        }

    def reply(self, words: Words) -> bytes:
        """Return the reply to a command, as it goes over the wire."""
        known = self._commands.get(words[0].upper())
        if known is None:
            return _written(_Error(f"ERR unknown command '{words[0]}' (this is a stand-in for Redis)"))
        try:
            return _written(known(words[1:]))
        except _Error as error:
            return _written(error)
        except IndexError:
            return _written(_Error(f"ERR wrong number of arguments for '{words[0].lower()}' command"))

    def _get(self, words: Words) -> bytes | None:
        found = self.keys.get(words[0])
        self._hits, self._misses = self._hits + (found is not None), self._misses + (found is None)
        return None if found is None else found.encode()

    def _set(self, words: Words) -> str:
        self.keys[words[0]] = words[1]
        return "OK"

    def _remove(self, words: Words) -> int:
        return sum(self.keys.pop(word, None) is not None for word in words)

    def _scan(self, words: Words) -> list[Any]:
        given = {words[at].upper(): words[at + 1] for at in range(1, len(words) - 1, 2)}
        found = fnmatch.filter(sorted(self.keys), given.get("MATCH", "*"))
        return [b"0", [key.encode() for key in found]]

    def _memory(self, words: Words) -> int | None:
        if words[0].upper() != "USAGE":
            raise _Error("ERR only MEMORY USAGE is known here")
        return 56 + len(words[1]) + len(self.keys[words[1]]) if words[1] in self.keys else None

    def _config(self, words: Words) -> Any:
        if words[0].upper() == "SET":
            self._settings[words[1]] = words[2]
            return "OK"
        found = fnmatch.filter(sorted(self._settings), words[1])
        return [part.encode() for name in found for part in (name, self._settings[name])]

    def _info(self, words: Words) -> bytes:
        wanted = words[0].lower() if words else "default"
        everything = wanted in {"default", "all", "everything"}
        parts = [self._section(name) for name in self._facts() if everything or name == wanted]
        return "\r\n".join(parts).encode()

    def _section(self, name: str) -> str:
        lines = "".join(f"{key}:{value}\r\n" for key, value in self._facts()[name].items())
        return f"# {name.capitalize()}\r\n{lines}"

    def _facts(self) -> dict[str, dict[str, object]]:
        used = 1_048_576 + sum(56 + len(key) + len(value) for key, value in self.keys.items())
        memory = {
            "used_memory": used,
            "used_memory_human": f"{used / 2**20:.2f}M",
            "maxmemory": self._settings["maxmemory"],
            "maxmemory_policy": self._settings["maxmemory-policy"],
        }
        return {
            "server": {"redis_version": "7.2.0", "redis_mode": "standalone", "uptime_in_seconds": self._uptime},
            "clients": {"connected_clients": 1, "blocked_clients": 0},
            "memory": memory,
            "stats": {"keyspace_hits": self._hits, "keyspace_misses": self._misses, "evicted_keys": 0},
            "replication": {"role": "master", "connected_slaves": 0},
            "keyspace": {"db0": f"keys={len(self.keys)},expires=0,avg_ttl=0"} if self.keys else {},
        }

    @property
    def _uptime(self) -> int:
        return int(time.time() - self._started)


@asynccontextmanager
async def redis_twin(twin: RedisTwin) -> AsyncIterator[str]:
    """Serve a twin on a private socket while the block runs; yield its address."""
    busy: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        busy.add(task)
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError, ValueError):
            while True:
                writer.write(twin.reply(await _command(reader)))
                await writer.drain()
        busy.discard(task)
        writer.close()

    with tempfile.TemporaryDirectory(prefix="opsroom-redis-") as folder:
        socket = Path(folder) / "redis.sock"
        server = await asyncio.start_unix_server(serve, socket)
        try:
            yield f"unix://{socket}?db=0"
        finally:
            server.close()
            for task in busy:
                task.cancel()
            await asyncio.gather(*busy, return_exceptions=True)
            await server.wait_closed()


async def _command(reader: asyncio.StreamReader) -> list[str]:
    """Return the next command, which clients send as an array of bulk strings."""
    count = int((await reader.readuntil(b"\r\n"))[1:])
    words = []
    for _ in range(count):
        length = int((await reader.readuntil(b"\r\n"))[1:])
        words.append((await reader.readexactly(length + 2))[:-2].decode(errors="replace"))
    return words


def _written(reply: Any) -> bytes:
    """Return a reply in RESP2: a `str` is a status, `bytes` are a string."""
    match reply:
        case _Error():
            return f"-{reply}\r\n".encode()
        case None:
            return b"$-1\r\n"
        case str():
            return f"+{reply}\r\n".encode()
        case int():
            return f":{reply}\r\n".encode()
        case bytes():
            return b"$%d\r\n%s\r\n" % (len(reply), reply)
    return b"*%d\r\n%s" % (len(reply), b"".join(map(_written, reply)))

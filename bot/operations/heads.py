"""Who reads a command line, by its first word."""

from collections.abc import Callable, Mapping

from bot.operations.http.grammar import read_curl
from bot.operations.http.tcp import read_nc, read_tcp
from bot.operations.kubernetes.grammar import read as read_kubectl
from bot.operations.operation import Operation
from bot.operations.postgres.grammar import read_pg_isready, read_psql
from bot.operations.prometheus.grammar import read_promql
from bot.operations.redis.grammar import read_redis
from bot.operations.words import Part

Reader = Callable[[str, Part], Operation]
"""Takes the line, for its refusals, and the words of its first part; returns the operation or raises LineRefused."""

HEADS: Mapping[str, Reader] = {
    "curl": read_curl,
    "kubectl": read_kubectl,
    "nc": read_nc,
    "pg_isready": read_pg_isready,
    "promql": read_promql,
    "psql": read_psql,
    "redis-cli": read_redis,
    "tcp": read_tcp,
    "telnet": read_tcp,
}

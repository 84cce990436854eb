"""A small platform with targets that answer as they are told."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from bot.access.redaction import redact
from bot.diagnosis.memory import Answer, TargetsInMemory
from bot.errors import TargetUnreachable
from bot.operations.output import Output, Series, Table
from tests.world import HOME, ROLES, World, world

RUNBOOKS = HOME / "tests" / "data" / "runbooks"

PODS = Table(
    ("NAME", "READY", "STATUS", "RESTARTS"), (("web-1", "1/1", "Running", "0"), ("web-2", "0/1", "Error", "7"))
)
WELL = Table(PODS.columns, PODS.rows[:1])
ANSWERS: Mapping[str, Answer] = {
    "kubectl get pods -l app=backend": Output("NAME READY STATUS\nweb-2 0/1 Error", table=PODS),
    'psql -c "SELECT count(*) FROM pg_stat_activity;"': Output("85"),
    "redis-cli PING": TargetUnreachable("Redis does not answer: connection refused."),
    "curl -f https://api.shop.example/health": Output("ok", facts={"status": 200.0}),
    "kubectl logs web-2 --tail=200": Output("\n".join(f"line {n} password=hunter2" for n in range(50))),
    "promql http_request_duration_seconds --range 1h": Output(
        "", series=(Series("p95", tuple((1_700_000_000.0 + 60 * n, 0.1 * n) for n in range(30))),)
    ),
}


@asynccontextmanager
async def shop(
    folder: Path, answers: Mapping[str, Answer] | None = None, *, forget: bool = False
) -> AsyncIterator[World]:
    """Yield a world in which the shop is operated; Opsroom is in the channel ops.

    `answers` are those of its targets that differ; `forget` leaves the targets without any.
    """
    targets = TargetsInMemory({} if forget else {**ANSWERS, **(answers or {})}, redact)
    async with world(folder, targets=targets, runbooks=RUNBOOKS) as made:
        workspace = made.workspace
        workspace.add_channel("ops", members=[workspace.bot.id, *(made.person(name) for name in ROLES)])
        yield made

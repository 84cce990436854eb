"""Health: `/healthz` says that the process lives, `/readyz` that it can work."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

Check = Callable[[], Awaitable[str | None]]
"""Looks at one part; returns what is wrong with it, or None."""

_WITHIN = 2.0


def health_routes(checks: Mapping[str, Check]) -> list[Route]:
    """Return the routes; `checks` are looked at side by side, within 2 s each."""

    async def alive(_: Request) -> JSONResponse:
        return JSONResponse({"status": "alive"})

    async def ready(_: Request) -> JSONResponse:
        found = await asyncio.gather(*(_looked(check) for check in checks.values()))
        wrong = {name: fault for name, fault in zip(checks, found, strict=True) if fault}
        body = {"status": "not ready" if wrong else "ready", "checks": {name: wrong.get(name, "ok") for name in checks}}
        return JSONResponse(body, status_code=503 if wrong else 200)

    return [Route("/healthz", alive), Route("/readyz", ready)]


async def _looked(check: Check) -> str | None:
    try:
        return await asyncio.wait_for(check(), _WITHIN)
    except TimeoutError:
        return f"no answer within {_WITHIN:g} s"

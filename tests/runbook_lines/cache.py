"""The cache of all platforms: keys of all kinds that the runbooks' lines name."""

from redis.asyncio import Redis

_KEYS = ("mapbox:health", "mapbox:tile:1", "qr:sample:1", "offers:1", "sample:1", "sample")


async def fill(address: str) -> None:
    """Put the keys into a database, and read each once."""
    client = Redis.from_url(address)
    await client.mset(dict.fromkeys(_KEYS, "ok"))
    await client.mget(_KEYS)
    await client.aclose()

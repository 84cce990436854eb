"""A platform with a target of each kind, and probes on them."""

from typing import Any

from bot.runbooks.platform import Platform
from bot.runbooks.probes import Probe

TARGETS: dict[str, dict[str, Any]] = {
    "cluster": {"kind": "kubernetes", "namespace": "shop"},
    "database": {"kind": "postgres", "url-from": "SHOP_DATABASE_URL"},
    "cache": {"kind": "redis", "url-from": "SHOP_REDIS_URL"},
    "web": {"kind": "http", "hosts": ["shop.example.com"], "secrets-from": {"shop-token": "SHOP_TOKEN"}},
    "metrics": {"kind": "prometheus", "url": "http://prometheus.example.com"},
    "tools": {"kind": "job", "cluster": "cluster", "image": "shop:1", "programs": ["npm"]},
}


def probe(run: str | list[str], name: str = "looked-at", **said: Any) -> Probe:
    """Return a probe, its fields as a file would write them."""
    read = Probe.model_validate({"title": name.capitalize(), "run": run, **said})
    read._name = name
    return read


def shop(**sections: Any) -> Platform:
    """Return the platform; `sections` are more of its file, or `procedures`."""
    platform: Platform = Platform.model_validate(
        {
            "name": "shop",
            "title": "Shop",
            "summary": "Sells things.",
            "time-zone": "UTC",
            "severities": [{"name": "P1", "title": "High", "meaning": "Nobody can buy."}],
            "channels": {"incidents": {"name": "shop-incidents", "purpose": "Incidents"}},
            "announcement": {"channel": "incidents"},
            "targets": TARGETS,
            "templates": {},
            **sections,
        }
    )
    return platform

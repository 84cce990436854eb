"""The samples of the metrics that the runbooks' queries name: a day of a platform that is well."""

import time
from collections.abc import Iterator, Mapping

from tests.servers.prometheus import Samples

_STEP = 120
_BEFORE, _AFTER = 26 * 3600, 1800
_NAMESPACE = 'namespace="production"'
_LE = {"0.05": 0.7, "0.1": 0.96, "0.25": 0.98, "1": 0.99, "+Inf": 1.0}
"""Which part of the observations of a histogram is up to a bound."""

_GROWING = {
    "ingest_events_total": {f'{_NAMESPACE},status="processed"': 9.0, f'{_NAMESPACE},status="duplicate"': 0.01},
    "http_requests_total": {
        f'{_NAMESPACE},status="200"': 10.0,
        f'{_NAMESPACE},status="401"': 0.01,
        f'{_NAMESPACE},status="429"': 0.01,
        f'{_NAMESPACE},status="500"': 0.01,
    },
    "http_errors_total": {'route="/api/polls"': 0.01},
    "http_request_duration_seconds_count": {'route="/api/polls"': 10.0},
    "qr_scans_total": {f'{_NAMESPACE},result="success"': 1.0, f'{_NAMESPACE},result="failure"': 0.01},
    "verifications_completed_total": {_NAMESPACE: 0.5},
    "map_searches_total": {_NAMESPACE: 0.5},
    "user_registrations_total": {_NAMESPACE: 0.01},
    "receipt_validations_total": {_NAMESPACE: 0.1},
    "container_cpu_usage_seconds_total": {f'{_NAMESPACE},container="web"': 0.2},
    "kube_pod_container_status_restarts_total": {f'{_NAMESPACE},container="web"': 0.0},
    "websocket_messages_total": {'direction="in"': 5.0, 'direction="out"': 5.0},
    "rate_limit_exceeded_total": {"": 0.01},
}
"""Counters: what each series gains in a second, by metric and labels."""

_ROUTES = ("/api/search/nearby", "/api/search/text", "/api/qr/verify", "/api/receipts")
_HISTOGRAMS = {
    "http_request_duration_seconds_bucket": [f'{_NAMESPACE},route="{route}"' for route in _ROUTES],
    "http_response_first_byte_seconds_bucket": [_NAMESPACE],
    "db_query_duration_seconds_bucket": [""],
    "ingest_processing_seconds_bucket": [_NAMESPACE],
    "web_vitals_lcp_seconds_bucket": [_NAMESPACE],
    "web_vitals_fid_seconds_bucket": [_NAMESPACE],
    "web_vitals_cls_bucket": [_NAMESPACE],
}

_STEADY = {
    "active_users": {f'{_NAMESPACE},window="{span}"': 40.0 for span in ("1m", "5m", "15m")},
    "container_memory_working_set_bytes": {
        'namespace="social-live-prod",container="backend"': 2e8,
        f'{_NAMESPACE},container="web",pod="web-1"': 2e8,
    },
    "kube_pod_container_resource_limits": {
        'namespace="social-live-prod",resource="memory"': 5e8,
        f'{_NAMESPACE},resource="memory"': 5e8,
        f'{_NAMESPACE},resource="cpu"': 1.0,
    },
    "nodejs_heap_size_used_bytes": {'namespace="social-live-prod"': 6e8},
    "nodejs_heap_used_percent": {'instance="backend-1"': 50.0},
    "db_pool_connections": {'instance="a",state="active"': 2.0, 'instance="a",state="idle"': 8.0},
    "websocket_connections_current": {'instance="a"': 120.0},
    "node_filesystem_avail_bytes": {'fstype="ext4",instance="node-1"': 6e10},
    "node_filesystem_size_bytes": {'fstype="ext4",instance="node-1"': 1e11},
    "pg_up": {_NAMESPACE: 1.0},
    "probe_success": {f'instance="https://app.zzik.live{path}"': 1.0 for path in ("/", "/api/health")},
    "up": {'job="zephyr-backend"': 1.0},
}
"""Gauges: the value of each series, by metric and labels."""


def samples() -> Samples:
    """Return the points of all series around now."""
    now = int(time.time()) // _STEP * _STEP
    times = range(now - _BEFORE, now + _AFTER, _STEP)
    growing = {name: [(at, pace * (at - times[0])) for at in times] for name, pace in _series(_GROWING)}
    steady = {name: [(at, value) for at in times] for name, value in _series(_STEADY)}
    histograms = {
        _named(metric, labels, f'le="{bound}"'): [(at, part * (at - times[0])) for at in times]
        for metric, listed in _HISTOGRAMS.items()
        for labels in listed
        for bound, part in _LE.items()
    }
    return {**growing, **steady, **histograms}


def _series(metrics: Mapping[str, Mapping[str, float]]) -> Iterator[tuple[str, float]]:
    for metric, listed in metrics.items():
        for labels, value in listed.items():
            yield _named(metric, labels), value


def _named(metric: str, *labels: str) -> str:
    """Return the name of a series."""
    told = ",".join(filter(None, labels))
    return f"{metric}{{{told}}}" if told else metric

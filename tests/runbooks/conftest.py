"""Folders of runbooks to load."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bot.runbooks.loader import load_platforms
from bot.runbooks.platforms import Platforms

RUNBOOKS = Path(__file__).parents[2] / "runbooks"

PLATFORM = """\
title: Shop
summary: Sells things.
time-zone: Europe/Vienna
severities:
  - name: P1
    title: High
    meaning: Nobody can buy
    aliases: [SEV1, high]
    response: 15m
    page: [primary]
  - name: P2
    title: Low
    meaning: Ugly
channels:
  incidents:
    name: shop-incidents
    purpose: Incidents
contacts:
  primary:
    role: On-call primary
links:
  shop:
    title: The shop
    url: https://shop.example.com
announcement:
  channel: incidents
"""
"""A platform file without faults."""

OPERATED = f"""\
{PLATFORM}targets:
  cluster: {{kind: kubernetes, namespace: shop, manifests-from: SHOP_MANIFESTS}}
  database: {{kind: postgres, url-from: SHOP_DATABASE_URL}}
  cache: {{kind: redis, url-from: SHOP_REDIS_URL}}
  sessions: {{kind: redis, url-from: SHOP_SESSIONS_URL}}
  web: {{kind: http, hosts: [api.shop.example]}}
  partners: {{kind: http, hosts: [partner.example], secrets-from: {{partner-token: SHOP_PARTNER_TOKEN}}}}
  tools: {{kind: job, cluster: cluster, deployment: backend, programs: [npm, shopctl]}}
initial-assessment: slow
rota:
  handover: 0 10 * * MON
  roles: [primary]
objectives:
  uptime: {{title: Uptime, target: "99.9%", window: 30d, probe: cache-answers}}
scaling-triggers:
  cpu: {{when: CPU above 70%, then: Scale up, action: scale-up}}
rollback:
  verify-within: 2m
  services: {{backend: [{{criterion: Nobody can log in, probe: cache-answers, when: fails}}]}}
retention:
  sessions: {{title: Sessions, keep: 7d}}
  releases: {{title: Releases, keep: 10 versions}}
  media: {{title: Media, keep: indefinite}}
monitors:
  cache: {{title: The cache, every: 5m, probe: cache-answers, alert: cache-down}}
"""
"""A platform file with a target of most kinds, for the files in OPERATIONS."""

OPERATIONS: dict[str, str] = {
    "probes.yml": """\
probes:
  cache-answers:
    title: The cache answers
    run: redis-cli PING
    critical: is not PONG
  pod-log:
    title: Errors of a pod
    run: kubectl logs <pod-name> | grep ERROR
    value: lines
    warning: "> 10"
    parameters: {pod-name: {title: Pod, kind: pod}}
  partner:
    title: The partner answers
    run: 'curl -f https://partner.example/health -H "X-Token: $PARTNER_TOKEN"'
  dashboard:
    title: The dashboard
    human: Look at the dashboard
    because: It has no address
  doctor:
    title: The doctor's report
    run: shopctl report
    effect: read
""",
    "actions.yml": """\
actions:
  scale-up:
    title: More of them
    run: kubectl scale deployment web --replicas=5
    approvals: 1
    verify: [cache-answers, kubectl rollout status deployment/web]
    undo: scale-down
  scale-down: {title: Fewer of them, run: kubectl scale deployment web --replicas=3, undo: Scale up again}
  forget-all: {title: Empty the cache, run: redis-cli FLUSHDB, approvals: 2, confirm: true, target: sessions}
  tell: {title: Tell people, opsroom: /incident declare}
""",
    "alerts.yml": """\
alerts:
  cache-down: {title: Cache is down, condition: It does not answer, for: 5m, severity: sev1, procedure: slow}
  hot: {title: Hot, condition: CPU above 70%, severity: warning, respond-within: 30m}
""",
    "checklists.yml": """\
checklists:
  morning:
    title: Morning round
    schedule: 0 9 * * *
    time-zone: Europe/Vienna
    channel: incidents
    items:
      cache: {title: Cache, probe: cache-answers}
      size: {title: Keys, run: redis-cli DBSIZE, warning: "> 1000000"}
      backup: {title: Backup, human: Look at it, because: No key, owner: DBA}
  release: {title: Before a release, schedule: pre-deployment, items: {tell: {title: Tell, action: tell}}}
""",
    "procedures/slow.yml": """\
procedure: slow
title: It is slow
symptoms: [People complain]
diagnose:
  - probe: cache-answers
  - probe: cache-size
    run: redis-cli DBSIZE
    critical: "> 5"
  - human: Ask around
resolve:
  - action: scale-up
    offer-when: [cache-answers is critical, cache-size is warning]
  - action: expire
    run: redis-cli EXPIRE basket 5
  - opsroom: /incident declare
follow-up:
  - procedure: other
""",
    "procedures/other.yml": """\
procedure: other
title: Something else
diagnose:
  - probe: cache-size
""",
}
"""Files beside OPERATED without faults."""

TEMPLATE = "{{ incident.title }} in {{ channel }}\n"

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a platform's files and return the folder of all platforms."""

    def write_platform(
        text: str | bytes = PLATFORM,
        template: str | None = TEMPLATE,
        name: str = "shop",
        files: Mapping[str, str] | None = None,
    ) -> Path:
        home = tmp_path / "runbooks" / name
        (home / "templates").mkdir(parents=True)
        content = text if isinstance(text, bytes) else text.encode()
        (home / "platform.yml").write_bytes(content)
        if template is not None:
            (home / "templates" / "announcement.md.j2").write_text(template, encoding="utf-8")
        for path, content_of_file in (files or {}).items():
            (home / path).parent.mkdir(exist_ok=True)
            (home / path).write_text(content_of_file, encoding="utf-8")
        return home.parent

    return write_platform


@pytest.fixture(scope="session")
def platforms() -> Platforms:
    """The platforms that come with Opsroom."""
    return load_platforms(RUNBOOKS)

"""Redaction: every kind of secret goes, and what an engineer needs to read stays."""

import logging
import sys
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.access.redaction import Redaction, guard_logs, redact
from bot.operations.backend import Limits
from bot.operations.http.backend import HttpBackend
from bot.operations.line import read_line
from tests.access.secrets import PEOPLE, PLACES, TOKENS, WORD
from tests.servers.web import answer, running

CLEAN = """\
backend-7d9f8b6c5-x2x4z                 1/1     Running            0          5d3h    10.1.2.3      node-1
web-6b7c9d8f4b-abcde   0/1   ImagePullBackOff   12 (3m ago)   37m
NAME               TYPE        CLUSTER-IP      EXTERNAL-IP   PORT(S)                      AGE
ingress-nginx      ClusterIP   10.96.0.10      203.0.113.7   80:31234/TCP,443:31235/TCP   400d
Image ID: docker.io/library/node@sha256:9f2c1d3e4b5a69788796a5b4c3d2e1f00112233445566778899aabbccddeeff0
image: registry.example.com:5000/shop/backend:v1.9.0
commit 4bf92f3577b34da6a3ce929d0e0e4736aa11bb22
3f2c1ab Merge branch 'main' into release/v1.4.2
550e8400-e29b-41d4-a716-446655440000
2024-01-01T10:00:00.123456Z 2024-01-01 10:00:00+02 1700000000 1700000000123 1700000000123456789
http_requests_total{method="post",code="200",handler="/api/users"} 1027 1395066363000
kube_secret_info{namespace="shop",secret="backend-tls"} 1
auth_tokens_issued_total 5512
go_memstats_alloc_bytes 4.1234567e+07
process_start_time_seconds 1.70000000123e+09
Index Scan using idx_tokens_user on tokens  (cost=0.29..8.31 rows=1 width=72) (actual time=0.013..0.014 rows=1 loops=1)
  Index Cond: (token = $1)
  Hash Cond: (s.token = u.token)
  Filter: (password_hash IS NOT NULL)
Sort Key: created_at DESC
FATAL:  password authentication failed for user "app"
secret "backend-tls" not found
Error: secrets is forbidden: User "system:serviceaccount:shop:opsroom" cannot list resource "secrets"
DATABASE_PASSWORD:  <set to the key 'password' in secret 'database'>  Optional: false
psql -h <DB_HOST> -U <DB_USER> -d zephyr -c "SELECT 1"
redis-cli -h <REDIS_HOST> -p 6379 -a <REDIS_PASSWORD> ping
curl -H "Authorization: Bearer $GRAFANA_TOKEN" https://grafana.example.com/api/alerts
curl "https://api.example.com/tiles?access_token=$MAPBOX_TOKEN"
STRIPE_WEBHOOK_SECRET: not set
max_tokens: 512
SecretName:  default-token-abcde
secretName: backend-tls
type: kubernetes.io/tls
token: null
password: ""
invalid token: expired
deployment.apps/backend scaled; replicas=5
HELLO 3
ACL SETUSER app on ~orders:* +@read
used_memory:1048576
used_memory_human:1.00M
redis_version:7.2.4
run_id:9f2c1d3e4b5a69788796a5b4c3d2e1f001122334
executable:/usr/bin/redis-server
GET /api/users/123?page=2&sort=name 200 5ms
git@github.com:example/shop.git
ssh://git@github.com/example/shop.git
https://grafana.example.com/d/zephyr-overview?orgId=1&from=now-6h
lodash@4.17.21 @babel/core@7.24.0
user@1000.service loaded active
uptime 12:01:33 up 400 days,  3:07,  2 users,  load average: 0.12, 0.08, 0.01
fe80::1ff:fe23:4567:890a 192.168.1.1:8080 10.0.0.0/8
Content-Length: 4096
etag: "33a64df551425fcc55e4d42a148795d9f25f89d4"
x-request-id: 7b3e1c0a-4d5e-6f70-8192-a3b4c5d6e7f8
pwd: /app/src
CACHE_KEY=user:123
SORT_KEY: created_at
SSL_KEY=/etc/ssl/private/server1.key
TOKEN_TTL=3600
{"name": "TOKEN_TTL", "value": "3600s"}
{"name": "LOG_LEVEL", "value": "debug1234"}
- name: DB_PASSWORD
  valueFrom:
 password_hash | character varying
 api_key       | uuid
 tokens        | 12345
["password", "email"]
TESTS_PASS=true
postgres://db.internal:5432/shop
mongodb://h1:27017,h2:27017/shop
<tokens>12</tokens>
-----BEGIN CERTIFICATE-----
MIIBszCCAVmgAwIBAgIUQ
-----END CERTIFICATE-----
"""


def test_there_are_more_than_sixty_kinds() -> None:
    assert len(TOKENS) + len(PLACES) + len(PEOPLE) >= 120


@pytest.mark.parametrize("kind", TOKENS)
@pytest.mark.parametrize("around", ["{}", "key {} was used", "at 10:00 ({}) by", '"x":"{}",', "token={}\nnext", "<{}>"])
def test_a_token_goes_wherever_it_stands(kind: str, around: str) -> None:
    token = TOKENS[kind]
    clean = redact(around.format(token))
    assert "[redacted: " in clean
    longest = max(token.split("/"), key=len) if "://" in token else token
    assert longest not in clean
    assert longest[len(longest) // 2 :] not in clean
    assert redact(clean) == clean


@pytest.mark.parametrize("kind", PLACES)
@pytest.mark.parametrize("around", ["{}", "before\n{}\nafter"])
def test_a_secret_is_told_by_its_place(kind: str, around: str) -> None:
    clean = redact(around.format(PLACES[kind]))
    assert WORD not in clean
    assert "hunter2" not in clean
    assert "[redacted: " in clean
    assert redact(clean) == clean


@pytest.mark.parametrize("kind", PEOPLE)
def test_what_belongs_to_a_person_goes(kind: str) -> None:
    line = f"sent to {PEOPLE[kind]}, which failed"
    assert PEOPLE[kind] not in redact(line)
    assert redact(line).startswith("sent to [redacted: ")
    assert redact(line).endswith(", which failed")


def test_people_may_stay_while_secrets_go() -> None:
    line = f"security@example.com says password={WORD}"
    assert redact(line, people=False) == "security@example.com says password=[redacted: password]"


@pytest.mark.parametrize("line", CLEAN.splitlines())
def test_what_an_engineer_reads_stays(line: str) -> None:
    assert redact(line) == line


def test_the_whole_output_stays_too() -> None:
    assert redact(CLEAN) == CLEAN


def test_what_surrounds_a_secret_stays() -> None:
    assert redact("postgres://app:s3cret@db.internal:5432/shop?sslmode=require") == (
        "postgres://[redacted: login]@db.internal:5432/shop?sslmode=require"
    )
    assert redact('{"user": "app", "password": "s3cret", "port": 5432}') == (
        '{"user": "app", "password": "[redacted: password]", "port": 5432}'
    )
    assert redact("Authorization: Bearer s3cret-token-1\nAccept: */*") == (
        "Authorization: Bearer [redacted: login]\nAccept: */*"
    )


def test_card_numbers_are_told_by_their_check_digit() -> None:
    assert redact("order 4111111111111112") == "order 4111111111111112"


@settings(max_examples=300, deadline=None)
@given(
    st.text()
    | st.lists(st.sampled_from([*TOKENS.values(), *PLACES.values(), *PEOPLE.values(), " ", "\n"])).map("".join)
)
def test_any_text_can_be_redacted_and_twice_is_once(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


@pytest.mark.parametrize(
    "piece",
    [
        CLEAN,
        "a",
        "password=",
        "://a:",
        "eyJ",
        "x-",
        "sk-a",
        "mysql a ",
        "--pass ",
        "0 ",
        "-us",
        "value: a ",
        '"name":"a_',
        "a_token | b",
        "A_KEY=",
        "postgres://a:b",
        "token: |\n a\n",
        "<a.token",
        "A" * 60 + "\n",
        "a-token.",
        "'token', ",
    ],
)
def test_a_megabyte_takes_no_longer_for_any_text(piece: str) -> None:
    text = (piece * (1_000_000 // len(piece) + 1))[:1_000_000]
    started = time.process_time()
    redact(text)
    assert time.process_time() - started < 3.0  # 0.1 to 0.3 s on a quiet machine; a quadratic pattern takes minutes


def test_long_text_is_cut_where_lines_end() -> None:
    line = f"at 10:00 password={WORD} ok\n"
    text = line * 60_000
    assert redact(text) == line.replace(WORD, "[redacted: password]") * 60_000


def test_one_endless_line_is_redacted_too() -> None:
    assert WORD not in redact("x" * 2_500_000 + f" password={WORD}")


def test_what_is_logged_is_redacted(caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("tests.redaction")
    caplog.handler.addFilter(redaction := Redaction())
    try:
        log.warning("connecting to %s", f"postgres://app:{WORD}@db/shop")
        try:
            raise ValueError(f"token={WORD}")
        except ValueError:
            log.exception("that failed", stack_info=True)
    finally:
        caplog.handler.removeFilter(redaction)
    assert "postgres://[redacted: login]@db/shop" in caplog.text
    assert "that failed" in caplog.text
    assert "ValueError" in caplog.text
    assert WORD not in caplog.text.replace(repr("token={WORD}"), "")


def test_a_record_without_secrets_keeps_its_arguments() -> None:
    record = logging.LogRecord("x", logging.INFO, __file__, 1, "%s pods", (3,), None)
    assert Redaction().filter(record)
    assert (record.msg, record.args) == ("%s pods", (3,))


def test_a_traceback_is_redacted_once() -> None:
    try:
        raise ValueError(f"password={WORD}")
    except ValueError:
        record = logging.LogRecord("x", logging.INFO, __file__, 1, "failed", (), sys.exc_info())
    Redaction().filter(record)
    Redaction().filter(record)
    assert record.exc_text is not None
    assert record.exc_text.endswith("ValueError: password=[redacted: password]")


@pytest.fixture
def restored() -> Iterator[None]:
    """Put back how the libraries' logs stood, and the filters of the root's handlers."""
    loggers = [logging.getLogger(name) for name in ("httpcore", "httpx", "kubernetes", "urllib3", "psycopg", "redis")]
    levels = [logger.level for logger in loggers]
    handlers = [(handler, list(handler.filters)) for handler in logging.getLogger().handlers]
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
    for handler, filters in handlers:
        handler.filters[:] = filters


@pytest.mark.usefixtures("restored")
async def test_libraries_do_not_log_what_they_send(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        guard_logs()
        async with running({"/hooks/hunter2": answer("ok")}) as server:
            backend = HttpBackend(["127.0.0.1"], private=True, secrets={"hook": "hunter2"})
            line = f"curl http://127.0.0.1:{server.port}/hooks/$HOOK"
            assert (await backend.run(read_line(line).operation, Limits())).text == "ok"
            await backend.close()
    assert "hunter2" not in caplog.text

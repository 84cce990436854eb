"""Any text is an operation or a refusal, and no line is said to do less than it does."""

import re
import shlex
from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.operations.effect import Effect
from bot.operations.line import Line, read_line
from bot.operations.refusal import LineRefused

TOKENS = r"""
kubectl get pods top nodes describe logs -l app=web --tail=100 rollout undo restart status history deployment/web scale
--replicas=3 --replicas delete
pod web-1 --all apply -f k8s/ exec -- ls cordon drain node-1 set image a=b:c resources
wait --for=condition=ready edit patch -n shop -A -o json --raw /api/v1 label annotate create run cp attach debug taint
psql -c -U app -d shop "SELECT 1" "DELETE FROM x" "UPDATE x SET a = 1"
"WITH d AS (DELETE FROM x RETURNING *) SELECT * FROM d"
"DROP TABLE x" "SELECT pg_terminate_backend(1)" "EXPLAIN ANALYZE DELETE FROM x" "COPY x TO PROGRAM 'id'" "VACUUM"
"SELECT 1; DROP TABLE x" "SELECT * INTO y FROM x" "SELECT nextval('s')" "SELECT 1 FOR UPDATE" SELECT DELETE FROM x WHERE
redis-cli -h ping INFO memory GET key DEL FLUSHDB FLUSHALL SET EXPIRE CONFIG maxmemory-policy --scan --pattern * EVAL
SHUTDOWN RENAME UNLINK KEYS MONITOR --bigkeys XADD HSET LPUSH INCR SORT STORE
curl -X POST PUT DELETE GET PATCH -d
{"a":1} --data @x -I -f -H X:y https://api.example.com/x https://a.example -T -o --json
-F
--data-urlencode -G --request --head -XDELETE promql up rate(x[5m]) [1h]
npm run build audit fix -- --flag=1 aws s3 rm ls git log push docker ps rm trivy image job is-set tcp telnet 5432 nc -z
pg_isready pg_dump pg_restore which df find -delete
grep -v -E (a*)* head -5 wc sort uniq jq .a awk xargs | ; && > < $(id) `id` <pod> $NAME [db-host] ' \\
" = - * ? \t \n é \x00
"""
_ODD = {"\\t": "\t", "\\n": "\n", "\\x00": "\x00"}
WORDS = [_ODD.get(word, word) for word in re.findall(r'"[^"\n]+"|\S+', TOKENS)]

_KUBECTL = set(
    re.findall(
        r"\w+",
        "delete scale apply exec cordon uncordon drain edit patch label annotate create run cp attach debug taint set "
        "replace expose autoscale",
    )
)
_SQL = re.compile(
    r"\b(?:delete|update|drop|insert|truncate|alter|create|vacuum|reindex|copy|pg_terminate_backend|nextval|grant)\b",
    re.IGNORECASE,
)
_REDIS = set(re.findall(r"\w+", "DEL UNLINK FLUSHDB FLUSHALL SET EXPIRE EVAL SHUTDOWN RENAME XADD HSET LPUSH INCR"))
_CURL = re.compile(r"(?:-X|--request[ =])\s*(?:POST|PUT|PATCH|DELETE)\b")


def read(text: str) -> Line | LineRefused:
    try:
        return read_line(text)
    except LineRefused as refused:
        return refused


def changes(text: str) -> bool:
    """Whether a line surely changes something: told by its words alone, and not by the grammar that is tested."""
    try:
        words = shlex.split(text.partition("|")[0])
    except ValueError:
        return False
    head, rest = (words[0] if words else ""), words[1:]
    if head == "kubectl":
        return rest[:1] != [] and (rest[0] in _KUBECTL or rest[:2] in (["rollout", "undo"], ["rollout", "restart"]))
    if head == "psql":
        statements = [statement.strip() for before, statement in pairwise(rest) if before == "-c"]
        return any(_SQL.match(statement) or "DELETE FROM" in statement for statement in statements)
    if head == "redis-cli":
        return bool(rest) and rest[0].upper() in _REDIS
    if head == "curl":
        sends = ("-d" in rest or "--data" in rest) and not {"-G", "-I", "--head", "-X", "--get"} & set(rest)
        return sends or _CURL.search(" ".join(rest)) is not None
    return _SQL.match(text.strip()) is not None


def check(text: str) -> None:
    line = read(text)
    if isinstance(line, LineRefused):
        assert str(line)
        assert line.column >= 1
    elif changes(text):
        assert line.effect > Effect.READ, text


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=200))
@example("\ud800")
@example("SELECT " * 2000)
@example("(" * 5000)
@example("SELECT '" + "(" * 5000)
@example("curl http://[")
@example("kubectl get pods -o jsonpath={" + "[" * 2000)
@example("promql " + "(" * 3000)
def test_any_text_is_read_or_refused(text: str) -> None:
    check(text)


@settings(max_examples=3000, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join))
def test_any_mixture_of_real_words_is_read_or_refused(text: str) -> None:
    check(text)


@settings(max_examples=1500, deadline=None)
@given(
    st.sampled_from(
        ["kubectl", "psql -c", "redis-cli", "curl", "promql", "npm", "SELECT", "aws", "docker", "git", "job", "tcp"]
    ),
    st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join),
)
def test_any_line_with_a_real_head_is_read_or_refused(head: str, rest: str) -> None:
    check(f"{head} {rest}")


@settings(max_examples=500, deadline=None)
@given(
    st.sampled_from(
        [
            "kubectl get pods -n <x>",
            "kubectl logs <x> | grep <y>",
            "kubectl describe pod <x>",
            "redis-cli GET <x>",
            "redis-cli --scan --pattern <x>",
            "SELECT * FROM <x> WHERE a = <y>",
            "psql -c \"SELECT * FROM a WHERE b = '<x>' AND c = <y>\"",
            "curl https://api.example.com/<x>?q=<y>",
            "promql up{job='<x>'}",
            "aws s3 ls s3://<x>/<y>",
        ]
    ),
    st.text(max_size=30) | st.sampled_from(WORDS),
    st.text(max_size=30) | st.sampled_from(WORDS),
)
def test_no_value_makes_a_reading_line_change_anything(text: str, x: str, y: str) -> None:
    try:
        line = read_line(text, {"x": x, "y": y})
    except LineRefused:
        return
    assert line.effect is Effect.READ
    assert type(line.operation) is type(read_line(text).operation)

"""Whole lines: one operation, the filters behind it, the holes that are left, and advice for what can never work."""

import csv
from pathlib import Path
from typing import cast

import pytest

from bot.operations.effect import Effect
from bot.operations.found import commands_in
from bot.operations.http.nouns import HttpRequest, TcpConnect
from bot.operations.job.nouns import IsSet, Job
from bot.operations.line import Line, heads, is_sql, read_line
from bot.operations.refusal import LineRefused
from bot.operations.text.nouns import CountLines, Grep

INVENTORY = Path(__file__).parents[1] / "data/procedures.csv"
ROWS = list(csv.DictReader(INVENTORY.read_text(encoding="utf-8").splitlines()))


def refusal(text: str, values: dict[str, str] | None = None) -> LineRefused:
    with pytest.raises(LineRefused) as caught:
        read_line(text, values)
    return caught.value


def test_a_line_is_an_operation_and_its_filters() -> None:
    line = read_line("kubectl logs -l app=backend -n shop --tail=100 | grep ERROR | wc -l")
    assert line.filters == (Grep(("ERROR",)), CountLines())
    assert line.operation == read_line("kubectl  logs --namespace shop --tail 100 --selector=app=backend").operation
    assert (line.effect, line.holes) == (Effect.READ, ())


def test_lines_are_equal_when_they_do_the_same() -> None:
    assert read_line("kubectl get pods | head -5") == read_line('kubectl "get" po | head -n 5')
    assert read_line("kubectl get pods | head -5") != read_line("kubectl get pods | head -6")
    assert read_line("SELECT 1") == read_line('psql -c "select 1;"')
    assert read_line("telnet db 5432") == read_line("tcp db 5432")


@pytest.mark.parametrize(
    ("text", "holes"),
    [
        ("kubectl rollout undo deployment/web --to-revision=<number>", ("number",)),
        ("kubectl delete pod <pod-name> -n <namespace>", ("pod-name", "namespace")),
        ("telnet [db-host] 5432", ("db-host",)),
        ('psql $DATABASE_URL -c "SELECT 1"', ()),
        ("redis-cli -h <REDIS_HOST> -p 6379 -a <REDIS_PASSWORD> ping", ()),
        ("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = <PID>", ("pid",)),
        ("EXPLAIN <query>", ("query",)),
        ('curl "https://api.example.com/x?access_token=$MAPBOX_TOKEN"', ("mapbox-token",)),
        ("kubectl logs deployment/web | grep <id> | head -n <lines>", ("id", "lines")),
        ("npm run db:logs -- --user=<user-id>", ("user-id",)),
    ],
)
def test_holes_are_listed_when_they_matter(text: str, holes: tuple[str, ...]) -> None:
    assert read_line(text).holes == holes


def test_values_fill_holes() -> None:
    line = "kubectl rollout undo deployment/<name> --to-revision=<number> -n <namespace>"
    filled = read_line(line, {"name": "web", "number": "7", "namespace": "shop"})
    assert filled == read_line("kubectl rollout undo deployment/web --to-revision=7 -n shop")
    assert filled.holes == ()
    assert read_line(line, {"number": "7"}).holes == ("name", "namespace")
    assert read_line("redis-cli GET $KEY", {"KEY": "a"}) == read_line("redis-cli GET a")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("kubectl delete pod <x>", "--all"),
        ("kubectl delete pod <x>", "web-1 web-2"),
        ("kubectl delete pod -l app=<x>", "web,tier"),
        ("kubectl delete pod -l app=<x>", ""),
        ("kubectl scale deployment/web --replicas=<x>", "3; rm"),
        ("redis-cli DEL <x>", "*"),
        ("redis-cli DEL session:<x>", "[a-z]"),
        ("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = <x>", "pid"),
        ("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = <x>", "1 OR true"),
        ("SELECT * FROM polls WHERE name = '<x>'", "' OR '1'='1"),
        ('psql -c "SELECT * FROM polls WHERE id = <x>"', "1; DROP TABLE polls"),
        ("SELECT * FROM <x>", "polls; DROP TABLE polls"),
        ("EXPLAIN SELECT * FROM polls WHERE id = <x>", "(SELECT pg_sleep(9))"),
        ("curl https://<x>/health", "evil.example.com/?"),
        ("promql up{job='<x>'}", "a'} or vector(1"),
        ("promql 'rate(errors[<x>])'", "5m] or rate(secrets[5m"),
        ("promql '<x> > 5'", "up or vector"),
        ("promql '<x> > 5'", "up # and no more"),
        ("promql 'up{job=~\"<x>\"}'", ".*"),
        ("DELETE FROM polls WHERE name LIKE '<x>-%'", "%"),
        ("DELETE FROM polls WHERE name NOT ILIKE '%<x>'", "a%"),
        ("DELETE FROM polls WHERE name ~* '^<x>'", ".*"),
        ("curl https://api.example.com/users/<x>/keys", ".."),
        ("curl <x>/health", "https://ops:hunter2@api.example.com"),
        ("curl api.<x>/health", "evil.example.com/?"),
        ("curl https://api.example.com -d '{\"n\": <x>}'", '1, "admin": true'),
        ('curl https://api.example.com -d \'{"text": "<x>", "key": "$TOKEN"}\'', "$TOKEN"),
        ("curl https://api.example.com -H 'X-Note: <x>' -H 'X-Key: $TOKEN'", "<token>"),
        ("kubectl delete pods -l 'app in (<x>)'", "web,api"),
        ("kubectl delete pods -l app=<x>", "web,api"),
        ("kubectl get --raw /api/v1/namespaces/<x>/pods", "shop/configmaps"),
        ("kubectl rollout restart deployment/<x>", "web/scale"),
        ("kubectl exec web-1 -- sh -c 'grep <x> /var/log/app.log'", "x; rm -rf /"),
        ("kubectl exec web-1 -- bash -lc <x>", "rm -rf /"),
        ("kubectl exec web-1 -- psql -c \"SELECT * FROM polls WHERE name = '<x>'\"", "'; DROP TABLE polls; --"),
        ("node -e 'stop(<x>)'", "process.exit()"),
    ],
)
def test_a_value_stays_one_value(text: str, value: str) -> None:
    refused = refusal(text, {"x": value})
    assert not value or value not in str(refused) or refused.word == value


def test_a_value_in_an_address_or_a_document_is_written_as_one() -> None:
    assert read_line("curl https://api.example.com/users/<id>", {"id": "../admin?x=1"}) == read_line(
        "curl https://api.example.com/users/..%2Fadmin%3Fx%3D1"
    )
    assert read_line("""curl -X POST https://a.example/x -d '{"q":"<q>"}'""", {"q": 'a"b'}) == read_line(
        """curl -X POST https://a.example/x -d '{"q":"a\\"b"}'"""
    )


@pytest.mark.parametrize(
    ("text", "value", "same"),
    [
        ("curl api.example.com/users/<x>", "../admin?x=1", "curl api.example.com/users/..%2Fadmin%3Fx%3D1"),
        ("curl <x>/health", "https://api.example.com", "curl https://api.example.com/health"),
        ("curl https://a.example -d 'user=<x>&role=guest'", "bo&role=admin", None),
        ("curl https://a.example -d'user=<x>&role=guest'", "bo&role=admin", None),
        ("curl -G https://a.example -d user=<x> -d role=guest", "bo&role=admin", None),
        ("curl https://a.example --data-urlencode user=<x> -d role=guest", "bo&role=admin", None),
        ("curl https://a.example --json '\"<x>\"'", 'a", "b', 'curl https://a.example --json \'"a\\", \\"b"\''),
        ("curl https://a.example -H 'X-Note: <x>'", "by Bo: 50%", "curl https://a.example -H 'X-Note: by Bo: 50%'"),
        (
            "kubectl exec web-1 -- grep -r <x> /app",
            "it's; $HOME",
            'kubectl exec web-1 -- grep -r "it\'s; \\$HOME" /app',
        ),
        (
            "kubectl set image deployment/web web=ghcr.io/<x>:1",
            "shop/web",
            "kubectl set image deployment/web web=ghcr.io/shop/web:1",
        ),
        ("kubectl get pods -l <x>", "app=web,tier=a", "kubectl get pods -l app=web,tier=a"),
        ("promql 'rate(errors[<x>])'", "5m", "promql 'rate(errors[5m])'"),
        ("SELECT * FROM polls WHERE name LIKE '<x>%'", "50", "SELECT * FROM polls WHERE name LIKE '50%'"),
    ],
)
def test_a_value_is_written_as_its_place_demands(text: str, value: str, same: str | None) -> None:
    found = read_line(text, {"x": value})
    if same is not None:
        assert found == read_line(same)
    else:
        request = cast("HttpRequest", found.operation)
        assert "user=bo%26role%3Dadmin&role=guest" in f"{request.url} {request.body}"


def test_a_statement_that_is_a_value_has_its_own_effect() -> None:
    assert read_line("EXPLAIN ANALYZE <query>", {"query": "SELECT 1"}).effect is Effect.READ
    try:
        effect = read_line("EXPLAIN ANALYZE <query>", {"query": "DELETE FROM polls"}).effect
    except LineRefused:
        return
    assert effect is Effect.DESTROY


@pytest.mark.parametrize(
    ("text", "word", "instead"),
    [
        ("watch kubectl get pods -n shop", "watch", "run it once: kubectl get pods -n shop"),
        ("watch -n 5 'kubectl get pods'", "watch", "run it once: 'kubectl get pods'"),
        ("tail -f /var/log/x.log", "-f", "tail -n 100"),
        ("open https://g.example/d/x", "open", "curl -I https://g.example/d/x"),
        ("ssh app1 npm run build", "ssh", "npm run build"),
        ("echo $STRIPE_WEBHOOK_SECRET", "echo", "is-set STRIPE_WEBHOOK_SECRET"),
        ('echo "${S3_KEY}"', "echo", "is-set S3_KEY"),
        ("echo hello", "echo", "leave it out"),
        ("printenv API_KEY", "printenv", "is-set API_KEY"),
        ("env", "env", "is-set NAME"),
        ("kubectl edit deployment web", "edit", "set resources"),
        ("redis-cli monitor", "MONITOR", "SLOWLOG GET"),
        ("vim /etc/hosts", "vim", "kubectl apply -f"),
        ("sudo npm run build", "sudo", "write npm run build"),
        ("sudo -u postgres psql -c 'SELECT 1'", "sudo", "write"),
        ("cd /opt/app", "cd", "leave it out"),
        ("export A=b", "export", "environment of the target"),
        ("A=b npm run build", "A", "write npm run build"),
        ("kubectl get pods | xargs kubectl delete pod", "xargs", "selector"),
        ("kubectl get pods | awk '/x/ {print}'", "/x/ {print}", "{print $2}"),
        ("kubectl get pods | sed s/a/b/", "sed", "grep"),
        ("kubectl get pods | tee out", "tee", "Slack"),
        ("bash scripts/restore.sh", "bash", "list scripts/restore.sh among the programs"),
        ("bash -c 'npm run x'", "bash", "one on each line"),
        ("time npm run build", "time", "write npm run build"),
        ("timeout 30 npm run build", "timeout", "write npm run build"),
        ("for x in a b", "for", "procedure"),
        ("kubctl get pods", "kubctl", "did you mean kubectl?"),
        ("rediscli ping", "rediscli", "did you mean redis-cli?"),
        ("Check the status page", "Check", "kubectl, psql"),
        ("$CMD x", "$CMD", "write its name"),
        ("job", "job", "job PROGRAM"),
        ("job bash -c x", "bash", "one on each line"),
        ("job terraform apply", "terraform", "programs of the job target"),
        ("is-set", "is-set", "STRIPE_WEBHOOK_SECRET"),
        ("is-set $X", "$X", "STRIPE_WEBHOOK_SECRET"),
        ("pg_dump postgres://app:s3cret@db/shop", "", "settings of the target"),
    ],
)
def test_what_can_never_work_is_refused_with_what_does(text: str, word: str, instead: str) -> None:
    refused = refusal(text)
    assert refused.word == word
    assert instead in refused.instead
    assert "s3cret" not in str(refused)


@pytest.mark.parametrize(
    "injection", ["; rm -rf /", "&& rm -rf /", "|| rm", "$(rm -rf /)", "`rm`", "\nrm -rf /", "> /etc/x", "| sh", "& rm"]
)
@pytest.mark.parametrize(
    "text", ["kubectl get pods", "redis-cli ping", "curl https://a.example/", "npm run build", "promql up"]
)
def test_an_injection_is_refused(text: str, injection: str) -> None:
    refusal(f"{text} {injection}")


def test_a_refusal_says_where_and_what() -> None:
    refused = refusal("kubctl get pods")
    assert str(refused) == '"kubctl" at column 1: this is no command known here; did you mean kubectl?'
    assert str(refusal("cd /opt")).endswith("write paths in full.")


@pytest.mark.parametrize(
    "text", ["SELECT 1", "select 1", "WITH x AS (SELECT 1) SELECT * FROM x", "VACUUM ANALYZE;", "SHOW work_mem"]
)
def test_bare_sql_is_told_by_its_first_word(text: str) -> None:
    assert is_sql(text)
    assert read_line(text).operation == read_line(f'psql -c "{text}"').operation


@pytest.mark.parametrize("text", ["Start the servers", "set x", "kubectl get pods", "show me", "do it", "selected"])
def test_other_lines_are_not_sql(text: str) -> None:
    assert not is_sql(text)


def test_small_heads_of_our_own() -> None:
    assert read_line("is-set STRIPE_WEBHOOK_SECRET") == Line("", IsSet("STRIPE_WEBHOOK_SECRET"))
    assert read_line("is-set STRIPE_WEBHOOK_SECRET").effect is Effect.READ
    assert read_line("telnet db.internal 5432").operation == TcpConnect("db.internal", 5432, None)
    assert read_line("job psql -f /dumps/x.sql") == Line("", Job("psql", ("-f", "/dumps/x.sql")))
    assert read_line("job psql -f /dumps/x.sql").effect is Effect.DESTROY


def test_a_platform_may_list_programs_of_its_own() -> None:
    assert read_line("terraform plan", programs={"terraform"}).operation == Job("terraform", ("plan",))
    with pytest.raises(LineRefused):
        read_line("npm run build", programs={"terraform"})
    with pytest.raises(LineRefused):
        read_line("bash -c id", programs={"bash"})
    assert {"kubectl", "psql", "curl", "npm", "is-set", "promql"} <= set(heads())


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("Check the nodes: kubectl get nodes [NOTE: slow [5m]]", ["kubectl get nodes"]),
        ("When: CPU > 80%; kubectl scale deployment web --replicas=5", ["kubectl scale deployment web --replicas=5"]),
        ("npm run a && npm run b", ["npm run a", "npm run b"]),
        (
            """LATEST=$(aws s3 ls s3://b/ | sort | awk '{print $4}'); echo "Latest: $LATEST\"""",
            ["aws s3 ls s3://b/ | sort | awk '{print $4}'"],
        ),
        ("""echo "Users: $(psql $URL -t -c "SELECT 1;")\"""", ['psql $URL -t -c "SELECT 1;"']),
        (
            "psql -h <H> -d z: SELECT count(*) FROM a WHERE b = 'c';",
            ["""psql -h <H> -d z -c "SELECT count(*) FROM a WHERE b = 'c'\""""],
        ),
        ("curl https://a/metrics | head -20 (internal only); should see text", ["curl https://a/metrics | head -20"]),
        ("cd /opt/x; npm run migrate:down (then fix, redeploy)", ["npm run migrate:down"]),
        ("look for: Error rate panel (which endpoints are failing?); watch closely", []),
        ("Post in #incidents; open a ticket; update the status page", []),
        ("telnet [db-host] 5432", ["telnet [db-host] 5432"]),
        ("Users complain; k6 alerts firing; k6 run load.js", ["k6 run load.js"]),
        ("What's new; git log --oneline -10", ["git log --oneline -10"]),
        ("", []),
    ],
)
def test_commands_are_found_in_prose(text: str, commands: list[str]) -> None:
    assert commands_in(text) == commands


@pytest.mark.parametrize("row", [row["id"] for row in ROWS if row["kind"] in ("probe", "action", "checklist-item")])
def test_whatever_a_row_holds_is_read_or_refused(row: str) -> None:
    detail = next(each["detail"] for each in ROWS if each["id"] == row)
    for command in commands_in(detail):
        try:
            outcome: Line | LineRefused = read_line(command)
        except LineRefused as refused:
            outcome = refused
        if isinstance(outcome, Line):
            assert outcome == read_line(command)
        else:
            assert outcome.instead
            assert 1 <= outcome.column <= len(command)


def test_most_of_the_inventory_reads_as_it_stands() -> None:
    found = [
        command
        for row in ROWS
        if row["kind"] in ("probe", "action", "checklist-item")
        for command in commands_in(row["detail"])
    ]
    reads = 0
    for command in found:
        try:
            read_line(command)
            reads += 1
        except LineRefused:
            continue
    assert len(found) > 240
    assert reads / len(found) > 0.85


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("kubectl exec web-1 -- env", "env"),
        ("kubectl exec web-1 -- /usr/bin/env -0", "/usr/bin/env"),
        ("kubectl exec web-1 -- printenv DATABASE_URL", "printenv"),
        ("kubectl exec web-1 -- cat /proc/1/environ", "/proc/1/environ"),
        ("kubectl exec web-1 -- sh -c 'env | sort'", "env | sort"),
        ("kubectl exec web-1 -- bash -lc 'cd /app && printenv'", "cd /app && printenv"),
        ("cat /proc/self/environ", "/proc/self/environ"),
        ("job head -c 4000 /proc/1/environ", "/proc/1/environ"),
    ],
)
def test_variables_of_a_container_are_not_shown(text: str, word: str) -> None:
    refused = refusal(text)
    assert (refused.word, "is-set NAME" in str(refused)) == (word, True)


def test_a_variable_may_be_given_to_a_program() -> None:
    for text in (
        "kubectl exec web-1 -- env LOG_LEVEL=debug node check.js",
        "kubectl exec web-1 -- sh -c 'ls /etc/env'",
    ):
        assert read_line(text).effect is Effect.WRITE

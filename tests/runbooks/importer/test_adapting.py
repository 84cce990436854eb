"""Lines that were written for a shell become lines that can be carried out, or are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.operations.line import read_line
from bot.operations.refusal import LineRefused
from bot.runbooks.importer.adapting import adapt, clauses
from bot.runbooks.importer.blocks import KNOWN


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("kubectl get pods", "kubectl get pods"),
        ("watch -n 5 kubectl get pods", "kubectl get pods"),
        ("sudo kubectl get pods", "kubectl get pods"),
        ("kubectl logs -f deployment/web", "kubectl logs deployment/web"),
        ("kubectl logs deployment/web --follow | grep x", "kubectl logs deployment/web | grep x"),
        ("kubectl exec -it web-1 -- ls", "kubectl exec web-1 -- ls"),
        ("kubectl get pods > pods.txt", "kubectl get pods"),
        ("kubectl get pods 2>/dev/null", "kubectl get pods"),
        ("kubectl get pods >> pods.txt 2>&1", "kubectl get pods"),
        ("pg_dump shop > shop_$(date +%F).sql", "pg_dump shop"),
        ("createdb copy_$(date +%s)", "createdb copy_<date>"),
        ("psql shop < /tmp/shop.sql", "job psql shop -f /tmp/shop.sql"),
        ("gzip backup_*.sql", "gzip <file>"),
        ("echo $API_KEY", "is-set API_KEY"),
        ("npm run report --days=3", "npm run report -- --days=3"),
        ("kubectl get pods || true", "kubectl get pods"),
        ("kubectl get pods | python3 -c 'print()'", "kubectl get pods"),
        ("psql -h db.example -d ferry", 'psql -h db.example -d ferry -c "SELECT 1"'),
        ('psql "$DATABASE_URL" < ferry.sql', "job psql -f ferry.sql"),
        ("pg_dump ${DATABASE_URL} --schema-only", "pg_dump --schema-only"),
        ("redis-cli -h cache.example", "redis-cli -h cache.example PING"),
        ("redis-cli -n 2 MONITOR", "redis-cli -n 2 SLOWLOG GET 20"),
        (
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE ...",
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE pid = <pid>",
        ),
    ],
)
def test_a_line_is_adapted(text: str, becomes: str) -> None:
    found = adapt(text, KNOWN)
    assert found.line == read_line(becomes, programs=KNOWN)
    assert list(clauses(found, text))[:1] == ([] if text == becomes else [f"The document has `{text}`."])


@pytest.mark.parametrize(
    ("about", "text", "becomes"),
    [
        (
            "Give it more memory",
            "kubectl edit deployment till -n booth",
            "kubectl set resources deployment till -n booth --limits=cpu=<cpu>,memory=<memory>",
        ),
        ("Scale the tills", "kubectl edit deploy/till", "kubectl scale deploy/till --replicas=<count>"),
        ("Go back to an older image", "kubectl edit deploy till", "kubectl set image deploy till <container>=<image>"),
    ],
)
def test_what_an_editor_would_change_is_set_instead(about: str, text: str, becomes: str) -> None:
    found = adapt(text, KNOWN, about)
    assert found.line == read_line(becomes)
    assert "There is no editor here; the values are asked for." in clauses(found, text)


def test_an_editor_is_refused_where_nothing_says_what_it_changes() -> None:
    for about, text in [
        ("Have a look", "kubectl edit deployment till"),
        ("More memory", "kubectl edit configmap till"),
    ]:
        with pytest.raises(LineRefused):
            adapt(text, KNOWN, about)


@pytest.mark.parametrize(
    "text",
    [
        "kubectl edit deployment web",
        "open https://example.com",
        "DELETE FROM users WHERE ...",
        "kubectl delete configmap --field-selector metadata.name!=keep",
        "ssh web-1 reboot",
        "no such thing",
        "",
    ],
)
def test_what_can_never_be_carried_out_is_refused(text: str) -> None:
    with pytest.raises(LineRefused):
        adapt(text, KNOWN)


@given(st.text(max_size=80) | st.from_regex(r"(kubectl|psql|redis-cli|curl|npm) [ -~]{0,60}", fullmatch=True))
def test_any_text_is_adapted_or_refused(text: str) -> None:
    try:
        adapted = adapt(text, KNOWN)
    except LineRefused:
        return
    assert read_line(adapted.line.text, programs=KNOWN) == adapted.line

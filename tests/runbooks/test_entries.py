"""Mistakes in probes, actions, alerts, checklists, procedures and targets, each told with its place."""

import pytest

from bot.runbooks.loader import check
from tests.runbooks.conftest import OPERATED, OPERATIONS, Write

CHANGES = [
    # targets
    ("platform.yml", "{kind: redis, url-from: SHOP_REDIS", "{kind: rediss, url-from: SHOP_REDIS", ":30:10: cache: "),
    ("platform.yml", "kind: redis, url-from: SHOP_REDIS", "kind: rediss, url-from: SHOP_REDIS", "did you mean redis?"),
    ("platform.yml", "cache: {kind: redis, ", "cache: {", "cache: has no kind; there are kubernetes, postgres, "),
    ("platform.yml", "url-from: SHOP_REDIS_URL", "url-form: SHOP_REDIS_URL", 'key "url-form"; did you mean url-from?'),
    ("platform.yml", "SHOP_REDIS_URL", "redis://me", '"redis://me" is not an environment variable'),
    ("platform.yml", "namespace: shop", "namespace: The Shop", '"The Shop" is not a name in a cluster'),
    ("platform.yml", "deployment: backend, ", "", "tools: should say deployment or image, one of them"),
    ("platform.yml", "deployment: backend,", "deployment: backend, volume-at: /tmp,", "tools: says volume-at and no"),
    (
        "platform.yml",
        "deployment: backend,",
        "image: x, volume: v, volume-at: tmp,",
        '"tmp" is not the path of a folder',
    ),
    (
        "platform.yml",
        "cluster: cluster",
        "cluster: clusta",
        '"clusta" is no target of this platform; did you',
    ),
    ("platform.yml", "[api.shop.example]", "['https://x']", 'hosts: "https://x" is not a host'),
    ("platform.yml", "initial-assessment: slow", "initial-assessment: slo", '"slo" is no procedure of this platform'),
    # the other sections of platform.yml
    ("platform.yml", "0 10 * * MON", "0 10 * *", '37:13: handover: "0 10 * *" is not a cron expression (wrong number'),
    ("platform.yml", "roles: [primary]", "roles: [first]", '38:11: "first" is no contact of this platform'),
    ("platform.yml", "action: scale-up", "action: scale", '"scale" is no action of this platform; did you mean sca'),
    ("platform.yml", "keep: 7d", "keep: a while", 'keep: "a while" does not say how long'),
    ("platform.yml", "every: 5m", "every: 0m", 'every: "0m" is not an interval'),
    (
        "platform.yml",
        ", probe: cache-answers, alert",
        ", alert",
        "cache: should name a probe, or say run",
    ),
    ("platform.yml", "alert: cache-down", "alert: cash-down", '"cash-down" is no alert of this platform'),
    ("platform.yml", "when: fails", "when: failing badly", "45:83: when: "),
    (
        "platform.yml",
        "probe: cache-answers, when: fails",
        "for: 5m",
        "backend: says for, which needs a probe and when",
    ),
    ("platform.yml", "when: fails", "when: fails, for: long", '"long" is not a duration'),
    # command lines
    ("probes.yml", "redis-cli PING", "redis-cli PIGN", '4:20: run: "PIGN"'),
    ("probes.yml", "redis-cli PING", "redis-cli PING; rm -rf /", '4:24: run: ";": there is no shell here'),
    ("probes.yml", "redis-cli PING", "frobnicate", '4:10: run: "frobnicate": this is no command known here'),
    ("probes.yml", "redis-cli PING", "[redis-cli PING, redis-cli PIGN]", '4:37: run: "PIGN"'),
    ("probes.yml", "redis-cli PING", ">-\n      redis-cli\n      PIGN", '6:7: run: "PIGN"'),
    ("probes.yml", "redis-cli PING", "'redis-cli GET ''a'' `b`'", '4:31: run: "`"'),
    ("probes.yml", "redis-cli PING", "7", "run: should be"),
    ("probes.yml", "shopctl report", "k6 report", '"k6": this is no command known here'),
    # what an entry does
    ("probes.yml", "    run: redis-cli PING\n", "", "cache-answers: says nothing to do; write run, human or opsroom"),
    ("probes.yml", "human: Look at", "opsroom: /x\n    human: Look at", "dashboard: says human and opsroom; keep one"),
    ("probes.yml", "human: Look at", "run: redis-cli PING #", "has because, which is said only of what a person does"),
    ("probes.yml", "human: Look at the dashboard", "human: Look\n    effect: read", "has effect and no run"),
    ("actions.yml", "opsroom: /incident", "opsroom: incident", 'opsroom: "incident declare" is not a command of Ops'),
    # restricted
    ("probes.yml", "run: redis-cli PING", "run: redis-cli PING\n    restricted: 7", "restricted: "),
    ("probes.yml", "run: shopctl", "restricted: true\n    because: x\n    run: shopctl", "has because"),
    # thresholds
    ("probes.yml", 'warning: "> 10"', 'warning: "much"', "10:14: warning: "),
    ("probes.yml", "value: lines", "value: lnies", "9:12: value: "),
    # effects and approvals
    ("probes.yml", "redis-cli PING", "redis-cli DEL x", "4:10: has something that destroys where only looking is al"),
    ("probes.yml", "redis-cli PING", "DELETE FROM users", "4:10: has SQL that destroys where only looking is allowed"),
    ("probes.yml", "redis-cli PING", "WITH x AS (DELETE FROM a RETURNING 1) SELECT 1 FROM x", "has SQL that destroys"),
    ("probes.yml", "    effect: read\n", "", "21:10: has something that writes where only looking is allowed"),
    ("probes.yml", "    effect: read\n", "", "if the program only looks, say effect: read"),
    ("actions.yml", ", approvals: 2, confirm: true", "", "forget-all destroys for good; say approvals: 2 and confirm"),
    ("actions.yml", ", confirm: true", "", "forget-all destroys for good; say approvals: 2 and confirm: true"),
    ("actions.yml", "approvals: 2", "approvals: 1", "forget-all destroys for good; say approvals: 2"),
    ("actions.yml", "approvals: 1", "approvals: 0", "5:16: scale-up writes; 1 is the least number of approvals"),
    ("actions.yml", "approvals: 1", "effect: read", '5:13: effect: says read, but "kubectl scale deployment'),
    ("actions.yml", "[cache-answers, ", "[redis-cli DEL x, ", '6:14: "redis-cli DEL x" destroys; verify only looks'),
    ("actions.yml", "[cache-answers, ", "[cash-answers, ", '6:14: "cash-answers" is no probe of this platform; did'),
    ("actions.yml", "undo: scale-down", "undo: scale-down-again", '7:11: "scale-down-again" is no action of this pl'),
    ("checklists.yml", "redis-cli DBSIZE", "redis-cli DEL x", "has something that destroys where only looking is"),
    # targets of operations
    ("actions.yml", "target: sessions", "target: session", '"session" is no target of this platform; did you mean'),
    ("actions.yml", "target: sessions", "target: database", "needs a redis target, and database is a postgres target"),
    ("probes.yml", "redis-cli PING", "promql up", "4:10: needs a prometheus target, and this platform has none"),
    (
        "probes.yml",
        "https://partner.example/",
        "https://partner.exampel/",
        "partner.exampel is no host",
    ),
    # holes
    ("probes.yml", "parameters: {pod-name", "note: x\n    parameters: {pod", "no command line here has <pod>"),
    (
        "probes.yml",
        "    parameters: {pod-name: {title: Pod, kind: pod}}\n",
        "",
        "8:10: <pod-name> is not among",
    ),
    ("probes.yml", "kind: pod}", "kind: pot}", "kind: "),
    ("probes.yml", "shopctl report", "shopctl report $DB_HOST", "<db-host> is not among the parameters of this entry"),
    ("probes.yml", "redis-cli PING", "telnet <cache-host> 6379", "<cache-host> is not among the parameters of this"),
    ("probes.yml", "https://partner.example/", "https://api.shop.example/", "<partner-token> is not among the"),
    ("probes.yml", "redis-cli PING", "telnet [db-host] 5432\n    target: web", "needs a postgres target, and web is a"),
    ("probes.yml", "$PARTNER_TOKEN", "$OTHER_TOKEN", "<other-token> is not among the parameters of this entry"),
    (
        "probes.yml",
        "run: redis-cli PING",
        "run: psql -c <query>\n    parameters: {query: {title: Query}}",
        "5:18: <query> stands for a whole query; say kind: sql",
    ),
    # names
    ("alerts.yml", "severity: sev1", "severity: sev9", '2:88: "sev9" is no severity of this platform; there are P1'),
    ("alerts.yml", "procedure: slow", "procedure: slwo", '"slwo" is no procedure of this platform; did you mean slow'),
    ("alerts.yml", "severity: warning", "query: 'sum(rate('", "query: is no PromQL: "),
    ("alerts.yml", "condition: CPU", "conditon: CPU", 'unknown key "conditon"; did you mean condition?'),
    ("checklists.yml", "0 9 * * *", "0 9 * * DAY", '4:15: schedule: "0 9 * * DAY" is not a cron expression'),
    ("checklists.yml", "0 9 * * *", "0 9 30 2 *", 'schedule: "0 9 30 2 *"'),
    ("checklists.yml", "pre-deployment", "pre-deploy", 'schedule: "pre-deploy" is not a cron expression'),
    ("checklists.yml", "Europe/Vienna", "Europe/Wien", 'time-zone: "Europe/Wien" is not a time zone'),
    ("checklists.yml", "channel: incidents", "channel: ops", '6:14: "ops" is no channel of this platform'),
    (
        "checklists.yml",
        "probe: cache-answers",
        "probe: cache-answers, action: tell",
        "cache: should say one",
    ),
    ("checklists.yml", "items: {tell: {title: Tell, action: tell}}", "items: {}", "items: needs at least one entry"),
    # procedures
    ("procedures/slow.yml", "procedure: slow", "procedure: slaw", '1:12: "slaw" should be slow, as the file is'),
    ("procedures/slow.yml", "- probe: cache-answers", "- probe: cash-answers", '5:12: "cash-answers" is no probe of'),
    ("procedures/slow.yml", "is critical,", "is bad,", '12:18: offer-when: "bad" is not a level; there are ok, warn'),
    ("procedures/slow.yml", "is critical,", "if critical,", "is not a condition; write it like error-log-lines is cri"),
    (
        "procedures/slow.yml",
        "[cache-answers is",
        "[cache-answer is",
        '12:18: "cache-answer" is no probe of',
    ),
    (
        "procedures/slow.yml",
        "- human: Ask around",
        "- humen: Ask around",
        '9:5: unknown key "humen"; did you',
    ),
    (
        "procedures/slow.yml",
        "- human: Ask around",
        "- run: redis-cli PING",
        "9:5: diagnose: runs command lines",
    ),
    (
        "procedures/slow.yml",
        "- procedure: other",
        "- procedure: othr",
        '17:16: "othr" is no procedure',
    ),
    # values that a step says
    (
        "procedures/slow.yml",
        "- human: Ask",
        "- probe: pod-log\n    with: {pod: x}\n  - human: Ask",
        "10:12: pod is no par",
    ),
    (
        "procedures/slow.yml",
        "- human: Ask around",
        "- probe: pod-log\n    with: {pod-name: a b}",
        "10:22: pod-name: “a b” is no pod’s name",
    ),
    (
        "procedures/slow.yml",
        "- human: Ask around",
        "- probe: cache-answers\n    with: {x: 1}",
        "x is no parameter of cache-answers; it has none",
    ),
    (
        "procedures/slow.yml",
        "- human: Ask around",
        "- probe: pod-log\n    with: {pod-name: x}\n  - probe: pod-log",
        '11:12: "pod-log" is looked at with other values already',
    ),
    # defaults
    (
        "probes.yml",
        "kind: pod}",
        "kind: pod, default: a b}",
        "11:61: default: “a b” is no pod’s name. Names look like web-7d9f8b6c5-x2x4q",
    ),
    (
        "probes.yml",
        "kind: pod}",
        "choices: [a, b], default: c}",
        "11:67: default: “c” is none of the choices: a or b",
    ),
    ("procedures/slow.yml", "redis-cli DBSIZE", "redis-cli DBSIZE\n    with: {x: 1}", '8:5: unknown key "with"'),
    ("procedures/slow.yml", "redis-cli DBSIZE", "redis-cli DEL x", "7:10: has something that destroys"),
    (
        "procedures/other.yml",
        "probe: cache-size",
        "probe: doctor\n    run: redis-cli PING",
        '4:12: "doctor" is',
    ),
    ("procedures/other.yml", "probe: cache-size", "probe: doctor\n    title: Again", "4:5: diagnose: says nothing to"),
]


def told(write: Write, path: str, good: str, bad: str) -> list[str]:
    """Return the faults after a change to one file."""
    files = {"platform.yml": OPERATED, **OPERATIONS}
    assert files[path].count(good) == 1, "the change is not where it should be"
    files[path] = files[path].replace(good, bad)
    folder = write(files.pop("platform.yml"), files=files)
    return [str(fault).removeprefix(f"{folder}/shop/") for fault in check(folder)]


def test_the_files_have_no_faults(write: Write) -> None:
    assert check(write(OPERATED, files=OPERATIONS)) == []


@pytest.mark.parametrize(("path", "good", "bad", "sentence"), CHANGES)
def test_a_mistake_is_told_with_its_place(write: Write, path: str, good: str, bad: str, sentence: str) -> None:
    faults = told(write, path, good, bad)
    expected = f"{path}:{sentence}" if sentence[0].isdigit() else sentence
    assert any(expected in fault and fault.startswith(path) for fault in faults), faults
    assert len(faults) <= 3


def test_beside_a_wrong_entry_the_others_are_still_checked_and_its_name_is_known(write: Write) -> None:
    files = {**OPERATIONS}
    files["probes.yml"] = files["probes.yml"].replace("redis-cli PING", "redis-cli PIGN").replace(">-", "")
    files["actions.yml"] = files["actions.yml"].replace("approvals: 1", "approvals: 0")
    faults = [str(fault) for fault in check(write(OPERATED, files=files))]
    assert len(faults) == 2
    assert "actions.yml:5:16: scale-up writes" in faults[0]
    assert "probes.yml:4:20: run" in faults[1]


def test_a_file_that_is_no_yaml_does_not_hide_the_others(write: Write) -> None:
    files = {**OPERATIONS, "alerts.yml": "alerts: [", "procedures/third.yml": ""}
    faults = [str(fault) for fault in check(write(OPERATED, files=files))]
    assert any("alerts.yml:1:10: is not YAML" in fault for fault in faults), faults
    assert any("third.yml:1:1: the file is empty" in fault for fault in faults), faults


def test_manifests_have_to_be_there_unless_they_come_from_elsewhere(write: Write) -> None:
    files = {**OPERATIONS}
    files["actions.yml"] += "  deploy: {title: Deploy, run: kubectl apply -f k8s/web.yml}\n"
    assert check(write(OPERATED, files=files, name="elsewhere")) == []
    here = OPERATED.replace(", manifests-from: SHOP_MANIFESTS", "").replace("Shop", "Market")
    faults = [str(fault) for fault in check(write(here, files=files, name="missing"))]
    assert any("k8s/web.yml cannot be found in" in fault for fault in faults), faults
    assert len(check(write(here.replace("Market", "Mall"), files={**files, "k8s/web.yml": "{}"}, name="there"))) == 1


def test_what_is_restricted_stands_only_where_somebody_asks_for_it(write: Write) -> None:
    files = {**OPERATIONS}
    files["probes.yml"] = files["probes.yml"].replace(
        "run: redis-cli PING", "run: redis-cli PING\n    restricted: true"
    )
    folder = write(OPERATED, files=files)
    faults = [str(fault).removeprefix(f"{folder}/shop/").partition(" is restricted, ")[0] for fault in check(folder)]
    name = '"cache-answers"'
    assert faults == [
        f"actions.yml:6:14: {name}",  # verify
        f"checklists.yml:8:36: {name}",
        *(f"platform.yml:{place}: {name}" for place in ("40:64", "45:62", "51:47")),
        f"procedures/slow.yml:5:12: {name}",  # the first look
        f"procedures/slow.yml:12:18: {name}",  # offer-when
    ]

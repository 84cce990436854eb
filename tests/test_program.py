"""The `opsroom` program, started as people start it."""

import asyncio
import csv
import getpass
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.store.lock import held
from bot.store.migrate import HEAD
from tests.world import World

HOME = Path(__file__).parent.parent


def run(*words: str, cwd: Path = HOME, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("OPSROOM_")}
    command = [sys.executable, "-m", "bot", *words]
    env = {**inherited, "PYTHONPATH": str(HOME), **environment}
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60, check=False, env=env)


def test_help_lists_the_commands() -> None:
    said = run("--help").stdout
    for command in ("audit", "serve", "demo", "check", "import", "migrate", "roles", "schema"):
        assert command in said


def test_check_finds_no_fault_in_our_runbooks() -> None:
    done = run("check")
    assert done.returncode == 0
    assert done.stdout.startswith("4 platforms, no faults: linkist, social-live, zephyr, zzik-live.\n")


def test_check_says_where_a_fault_is(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/platform.yml").write_text("title: Shop\nsevrities: []\n", encoding="utf-8")
    done = run("check", "--runbooks", str(tmp_path))
    assert done.returncode == 1
    assert "platform.yml:2:1" in done.stderr
    assert "Traceback" not in done.stderr


def test_schema_is_a_json_schema() -> None:
    assert json.loads(run("schema").stdout)["title"] == "Opsroom platform"


def test_every_kind_of_file_has_a_schema() -> None:
    assert json.loads(run("schema", "procedure").stdout)["title"] == "Opsroom procedure"
    assert json.loads(run("schema", "probes.yml").stdout)["title"] == "Opsroom probes"
    assert run("schema", "probs").stderr == 'opsroom: "probs" is no kind of runbook file; did you mean probes?\n'


def test_check_compares_with_an_inventory(tmp_path: Path) -> None:
    done = run("check", "--coverage", str(HOME / "tests/data/procedures.csv"))
    assert done.stdout.splitlines()[-1].startswith("589 of 589 rows are covered: ")
    assert done.returncode == 0
    more = tmp_path / "more.csv"
    more.write_text("id,platform,kind,title,detail\nzephyr-999,zephyr,probe,More,redis-cli PING\n", encoding="utf-8")
    short = run("check", "--coverage", str(more))
    assert "zephyr-999 (probe, More): no entry names it" in short.stdout
    assert "is no row of the inventory; the last one is zephyr-999" in short.stderr
    assert short.returncode == 1


def test_check_knows_the_commands_of_opsroom(tmp_path: Path) -> None:
    folder = shutil.copytree(HOME / "runbooks", tmp_path / "runbooks")
    text = (folder / "zephyr/actions.yml").read_text(encoding="utf-8")
    odd = "  shout: {title: Shout, opsroom: /incident declair P1}\n"
    (folder / "zephyr/actions.yml").write_text(text.rstrip() + "\n" + odd, encoding="utf-8")
    done = run("check", "--runbooks", str(folder))
    assert 'opsroom: "/incident declair" is no command of Opsroom; did you mean /incident declare?' in done.stderr
    assert done.returncode == 1


def test_import_drafts_a_platform(tmp_path: Path) -> None:
    done = run("import", str(HOME / "tests/data/markdown/tables.md"), "--platform", "garden", "--out", str(tmp_path))
    assert done.stdout.startswith(f"{tmp_path}/garden was drafted from ")
    assert "To be filled in, marked TODO:" in done.stdout
    assert done.returncode == 0
    check = run("check", "--runbooks", str(tmp_path))
    assert "is still to be filled in: such as Europe/Vienna or UTC" in check.stderr
    assert run("import", str(tmp_path / "nothing.md")).stderr.endswith("cannot be read: No such file or directory.\n")


def test_serve_says_what_is_missing(tmp_path: Path) -> None:
    done = run("serve", cwd=tmp_path)
    assert done.returncode == 1
    assert "OPSROOM_SLACK_BOT_TOKEN is missing" in done.stderr
    assert "Traceback" not in done.stderr


def test_roles_are_given_listed_and_taken_back(tmp_path: Path) -> None:
    store = ["--database-url", f"sqlite:///{tmp_path}/store.db"]
    assert run("roles", "grant", "U1", "operator", "--platform", "zephyr", *store).stdout == (
        "U1 is an operator on zephyr now.\n"
    )
    assert "U1\toperator\ton zephyr" in run("roles", "list", *store).stdout
    assert run("roles", "revoke", "U1", "--platform", "zephyr", *store).stdout == "U1 has no role on zephyr now.\n"
    assert run("roles", "list", *store).stdout == ""


def test_the_audit_log_is_exported_and_verified(tmp_path: Path) -> None:
    store = ["--database-url", f"sqlite:///{tmp_path}/store.db"]
    run("migrate", *store)
    assert run("audit", "verify", *store).stdout == f"The audit log of {tmp_path}/store.db is whole: no entries.\n"
    run("roles", "grant", "U1", "operator", "--platform", "zephyr", *store)
    run("roles", "grant", "=U2", "viewer", *store)
    run("roles", "revoke", "U1", "--platform", "zephyr", *store)
    told = [json.loads(line) for line in run("audit", "export", *store).stdout.splitlines()]
    assert [(e["number"], e["action"], e["subject"], e["platform"]) for e in told] == [
        (1, "role.granted", "U1", "zephyr"),
        (2, "role.granted", "=U2", None),
        (3, "role.revoked", "U1", "zephyr"),
    ]
    assert {e["actor"] for e in told} == {f"shell:{getpass.getuser()}"}
    rows = list(csv.DictReader(run("audit", "export", "--format", "csv", *store).stdout.splitlines()))
    assert [row["subject"] for row in rows] == ["U1", "'=U2", "U1"]
    assert [row["hash"] for row in rows] == [e["hash"] for e in told]
    one = run("audit", "export", "--platform", "zephyr", "--until", told[-1]["at"][:10], *store).stdout
    assert len(one.splitlines()) == 2
    assert run("audit", "export", "--since", "2999-01-01", *store).stdout == ""
    whole = run("audit", "verify", "--expect", told[0]["hash"], *store)
    assert whole.stdout.splitlines()[1] == f"Entry 3 has the hash {told[2]['hash']}"
    assert whole.returncode == 0
    assert run("audit", "verify", "--expect", "abc", *store).stderr.startswith("opsroom: A hash has 64 characters")


def test_an_entry_that_was_tampered_with_in_the_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = ["--database-url", f"sqlite:///{path}"]
    for person in ("U1", "U2", "U3"):
        run("roles", "grant", person, "viewer", *store)
    with closing(sqlite3.connect(path)) as file, file:
        with pytest.raises(sqlite3.IntegrityError, match="append-only: what is in it cannot be changed"):
            file.execute("UPDATE audit SET subject = 'U9' WHERE number = 2")
        file.execute("DROP TRIGGER audit_update")
        file.execute("UPDATE audit SET subject = 'U9' WHERE number = 2")
    done = run("audit", "verify", *store)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines()[0] == (
        f"The audit log of {path} is broken. Entry 2 was changed: its contents do not fit its hash."
    )
    assert done.stderr.splitlines()[1].startswith("In order until then: 1 entry, the last of ")


def test_the_audit_page_says_how_anybody_verifies(tmp_path: Path) -> None:
    store = ["--database-url", f"sqlite:///{tmp_path}/store.db"]
    for person in ("U1", "Üwe"):
        run("roles", "grant", person, "viewer", *store)
    lines = run("audit", "export", *store).stdout
    script = (HOME / "docs/audit.md").read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    for told, code in ((lines, 0), (lines.replace("U1", "U9"), 1), (lines.partition("\n")[2], 1)):
        command = [sys.executable, "-c", script]
        done = subprocess.run(command, input=told, text=True, capture_output=True, timeout=60, check=False)
        assert done.returncode == code, done.stderr


async def test_roles_are_given_while_the_bot_runs(world: World) -> None:
    store = ["--database-url", world.settings.database_url.get_secret_value()]
    nils = world.person("nils")
    given = await asyncio.to_thread(run, "roles", "grant", nils, "viewer", *store)
    assert (given.stdout, given.stderr) == (f"{nils} is a viewer everywhere now.\n", "")
    await world.say("/incident list", by="nils")
    assert await world.answer("nils") == "No open incidents."


def test_the_store_is_the_one_that_is_configured(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"OPSROOM_DATABASE_URL=sqlite:///{tmp_path}/in-file.db\n", encoding="utf-8")
    assert run("roles", "list", cwd=tmp_path).returncode == 0
    assert (tmp_path / "in-file.db").exists()
    run("roles", "list", cwd=tmp_path, OPSROOM_DATABASE_URL=f"sqlite:///{tmp_path}/in-environment.db")
    assert (tmp_path / "in-environment.db").exists()


def test_a_store_of_an_older_program_is_brought_up_to_date_only_when_nobody_has_it(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with held(path):
        refused = run("roles", "list", "--database-url", f"sqlite:///{path}")
    assert refused.returncode == 1
    assert "one opener at a time" in refused.stderr
    assert run("roles", "list", "--database-url", f"sqlite:///{path}").returncode == 0


def test_an_unknown_role_is_refused_with_those_that_exist(tmp_path: Path) -> None:
    done = run("roles", "grant", "U1", "emperor", "--database-url", f"sqlite:///{tmp_path}/store.db")
    assert done.returncode == 2
    assert "responder" in done.stderr


def test_migrate_says_where_the_store_is(tmp_path: Path) -> None:
    assert run("migrate", "--database-url", f"sqlite:///{tmp_path}/store.db").stdout == f"The store is at {HEAD}.\n"


def test_the_log_of_a_first_start_tells_of_the_migration_and_not_of_its_tool(tmp_path: Path) -> None:
    program = "import logging; logging.basicConfig(level=logging.INFO); from bot.__main__ import main; main()"
    words = ["migrate", "--database-url", f"sqlite:///{tmp_path}/store.db"]
    done = subprocess.run([sys.executable, "-c", program, *words], cwd=HOME, capture_output=True, text=True, check=True)
    assert "0001" in done.stderr
    assert "plugin" not in done.stderr


def test_an_address_that_is_none_is_explained() -> None:
    done = run("migrate", "--database-url", "mysql://somewhere/db")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr

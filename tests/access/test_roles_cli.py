"""`opsroom roles` as people type it: groups, environments, and what is said to words that mean nothing."""

import asyncio
import json
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.access.offices import Office
from tests.test_program import HOME, run

Typed = Callable[..., Awaitable["subprocess.CompletedProcess[str]"]]

WRITTEN = "A person is named by the member id of the Slack profile, like U012AB3CD."
NEVER = (
    "opsroom: zephyr is production, so a role on it in staging would never count. "
    "Leave --in out, or set `environment: staging` in its platform.yml."
)


@pytest.fixture
def roles(office: Office, tmp_path: Path) -> Typed:
    """Type `opsroom roles …` with a store of its own, beside the office's workspace."""

    async def typed(*words: str) -> "subprocess.CompletedProcess[str]":
        environment = {
            "OPSROOM_DATABASE_URL": f"sqlite:///{tmp_path}/store.db",
            "OPSROOM_SLACK_BOT_TOKEN": office.workspace.secrets.bot_token,
            "OPSROOM_SLACK_URL": f"{office.workspace.base_url}/api",
        }
        return await asyncio.to_thread(lambda: run("roles", *words, cwd=HOME, **environment))

    return typed


async def test_a_group_is_given_a_role_in_one_environment_and_loses_it_again(
    office: Office, roles: Typed, tmp_path: Path
) -> None:
    group = office.group("oncall", "ada")
    given = await roles("grant", "@oncall", "operator", "--in", "production")
    assert (given.stdout, given.stderr) == ("Everybody in @oncall is an operator everywhere in production now.\n", "")
    await roles("grant", f"<!subteam^{group}|@oncall>", "viewer", "--on", "Social Live")
    listed = (await roles("list")).stdout.splitlines()
    assert [line.rpartition("\t")[0] for line in listed] == [
        f"{group} (@oncall)\toperator\teverywhere in production",
        f"{group} (@oncall)\tviewer\ton social-live",
    ]
    nothing = await roles("revoke", "@oncall", "--in", "staging")
    assert nothing.stdout == (
        "@oncall had no role everywhere in staging. "
        "What there is: an operator everywhere in production, a viewer on social-live.\n"
    )
    del office.workspace.usergroups[group]
    assert (await roles("revoke", "@oncall", "--in", "production")).stdout == (
        "@oncall has no role everywhere in production now.\n"
    )
    store = f"sqlite:///{tmp_path}/store.db"
    exported = await asyncio.to_thread(run, "audit", "export", "--database-url", store)
    told = [json.loads(line) for line in exported.stdout.splitlines()]
    assert [(entry["action"], entry["subject"], entry["platform"]) for entry in told] == [
        ("role.granted", group, None),
        ("role.granted", group, "social-live"),
        ("role.revoked", group, None),
    ]
    assert told[0]["details"] == {
        "before": None,
        "environment": "production",
        "group": "@oncall",
        "role": "operator",
    }
    assert told[2]["details"] == {"environment": "production", "group": "@oncall", "role": "operator"}


async def test_a_person_is_written_as_an_id_or_a_mention(roles: Typed) -> None:
    for written in ("U012AB3CD", "@U012AB3CD", "<@U012AB3CD|ada>"):
        assert (await roles("grant", written, "viewer")).stdout == "U012AB3CD is a viewer everywhere now.\n"
    assert len((await roles("list")).stdout.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (
            ["grant", "@oncal", "viewer"],
            1,
            f"opsroom: There is no user group @oncal in Slack; did you mean @oncall? {WRITTEN}",
        ),
        (
            ["grant", "oncall", "viewer"],
            1,
            f'opsroom: "oncall" is no member id. {WRITTEN} A user group is written @oncall.',
        ),
        (["grant", "U012AB3CD", "oprator"], 2, '"oprator" is no role; did you mean operator?'),
        (
            ["grant", "U012AB3CD", "viewer", "--in", "stageing"],
            2,
            '"stageing" is no environment; did you mean staging?',
        ),
        (
            ["grant", "U012AB3CD", "viewer", "--on", "social-liv"],
            1,
            'opsroom: There is no platform "social-liv"; did you mean social-live?',
        ),
        (
            ["grant", "U012AB3CD", "viewer", "--on", "zephyr", "--in", "staging"],
            1,
            NEVER,
        ),
        (["revoke", "@oncall"], 1, "opsroom: No user group @oncall has a role; there are none."),
    ],
)
async def test_a_word_that_means_nothing_is_answered_with_what_was_meant(
    office: Office, roles: Typed, words: list[str], code: int, sentence: str
) -> None:
    office.group("oncall")
    done = await roles(*words)
    assert done.returncode == code
    assert done.stderr.strip().endswith(sentence)
    assert (await roles("list")).stdout == ""


def test_without_a_token_slack_cannot_be_asked(tmp_path: Path) -> None:
    done = run("roles", "grant", "@oncall", "viewer", OPSROOM_DATABASE_URL=f"sqlite:///{tmp_path}/store.db")
    assert (done.returncode, done.stderr) == (
        1,
        "opsroom: Slack has to be asked for user groups: OPSROOM_SLACK_BOT_TOKEN is missing.\n",
    )

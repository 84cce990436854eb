"""Numbers of incidents, optional platforms, single words, and words too many."""

import pytest

from bot.access.roles import Role
from bot.errors import BadInput
from bot.verbs.arguments import Spoken, arguments_of, form_for, read, split
from bot.verbs.replies import FieldKind
from bot.verbs.words import Words
from commands.incident import ack, retry
from commands.incident import list as listing
from tests.verbs.scenes import incident, scene

ACK, LIST, RETRY = (arguments_of(verb.Arguments) for verb in (ack, listing, retry))


@pytest.mark.parametrize("typed", ["INC-12", "inc-12", "INC12", "inc_12", "#12", "12", "INC-12.", "“INC-12”", "INC 12"])
def test_an_incident_is_its_number(typed: str) -> None:
    where = scene()
    assert read(ACK, split(ACK, Words(typed.replace("INC 12", "INC-12")), where), where).values == {"incident": 12}


def test_in_its_own_room_an_incident_goes_without_saying() -> None:
    where = scene(incident=incident())
    assert read(ACK, Spoken({}), where).values == {"incident": 12}
    assert read(ACK, split(ACK, Words("INC-7"), where), where).values == {"incident": 7}


@pytest.mark.parametrize("typed", ["banana", "INC-", "-1", "9999999999", "twelve", "<script>"])
def test_what_is_no_incident_is_said_and_does_not_become_another_one(typed: str) -> None:
    where = scene(incident=incident())
    problem = read(ACK, split(ACK, Words(typed), where), where).problems["incident"]
    assert problem.sentence == f"“{typed}” is no incident. Incidents look like INC-12."


def test_words_too_many_are_left_over() -> None:
    spoken = split(ACK, Words("INC-1 INC-2 please"), scene())
    assert (spoken.typed, spoken.left) == ({"incident": "INC-1"}, "INC-2 please")


def test_the_form_offers_the_open_incidents() -> None:
    where = scene(choices=(incident(12), incident(14, "<b>votes</b> are lost")))
    shown = form_for("incident ack", "Acknowledge an incident", ACK, read(ACK, Spoken({}), where), where).fields[0]
    assert shown.kind is FieldKind.CHOICE
    assert [(c.value, c.label) for c in shown.choices] == [
        ("12", "INC-12 · 1 · checkout returns 500"),
        ("14", "INC-14 · 1 · <b>votes</b> are lost"),
    ]


def test_without_open_incidents_there_is_no_form() -> None:
    with pytest.raises(BadInput, match="No incident is open where you could do that"):
        form_for("incident ack", "Acknowledge an incident", ACK, read(ACK, Spoken({}), scene()), scene())


def test_what_may_be_left_out_is_not_guessed() -> None:
    where = scene({"social-live": "viewer"}, needs=Role.VIEWER, platform="social-live")
    assert read(LIST, Spoken({}), where).values == {}


def test_a_platform_that_there_is_not_is_not_ignored() -> None:
    where = scene(needs=Role.VIEWER)
    problem = read(LIST, split(LIST, Words("facebook"), where), where).problems["platform"]
    assert problem.sentence == ("There is no platform “facebook”. It can be linkist, social-live, zephyr or zzik-live.")


def test_one_word_is_one_word() -> None:
    where = scene()
    assert split(RETRY, Words("INC-3 pin"), where).typed == {"incident": "INC-3", "part": "pin"}
    assert split(RETRY, Words("pin INC-3"), where).typed == {"incident": "INC-3", "part": "pin"}
    missing = read(RETRY, split(RETRY, Words("INC-3"), where), where).problems["part"]
    assert (missing.missing, missing.sentence) == (True, "Say which one.")

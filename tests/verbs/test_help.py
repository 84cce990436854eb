"""Help: only what the reader may do; and what a first word that is no verb was meant to be."""

import pytest

from bot.access.roles import Role
from bot.errors import BadInput, NotAllowed
from bot.store.grants import EVERYWHERE
from bot.verbs.catalogue import scan
from bot.verbs.help import help_page
from bot.verbs.replies import Refused
from bot.verbs.request import Request
from bot.verbs.unknown import unknown_verb
from tests.verbs.scenes import NOON, rights, scene

CATALOGUE = scan("commands")


@pytest.mark.parametrize(
    ("roles", "shown", "hidden"),
    [
        ({}, ["help"], 6),
        ({EVERYWHERE: "viewer"}, ["help", "list", "show"], 4),
        ({"linkist": "responder"}, ["ack", "declare", "help", "join", "list", "retry", "show"], 0),
    ],
)
def test_help_shows_what_the_reader_may_do(roles: dict[str, str], shown: list[str], hidden: int) -> None:
    page = help_page(CATALOGUE, "incident", "", rights(roles))
    assert ([line.usage.split()[1] for line in page.verbs], page.hidden) == (shown, hidden)


def test_help_about_a_verb_has_its_details_and_its_role() -> None:
    page = help_page(CATALOGUE, "incident", "Declare", rights({EVERYWHERE: "responder"}))
    assert page.command == "/incident declare"
    assert page.verbs[0].details.startswith("`/incident declare P1 social-live checkout returns 500`")
    assert page.verbs[0].details.endswith("_Needs a responder._")


def test_help_about_a_verb_that_one_may_not_use_says_so() -> None:
    with pytest.raises(NotAllowed, match=r"This needs a responder, and you have no role yet\. Ask an Opsroom admin"):
        help_page(CATALOGUE, "incident", "declare", rights({}))


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("declaer", "There is no /incident declaer. Did you mean /incident help declare?"),
        ("xyzzy", "There is no /incident xyzzy. /incident help lists what there is."),
    ],
)
def test_help_about_what_there_is_not(word: str, sentence: str) -> None:
    with pytest.raises(BadInput) as wrong:
        help_page(CATALOGUE, "incident", word, rights({EVERYWHERE: "admin"}))
    assert str(wrong.value) == sentence


def answer(typed: str, roles: dict[str, str] | None = None) -> Refused:
    command = CATALOGUE.command("incident")
    assert command is not None
    verb, _, text = typed.partition(" ")
    request = Request("command:1", "incident", verb, text, "U1", "C1", "general", NOON, typed=typed)
    return unknown_verb(command, request, scene(roles, needs=Role.NOBODY))


def offered(refused: Refused) -> list[tuple[str, str, bool]]:
    return [(button.label, button.path, button.whole) for button in refused.buttons]


@pytest.mark.parametrize(
    ("typed", "path"),
    [("lst social-live", "incident list"), ("declar P1 x", "incident declare"), ("hlep", "incident help")],
)
def test_a_slip_of_the_finger_gets_the_nearest_verb(typed: str, path: str) -> None:
    refused = answer(typed)
    assert refused.text == f"There is no /incident {typed.split(maxsplit=1)[0]}. Did you mean /{path}?"
    assert offered(refused) == [(f"Yes, {path.split()[1]}", path, False)]
    assert refused.buttons[0].again == "command:1"


def test_what_one_may_not_do_is_not_offered() -> None:
    assert answer("declar P1 x", {}).buttons == ()
    assert answer("P1 social-live x", {EVERYWHERE: "viewer"}).buttons == ()


def test_a_verb_that_was_left_out_is_offered_with_all_the_words() -> None:
    refused = answer("P1 social-live checkout is down")
    assert refused.text == "The verb is missing. Did you mean /incident declare P1 social-live checkout is down?"
    assert offered(refused) == [("Declare", "incident declare", True)]


def test_a_number_alone_can_mean_several_verbs() -> None:
    refused = answer("INC-12")
    assert refused.text == "The verb is missing. What shall I do with “INC-12”?"
    assert [button.label for button in refused.buttons] == ["Ack", "Join", "Retry", "Show"]


def test_what_is_nothing_is_said_briefly() -> None:
    refused = answer("x" * 500)
    assert refused.text == f"There is no /incident {'x' * 59}…. /incident help lists what you can do."
    assert refused.buttons == ()

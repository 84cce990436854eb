"""What cannot be asked for: a kind sentence, and nothing is written down."""

from pathlib import Path

import pytest

from bot.store import requests
from tests.commands.hands import form, submit
from tests.remediation.bakery import Bakery, bakery


async def refused(shop: Bakery, line: str, sentence: str) -> None:
    """Assert that a line is answered with this sentence alone, and that nothing is asked for."""
    await shop.say(line)
    assert await shop.answered(sentence) == sentence
    assert await shop.nothing_asked()


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/rollback bakery oven 2", "Deployment oven already runs revision 2 (bakery/oven:1.1)."),
        ("/rollback bakery oven 17", "Deployment oven has no revision 17; it has 1 and 2."),
        ("/rollback bakery ofen 1", "Bakery has no service “ofen” that can be rolled back; did you mean oven?"),
        (
            "/run bakery taste",
            "“Taste the bread” is something that people do: Somebody tastes it. Opsroom has no tongue.",
        ),
        ("/run bakery scale replicas=2", "Deployment oven has 2 replicas already; nothing would change."),
        ("/run bakery scale replicas=3 colour=blue", "“colour” is no value that this takes; it takes replicas."),
        ("/run bakery remove-recipe recipe=spelt", "There is no configmap spelt in namespace bakery."),
        ("/request undo REQ-9", "There is no request REQ-9. /request list shows those that are open."),
        ("/request withdraw REQ-9", "There is no request REQ-9. /request list shows those that are open."),
    ],
)
async def test_what_makes_no_sense_is_refused_kindly(tmp_path: Path, line: str, sentence: str) -> None:
    async with bakery(tmp_path) as shop:
        await refused(shop, line, sentence)


async def test_an_unknown_action_is_guessed_and_nothing_is_begun(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.say("/run bakery restrat")
        seen = await form(shop.world)
        assert seen.notes == ("Bakery has no action “restrat”. Did you mean restart?",)
        assert "Restart the oven" in seen.choices["action"]
        assert await shop.nothing_asked()


async def test_a_missing_value_is_asked_for(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.say("/run bakery scale")
        await form(shop.world, holding="given.replicas")
        await submit(shop.world, **{"given.replicas": "3"})
        await shop.in_state(requests.WAITING)
        assert "kubectl scale deployment/oven --replicas=3" in await shop.told("2 replicas* → *3 replicas")


async def test_a_wrong_value_is_refused_in_the_form_until_it_is_right(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.say("/run bakery scale replicas=many")
        wrong = "“many” is no number. Write digits, such as 42 or 0.5."
        assert (await form(shop.world)).notes == (f"Number of pods: {wrong}",)
        await submit(shop.world, **{"given.replicas": "several"})
        assert "several" in (await form(shop.world)).errors["given.replicas"]
        assert await shop.nothing_asked()
        await submit(shop.world, **{"given.replicas": "4"})
        assert (await shop.in_state(requests.WAITING)).given == {"replicas": "4"}


async def test_the_wrong_name_typed_is_told_and_asked_for_once_more(tmp_path: Path) -> None:
    async with bakery(tmp_path) as shop:
        await shop.say("/run bakery remove-recipe recipe=rye")
        first = await form(shop.world, holding="typed")
        assert first.notes == ("This cannot be undone. Type cluster to ask for it all the same.",)
        await submit(shop.world, typed="custer")
        sentence = "You typed “custer”. This cannot be undone. Type cluster to ask for it all the same."
        await shop.answered(sentence)
        assert await shop.nothing_asked()
        await shop.press("Fill in the form", by="olivia")
        await form(shop.world, holding="typed")
        await submit(shop.world, typed="cluster")
        assert (await shop.in_state(requests.WAITING)).given == {"recipe": "rye"}

"""From a request to its answer: find the verb, read the words, ask for what is missing, run it, reply."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from bot.errors import BadInput, OpsroomError, SlackRefused
from bot.incidents.ports import Rooms
from bot.slack.client import SlackClient
from bot.slack.posting import SENTENCES
from bot.slack.views.forms import modal
from bot.slack.views.text import fit
from bot.store import receipts
from bot.verbs import arguments
from bot.verbs.arguments import Reading, Spoken
from bot.verbs.catalogue import Catalogue, Services, Verb
from bot.verbs.help import help_page
from bot.verbs.readers.given import gathered
from bot.verbs.replies import Button, Form, HelpPage, Refused
from bot.verbs.request import Request
from bot.verbs.scene import GLANCE, Scene, Scenery, with_choices
from bot.verbs.unknown import unknown_verb
from bot.verbs.words import Words

_NO_FORM = {"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired"}
_BUTTON_TEXT = 300
"""Characters of a command that a button repeats; Slack's buttons carry 2,000 in JSON."""
OUR_MISTAKE = "That did not work: Opsroom made a mistake. Its log says more."


class Performer:
    """Performs requests. Doing one twice changes nothing: whatever it causes carries its id."""

    def __init__(
        self,
        catalogue: Catalogue,
        services: Services,
        scenery: Scenery,
        client: SlackClient,
        rooms: Rooms,
    ) -> None:
        self._catalogue, self._services = catalogue, services
        self._scenery, self._store = scenery, scenery.store
        self._client, self._rooms = client, rooms

    async def perform(self, request: Request) -> None:
        """Do what was asked for and answer. Raises only what may pass; everything else is told to the person."""
        try:
            request = await self._whole(request)
            reply = await self._done(request)
        except OpsroomError as error:
            if error.passing:
                raise
            reply = Refused(_sentence(error))
        if reply is not None:
            await self._rooms.answer(request.reply_to, request.channel, request.by, reply)

    def waits(self, request: Request) -> bool:
        """Tell whether what was asked for is mostly waiting for systems outside."""
        verb = self._catalogue.verb(self._catalogue.placed(request).path)
        return verb is not None and verb.waits

    async def apologize(self, request: Request) -> None:
        """Tell the person that we made a mistake, if that much works; raises nothing that we know."""
        with suppress(OpsroomError):
            await self._rooms.answer(request.reply_to, request.channel, request.by, Refused(OUR_MISTAKE))

    async def _whole(self, request: Request) -> Request:
        """Return the request that a click repeats; the click itself when it repeats none."""
        if request.again is None:
            return request
        async with self._store.read() as connection:
            kept = await receipts.by_id(connection, request.again)
        earlier = Request.from_json(kept.request) if kept else None
        if earlier is None or earlier.by != request.by:
            raise BadInput("That question is too old to be answered. Please type the command again.")
        return earlier.repeated(request)

    async def _done(self, request: Request) -> Any:
        request = self._catalogue.placed(request)
        verb = self._catalogue.verb(request.path)
        if verb is None:
            return await self._unknown(request)
        scene = await self._scenery.scene_of(request, verb.access)
        scene.rights.require(verb.access)
        spoken = spoken_in(verb, request, scene)
        if spoken.left:
            return _too_much(verb, spoken)
        reading = arguments.read(verb.arguments, spoken, scene)
        if reading.problems:
            form = form_of(verb, request, reading, await with_choices(scene, self._store))
            said = "\n".join(problem.sentence for problem in reading.problems.values())
            return await self._ask(verb, request, form, said)
        reply = await verb.call(request, scene, reading.values, self._services)
        if isinstance(reply, Form):
            said = " ".join(reply.notes) or "Please fill in the rest."
            return await self._ask(verb, request, with_place(reply, request), said)
        return reply

    async def _unknown(self, request: Request) -> Refused | HelpPage:
        command = self._catalogue.command(request.command)
        if command is None:
            return Refused(f"There is no command /{request.command} here.")
        scene = await self._scenery.scene_of(request)
        if command.is_bare:
            return help_page(self._catalogue, command.name, "", scene.rights)
        return unknown_verb(command, request, scene)

    async def _ask(self, verb: Verb, request: Request, form: Form, said: str) -> Refused | None:
        """Open a form for what is missing; without a fresh trigger say so, and offer a button that opens it."""
        try:
            if request.trigger is None:
                raise SlackRefused("views.open", "expired_trigger_id")
            await self._client.call(
                "views.open", {"trigger_id": request.trigger, "view": modal(form).to_dict()}, urgent=True
            )
        except SlackRefused as refused:
            if refused.code not in _NO_FORM:
                raise
            button = Button("Fill in the form", verb.path, again=request.id, style="primary")
            return Refused(said, (button,), verb.usage)
        return None

    async def checked(self, request: Request, shown: Collection[str]) -> Mapping[str, str] | Form:
        """Return what is wrong in a form, by field; nothing when it can be done.

        Return the form anew when it does not show yet what is wrong. Raises OpsroomError when nothing that the person
        fills in would help; Slack waits 3 s, so the store has less.
        """
        verb = self._catalogue.verb(request.path)
        if verb is None:
            raise BadInput("This form is from an older version. Please type the command again.")
        scene = await self._scenery.scene_of(request, verb.access, within=GLANCE)
        scene.rights.require(verb.access)
        reading = arguments.read(verb.arguments, spoken_in(verb, request, scene), scene)
        wrong = {name: problem.sentence for name, problem in reading.problems.items()}
        if not wrong:
            return await verb.wrong(request, scene, reading.values, self._services)
        if set(wrong) <= set(shown):
            return wrong
        form = form_of(verb, request, reading, await with_choices(scene, self._store, within=GLANCE))
        fuller = any(field.name in wrong and field.name not in shown for field in form.fields)
        return replace(form, notes=tuple(wrong.values())) if fuller else wrong

    async def redrawn(self, request: Request) -> Form | None:
        """Return a form anew after a field changed on which another one depends."""
        verb = self._catalogue.verb(request.path)
        if verb is None:
            return None
        scene = await self._scenery.scene_of(request, verb.access)
        reading = arguments.read(verb.arguments, spoken_in(verb, request, scene), scene)
        return form_of(verb, request, reading, await with_choices(scene, self._store))


def _sentence(error: OpsroomError) -> str:
    """Return an error as its sentence; Slack's codes are put into words where there are some."""
    plain = SENTENCES.get(error.code) if isinstance(error, SlackRefused) else None
    return f"{plain}\n{error}" if plain else str(error)


def spoken_in(verb: Verb, request: Request, scene: Scene) -> Spoken:
    """Return a request's words, or the fields of its form."""
    if request.values:
        return Spoken(gathered(request.values))
    return arguments.split(verb.arguments, Words(request.text), scene)


def _too_much(verb: Verb, spoken: Spoken) -> Refused:
    """Do nothing on a guess: the words that were not understood may matter."""
    said = f"Nothing was done yet: I did not understand “{fit(spoken.left, 200)}”."
    rest = " ".join(spoken.typed.values())
    anyway = (Button("Do it without that", verb.path, rest, style="primary"),) if len(rest) <= _BUTTON_TEXT else ()
    return Refused(said, anyway, verb.usage)


def form_of(verb: Verb, request: Request, reading: Reading, scene: Scene) -> Form:
    """Return the form for a verb, with the way back to where the request came from."""
    return with_place(arguments.form_for(verb.path, verb.title, verb.arguments, reading, scene), request)


def with_place(form: Form, request: Request) -> Form:
    """Return a form with the way back to where the request came from."""
    place = {"channel": request.channel, "channel_name": request.channel_name, "reply_to": request.reply_to or ""}
    return replace(form, place={name: value for name, value in place.items() if value})

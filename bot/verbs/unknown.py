"""What to say when a command's first word is no verb: which verb was probably meant, with a button that runs it."""

from collections.abc import Mapping

from bot.nearest import nearest
from bot.verbs.catalogue import Command, Verb
from bot.verbs.readers import WordReader
from bot.verbs.replies import Button, Refused
from bot.verbs.request import Request
from bot.verbs.scene import Scene
from bot.verbs.words import Words, as_text

_QUOTED = 60
"""How many characters of what was typed are said again."""


def unknown_verb(command: Command, request: Request, scene: Scene) -> Refused:
    """Return the verbs that can be meant, of those that the person may use: one left out, or a slip of the finger."""
    allowed = {name: verb for name, verb in command.verbs.items() if verb.access <= scene.rights.highest}
    if left_out := _left_out(allowed, Words(request.typed), scene):
        return _which(left_out, request)
    sentence = f"There is no /{command.name} {_cut(request.verb)}."
    if found := nearest(request.verb, allowed, limit=1):
        meant = allowed[found[0]]
        button = Button(f"Yes, {meant.name}", meant.path, again=request.id, style="primary")
        return Refused(f"{sentence} Did you mean /{meant.path}?", (button,))
    return Refused(f"{sentence} /{command.name} help lists what you can do.")


def _left_out(verbs: Mapping[str, Verb], words: Words, scene: Scene) -> tuple[Verb, ...]:
    """Return the verbs for which the first word would be an argument."""
    return tuple(
        verb
        for verb in verbs.values()
        if any(a.reader.take(words, 0, scene) for a in verb.arguments if not isinstance(a.reader, WordReader))
    )


def _which(verbs: tuple[Verb, ...], request: Request) -> Refused:
    buttons = tuple(Button(verb.name.capitalize(), verb.path, again=request.id, whole=True) for verb in verbs)
    if len(verbs) == 1:
        return Refused(f"The verb is missing. Did you mean /{verbs[0].path} {_cut(as_text(request.typed))}?", buttons)
    return Refused(f"The verb is missing. What shall I do with “{_cut(as_text(request.typed))}”?", buttons)


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _QUOTED else line[: _QUOTED - 1].rstrip() + "…"

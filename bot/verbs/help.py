"""Help, made from the verbs' docstrings: only what the reader may do."""

from collections.abc import Mapping

from bot.access.roles import Rights
from bot.errors import BadInput
from bot.nearest import nearest
from bot.verbs.catalogue import Catalogue, Command, Verb
from bot.verbs.replies import HelpPage, VerbHelp


def help_page(catalogue: Catalogue, name: str, word: str, rights: Rights) -> HelpPage:
    """Return the help of a command, or of one of its verbs.

    Raises BadInput for a verb that there is not, NotAllowed for one that the reader may not use.
    """
    command = catalogue.command(name)
    if command is None:
        raise BadInput(f"There is no command /{name}.")
    allowed = {known.name: known for known in command.verbs.values() if known.access <= rights.highest}
    if word or command.is_bare:
        verb = command.verbs[""] if command.is_bare else _find(command, word, allowed)
        rights.require(verb.access)
        return HelpPage(f"/{verb.path}", "", (_about(verb),))
    lines = tuple(VerbHelp(known.usage, known.summary) for known in allowed.values())
    return HelpPage(f"/{name}", command.description, lines, len(command.verbs) - len(allowed))


def _find(command: Command, word: str, allowed: Mapping[str, Verb]) -> Verb:
    if verb := command.verbs.get(word.casefold()):
        return verb
    meant = nearest(word, allowed, limit=1)
    guess = f"Did you mean /{command.name} help {meant[0]}?" if meant else f"/{command.name} help lists what there is."
    raise BadInput(f"There is no /{command.name} {word}. {guess}")


def _about(verb: Verb) -> VerbHelp:
    needs = f"Needs {verb.access.title}." if verb.access else "Anybody may."
    return VerbHelp(verb.usage, verb.summary, f"{verb.details}\n_{needs}_".strip())

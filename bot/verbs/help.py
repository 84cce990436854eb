"""Help, made from the verbs' docstrings: only what the reader may do."""

from bot.access.roles import Role
from bot.errors import BadInput
from bot.verbs.catalogue import Catalogue, Command, Verb
from bot.verbs.replies import HelpPage, VerbHelp


def help_page(catalogue: Catalogue, name: str, verb: str, role: Role) -> HelpPage:
    """Return the help of a command, or of one of its verbs. Raises BadInput for a verb that there is not."""
    command = catalogue.command(name)
    if command is None:
        raise BadInput(f"There is no command `/{name}`.")
    if verb:
        return HelpPage(f"/{name} {verb}", "", (_about(_find(command, verb)),))
    allowed = [known for known in command.verbs.values() if known.access <= role]
    lines = tuple(VerbHelp(known.usage, known.summary) for known in allowed)
    return HelpPage(f"/{name}", command.description, lines, len(command.verbs) - len(allowed))


def _find(command: Command, word: str) -> Verb:
    if verb := command.verbs.get(word.casefold()):
        return verb
    meant = command.nearest(word)
    guess = f" Did you mean `/{meant.path}`?" if meant else f" `/{command.name} help` lists what there is."
    raise BadInput(f"There is no `/{command.name} {word}`.{guess}")


def _about(verb: Verb) -> VerbHelp:
    needs = f"Needs {verb.access.title}." if verb.access else "Anybody may."
    return VerbHelp(verb.usage, verb.summary, f"{verb.details}\n_{needs}_".strip())

"""The catalogue: every command and verb that a folder scan found, and how one is called.

A verb is a module: its docstring is its help (the first line in lists), `ACCESS` the role it needs, `Arguments` a
dataclass of what it takes, and `run` what it does; `WAITS = True` when that is mostly waiting for others. A verb with
a form of its own may have `check`, which returns what is wrong with its fields, by their names, while Slack waits. Both
say by the types of their parameters which parts of Opsroom they need; those are handed in, so that a verb imports no
adapter.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any, get_type_hints

from bot.access.roles import Role
from bot.verbs.arguments import Argument, arguments_of
from bot.verbs.request import Request
from bot.verbs.scene import Scene

Services = Mapping[type, Any]
"""The parts of Opsroom that verbs and schedules may ask for, by their type."""

_PER_REQUEST = (Request, Scene)


@dataclass(frozen=True, slots=True)
class Deed:
    """A function of a verb's module, and the parts that it needs, by the names of its parameters."""

    function: Callable[..., Awaitable[Any]]
    needs: Mapping[str, type] = field(hash=False)

    async def call(self, known: Mapping[type, Any]) -> Any:
        """Call it with what it needs."""
        return await self.function(**{name: known[kind] for name, kind in self.needs.items()})


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb of a command, or the whole of a command that has none.

    `waits` says that it mostly waits for systems outside, so that many may go on beside each other. `check` is there
    when it has something to say about values that their types alone do not tell.
    """

    command: str
    name: str
    summary: str
    details: str
    access: Role
    arguments: tuple[Argument, ...]
    declared: type
    run: Deed
    check: Deed | None = None
    waits: bool = False

    @property
    def path(self) -> str:
        """Command and verb: `incident declare`."""
        return f"{self.command} {self.name}".strip()

    @property
    def title(self) -> str:
        """What it does, in a few words: the summary up to its colon."""
        return self.summary.partition(":")[0]

    @property
    def usage(self) -> str:
        """How it is typed: `/incident declare SEVERITY [PLATFORM] SUMMARY`."""
        return " ".join([f"/{self.path}", *(argument.usage for argument in self.arguments if argument.reader.typed)])

    async def call(self, request: Request, scene: Scene, values: Mapping[str, Any], services: Services) -> Any:
        """Do what was asked for and return the reply, a noun."""
        return await self.run.call(self._known(request, scene, values, services))

    async def wrong(
        self, request: Request, scene: Scene, values: Mapping[str, Any], services: Services
    ) -> Mapping[str, str]:
        """Return a sentence for each field of its form with which it cannot be done, by the field's name."""
        found: Mapping[str, str] = {}
        if self.check is not None:
            found = await self.check.call(self._known(request, scene, values, services))
        return found

    @property
    def deeds(self) -> tuple[Deed, ...]:
        """Its functions."""
        return (self.run, self.check) if self.check else (self.run,)

    def _known(
        self, request: Request, scene: Scene, values: Mapping[str, Any], services: Services
    ) -> Mapping[type, Any]:
        return {**services, Request: request, Scene: scene, self.declared: self.declared(**values)}


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command: `description` and `usage` are what Slack shows while one types."""

    name: str
    description: str
    verbs: Mapping[str, Verb]

    @property
    def is_bare(self) -> bool:
        """Whether the command is all there is to type, without verbs."""
        return set(self.verbs) == {""}

    @property
    def needs_nothing(self) -> bool:
        """Whether the bare command says all there is to say: then it is no question for help."""
        return self.is_bare and all(argument.optional for argument in self.verbs[""].arguments)


class Catalogue:
    """All commands by name."""

    def __init__(self, commands: Mapping[str, Command]) -> None:
        self._commands = dict(commands)

    def __iter__(self) -> Iterator[Command]:
        return iter(self._commands.values())

    def command(self, name: str) -> Command | None:
        """Return a command by its name, without the slash."""
        return self._commands.get(name)

    def verb(self, path: str) -> Verb | None:
        """Return a verb by its path."""
        name, _, verb = path.partition(" ")
        command = self._commands.get(name)
        return command.verbs.get(verb) if command else None

    def placed(self, request: Request) -> Request:
        """Return a request with its verb told apart from its text: a command without verbs has only text."""
        command = self.command(request.command)
        if command is None or not command.is_bare:
            return request
        asks_help = request.verb == "help" and (request.typed or not command.needs_nothing)
        said = request.verb and not asks_help
        return replace(request, verb="", text=request.typed) if said else request

    @property
    def verbs(self) -> tuple[Verb, ...]:
        """Every verb of every command."""
        return tuple(verb for command in self for verb in command.verbs.values())

    def check(self, services: Services) -> None:
        """Raise TypeError when a verb needs a part that there is not; called once, at start."""
        for verb in self.verbs:
            for name, kind in (need for deed in verb.deeds for need in deed.needs.items()):
                if kind not in services and kind not in (*_PER_REQUEST, verb.declared):
                    raise TypeError(f"/{verb.path} needs {name}: {kind.__name__}, which nothing provides.")


@dataclass(frozen=True, slots=True)
class NoArguments:
    """What a verb takes that takes nothing."""


def scan(package: str) -> Catalogue:
    """Import every command below a package and return them.

    A module is a command without verbs; a package is a command, its modules are its verbs and its docstring is what
    Slack shows.
    """
    top = importlib.import_module(package)
    commands = (_command(package, found.name, is_folder=found.ispkg) for found in pkgutil.iter_modules(top.__path__))
    return Catalogue({command.name: command for command in commands})


def _command(package: str, name: str, *, is_folder: bool) -> Command:
    module = importlib.import_module(f"{package}.{name}")
    if not is_folder:
        verb = _verb(module, name, "")
        return Command(name, verb.title, {"": verb})
    names = [found.name for found in pkgutil.iter_modules(module.__path__) if not found.name.startswith("_")]
    modules = {verb.replace("_", "-"): importlib.import_module(f"{package}.{name}.{verb}") for verb in names}
    verbs = [_verb(module, name, verb) for verb, module in modules.items()]
    return Command(name, _lines(module)[0], {verb.name: verb for verb in verbs})


def _verb(module: ModuleType, command: str, name: str) -> Verb:
    summary, details = _lines(module)
    declared = getattr(module, "Arguments", NoArguments)
    run, check = _deed(module.run), _deed(module.check) if hasattr(module, "check") else None
    arguments, waits = arguments_of(declared), getattr(module, "WAITS", False)
    return Verb(command, name, summary, details, module.ACCESS, arguments, declared, run, check, waits)


def _deed(function: Callable[..., Awaitable[Any]]) -> Deed:
    return Deed(function, {key: kind for key, kind in get_type_hints(function).items() if key != "return"})


def _lines(module: ModuleType) -> tuple[str, str]:
    summary, _, details = inspect.getdoc(module).partition("\n")  # type: ignore[union-attr]  # ruff asks for one
    return summary.rstrip("."), details.strip()

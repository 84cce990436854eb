"""There is one path by which Opsroom changes anything on a target, and no other: the syntax trees are read for it.

Everybody else looks: a diagnosis through `Reader`, which refuses what changes something, and the one path itself
through `Changers.ask`, which refuses it, too. `bot/operations` is how a change is made; the path alone calls it.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.diagnosis.memory import TargetsInMemory
from bot.errors import TargetRefused
from bot.operations.backend import Limits
from bot.operations.line import read_line
from bot.remediation.changers import TargetChangers
from bot.runbooks.loader import load_platforms

HOME = Path(__file__).parent.parent
ROOMS = ("bot", "commands", "schedules")
CALLS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "change": {
        "bot/remediation/changers.py": ("_changer(backend, entry).change",),
        "bot/remediation/doing_once.py": ("self._changers.change",),
    },
    "turn": {
        "bot/diagnosis/connected.py": ("self.turn",),
        "bot/remediation/changers.py": ("self._targets.turn",),
        "bot/verbs/switching.py": ("switches.turn",),
    },
    "run": {
        "bot/diagnosis/connected.py": ("backend.run",),
        "bot/diagnosis/memory.py": ("self.targets.run",),
        "bot/diagnosis/ports.py": ("self._targets.run",),
        "bot/remediation/changers.py": ("backend.run",),
    },
}
"""Who may call what: a target's change, a turn at its backend, an operation of any kind."""
HARMLESS = ("asyncio.run", "runner.run", "self._diagnosis.run")
"""Other things of these names: event loops, and diagnoses."""
HANDED: Mapping[str, tuple[str, ...]] = {
    "bot.operations.changing.Changer": ("bot/remediation/changers.py",),
    "bot.operations.changing.Deed": ("bot/remediation/",),
    "bot.operations.changing.Foresight": ("bot/remediation/",),
    "bot.operations.backend.Backend": ("bot/diagnosis/", "bot/remediation/changers.py"),
    "bot.remediation.ports.Changers": ("bot/remediation/",),
    "bot.remediation.changers.TargetChangers": ("bot/app.py",),
    "bot.diagnosis.connected.ConnectedTargets": ("bot/app.py",),
    "bot.diagnosis.backends.Backends": ("bot/diagnosis/connected.py",),
    "bot.diagnosis.ports.Targets": ("bot/app.py", "bot/diagnosis/", "bot/remediation/changers.py"),
}
"""Who may import what a change can be made with, by the beginnings of their paths."""
MAKERS = ("backend", "changing", "connection", "connections", "deeds", "doing", "executing", "session", "writing")
"""The modules of a kind of target that carry operations out; whoever makes backends imports them, and nobody else."""


def breaches(path: str, source: str) -> list[str]:
    """Return every place in a module where a change could be made beside the one path."""
    tree = ast.parse(source)
    found = [*_calls(path, tree), *_hidden(tree), *_imports(path, tree)]
    return [f"{path}:{line}: {what}" for line, what in sorted(found)]


Found = Iterator[tuple[int, str]]


def _calls(path: str, tree: ast.Module) -> Found:
    """Find calls, and the methods themselves where they are handed on; `run` is also the name of a runbook's lines."""
    stores = _stores(tree)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or node.attr not in CALLS:
            continue
        text, owner = ast.unparse(node), ast.unparse(node.value)
        if node.attr == "run" and id(node) not in called and not owner.endswith(("backend", "targets", "changers")):
            continue
        if owner not in stores and text not in (*HARMLESS, *CALLS[node.attr].get(path, ())):
            yield node.lineno, text


def _stores(tree: ast.Module) -> set[str]:
    """Return the modules of the store: a row that is changed there is none of a target's."""
    stored = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "bot.store"]
    return {name.asname or name.name for node in stored for name in node.names}


def _hidden(tree: ast.Module) -> Found:
    """Find what is called by a name in quotes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("getattr", "attrgetter", "methodcaller")):
            named = {word.value for word in node.args if isinstance(word, ast.Constant)}
            if named & CALLS.keys():
                yield node.lineno, ast.unparse(node)


def _imports(path: str, tree: ast.Module) -> Found:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{name.name}" for name in node.names]
        else:
            continue
        yield from ((node.lineno, name) for name in names if not _may_import(path, name))


def _may_import(path: str, name: str) -> bool:
    if name in HANDED:
        return path.startswith(HANDED[name])
    if name.removesuffix(".*") in {handed.rpartition(".")[0] for handed in HANDED}:
        return False  # a whole module, with what is in it
    parts = name.split(".")
    makes = parts[:2] == ["bot", "operations"] and len(parts) > 3 and bool({*parts[3:]} & {*MAKERS})
    return not makes or path == "bot/diagnosis/backends.py"


def modules() -> list[str]:
    """Return every module that is not how operations are carried out."""
    found = [str(path.relative_to(HOME)) for room in ROOMS for path in (HOME / room).rglob("*.py")]
    return sorted(path for path in found if not path.startswith("bot/operations/"))


def test_nothing_is_changed_beside_the_one_path() -> None:
    assert [each for path in modules() for each in breaches(path, (HOME / path).read_text(encoding="utf-8"))] == []


def test_what_may_be_called_is_called() -> None:
    """A line of the tables above that nobody needs any more would let something through."""
    sources = {path: (HOME / path).read_text(encoding="utf-8") for path in modules()}
    permitted = [(path, text) for table in CALLS.values() for path, texts in table.items() for text in texts]
    assert [(path, text) for path, text in permitted if f"{text}(" not in sources[path]] == []
    assert [text for text in HARMLESS if not any(f"{text}(" in source for source in sources.values())] == []


SECOND_PATHS = {
    "a command that changes at once": (
        "commands/restart.py",
        "await scene.changers.change(platform, undo, '', limits, deed)",
    ),
    "a diagnosis that changes": ("bot/diagnosis/diagnosis.py", "await self._targets.change(operation)"),
    "another caller of a Changer": ("bot/remediation/verifying.py", "await self._changers.change(operation)"),
    "a second Changer in the path": ("bot/remediation/changers.py", "await backend.change(operation, left, deed)"),
    "a diagnosis beside Reader": ("bot/diagnosis/diagnosis.py", "await self._targets.run(platform, line, '', limits)"),
    "a schedule that runs a line": ("schedules/retention.py", "await targets.run(platform, line, None, limits)"),
    "a backend that is lent": (
        "bot/walkthroughs/walking.py",
        "async with self._targets.turn(platform, entry, limits): pass",
    ),
    "a backend that is asked": ("bot/incidents/opening.py", "await backend.run(operation, limits)"),
    "a method that is handed on": ("commands/run.py", "await twice(self._changers.change)"),
    "an operation that is handed on": ("commands/run.py", "await twice(backend.run)"),
    "a name in quotes": ("commands/run.py", "await getattr(target, 'change')(operation)"),
    "a port of its own": ("commands/run.py", "from bot.remediation.ports import Changers"),
    "an adapter of its own": ("bot/walkthroughs/walking.py", "from bot.remediation.changers import TargetChangers"),
    "connections of its own": ("schedules/clock.py", "from bot.diagnosis.connected import ConnectedTargets"),
    "a backend of its own": ("commands/run.py", "from bot.operations.kubernetes.backend import KubernetesBackend"),
    "an own way into a cluster": ("bot/remediation/carrying_out.py", "from bot.operations.kubernetes.doing import do"),
    "a module under its whole name": ("commands/run.py", "import bot.operations.postgres.changing"),
    "a module from its package": ("commands/run.py", "from bot.operations.redis import changing"),
    "a whole module": ("commands/run.py", "from bot.remediation import changers"),
    "everything of a module": ("commands/run.py", "from bot.diagnosis.backends import *"),
}


@pytest.mark.parametrize(("path", "added"), SECOND_PATHS.values(), ids=SECOND_PATHS.keys())
def test_a_second_path_is_found(path: str, added: str) -> None:
    there = (HOME / path).read_text(encoding="utf-8")
    assert breaches(path, there) == []
    assert len(breaches(path, f"{there}\n\nasync def second() -> None:\n    {added}\n")) == 1


@pytest.mark.parametrize(
    "line",
    [
        "kubectl rollout restart deployment/web",
        "kubectl delete configmap settings",
        "redis-cli DEL offers:*",
        "VACUUM;",
    ],
)
async def test_what_changes_something_is_not_asked(line: str) -> None:
    (platform,) = [each for each in load_platforms(HOME / "runbooks") if each.name == "zzik-live"]
    operation = read_line(line, {}, platform.programs).operation
    targets = TargetsInMemory({line: None})
    target = platform.target_for(operation, None).name
    with pytest.raises(TargetRefused, match="changes something"):
        await TargetChangers(targets, str).ask(platform, operation, target, Limits(seconds=1))
    assert targets.asked == []

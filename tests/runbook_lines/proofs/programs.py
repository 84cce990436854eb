"""What a program was started with, in a job or in a container: its words, its environment, its log."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.operations.job.nouns import Job
from bot.operations.kubernetes.changes import Exec
from bot.operations.line import Line
from bot.runbooks.targets import JobTarget, KubernetesTarget
from tests.runbook_lines.cases import Case
from tests.runbook_lines.proofs.cluster import opened
from tests.runbook_lines.scenery import FAILING, RECORDS
from tests.runbook_lines.values import filled
from tests.runbook_lines.world import World

_OF_THE_SHELL = {"PATH", "HOME", "HOSTNAME", "PWD", "OLDPWD", "SHLVL", "_"}
"""What every process of the stand-in has, or its shell makes."""


@dataclass(frozen=True, slots=True)
class Record:
    """One start of a program, in a pod."""

    words: tuple[str, ...]
    pod: str
    environment: Mapping[str, str]
    log: str


def runs_program(line: Line) -> bool:
    """Tell whether a line starts a program."""
    return isinstance(line.operation, Job | Exec)


def words_of(world: World, case: Case) -> tuple[str, ...]:
    """Return the program and its arguments as the line says them: those of `kubectl exec` behind `--`."""
    words = shlex.split(filled(case.text, world.values(case)))
    if isinstance(case.line.operation, Exec):
        words = words[words.index("--") + 1 :]
    return tuple(words)


def records(world: World, case: Case) -> list[Record]:
    """Return what was written down in the case's namespace about starts of its program with its arguments."""
    found = map(_record, (place(world, case) / RECORDS).iterdir())
    return [record for record in found if record.words == words_of(world, case)]


def place(world: World, case: Case) -> Path:
    """Return the folder of the programs in the case's namespace."""
    return world.programs / namespace_of(world, case)


def namespace_of(world: World, case: Case) -> str:
    """Return where the case's program runs."""
    line, target = world.line(case)
    if isinstance(target, JobTarget):
        home = case.platform.targets[target.cluster]
        assert isinstance(home, KubernetesTarget)
        return home.namespace
    assert isinstance(line.operation, Exec)
    assert isinstance(target, KubernetesTarget)
    return line.operation.namespace or target.namespace


async def environment_of(world: World, case: Case) -> Mapping[str, str]:
    """Return the variables that the program has to have: those of the container that it is started in, or as."""
    line, target = world.line(case)
    async with opened(world, namespace_of(world, case)) as hands:
        match line.operation, target:
            case Job(), JobTarget(deployment=None):
                return {}
            case Job(), JobTarget(deployment=str(name)):
                owner = (await hands.get("deployments", name))["spec"]["template"]
            case Exec(thing=thing), _:
                owner = await hands.get(thing.type, thing.name)
                owner = owner["spec"].get("template", owner)
    return {each["name"]: each["value"] for each in owner["spec"]["containers"][0].get("env") or []}


@contextmanager
def failing(world: World, case: Case) -> Iterator[None]:
    """Make the programs of the case's namespace fail."""
    mark = place(world, case) / FAILING
    mark.touch()
    try:
        yield
    finally:
        mark.unlink()


def _record(folder: Path) -> Record:
    variables = dict(each.split("=", 1) for each in _parts(folder / "environment"))
    kept = {name: value for name, value in variables.items() if name not in _OF_THE_SHELL}
    return Record(tuple(_parts(folder / "words")), variables["HOSTNAME"], kept, (folder / "log").read_text().strip())


def _parts(path: Path) -> Sequence[str]:
    return path.read_text().split("\0")[:-1]

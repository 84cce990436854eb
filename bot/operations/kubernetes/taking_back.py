"""How a change is taken back: the line that does it, or a sentence where no line can."""

import shlex
from typing import Any

from bot.errors import TargetRefused
from bot.operations.kubernetes import changes, rollouts
from bot.operations.kubernetes.connection import Json
from bot.operations.kubernetes.grammar import read
from bot.operations.kubernetes.session import Session, Tried
from bot.operations.kubernetes.things import WORKLOADS
from bot.operations.kubernetes.worlds import counted, pod_template
from bot.operations.refusal import LineRefused
from bot.operations.words import split

_BY_HAND = "No single command takes it back; put it back as it was before."


async def taken_back(session: Session, operation: Any, tried: list[Tried]) -> str:
    """Return the line that takes a change back, or a sentence."""
    match operation:
        case changes.Scale():
            return _scaled(session, tried)
        case changes.Pause(paused=paused):
            return _line(session, f"rollout {'resume' if paused else 'pause'} {_slashed(tried[0])}")
        case changes.Cordon(on=on):
            names = " ".join(one.before["metadata"]["name"] for one in tried)
            return _line(session, f"{'uncordon' if on else 'cordon'} {names}", namespaced=False)
        case changes.SetImage():
            return _line(session, f"set image {_slashed(tried[0])} {_images(tried[0])}")
        case changes.Mark():
            return _marked(session, operation, tried)
        case _:
            return await _undone(session, tried[0])


def _scaled(session: Session, tried: list[Tried]) -> str:
    counts = [one.before["spec"].get("replicas", 1) for one in tried]
    if len(set(counts)) == 1:
        return _line(session, f"scale {' '.join(map(_slashed, tried))} --replicas={counts[0]}")
    told = [
        f"{one.before['metadata']['name']} to {counted(n, 'replica')}" for one, n in zip(tried, counts, strict=True)
    ]
    return f"Scale {', '.join(told)}."


def _images(one: Tried) -> str:
    old, new = _by_name(one.before), _by_name(one.after)
    return " ".join(f"{name}={image}" for name, image in old.items() if new.get(name) != image)


def _by_name(item: Json) -> dict[str, str]:
    spec = pod_template(item)["spec"]
    return {one["name"]: one["image"] for part in ("containers", "initContainers") for one in spec.get(part) or []}


def _marked(session: Session, operation: changes.Mark, tried: list[Tried]) -> str:
    """Return the line for marks that were the same on all objects; a sentence if they were not."""
    held = [one.before["metadata"].get(operation.what) or {} for one in tried]
    keys = [key for key, _ in operation.pairs]
    if any([one.get(key) for key in keys] != [held[0].get(key) for key in keys] for one in held):
        return _BY_HAND
    pairs = " ".join(shlex.quote(f"{key}={held[0][key]}" if key in held[0] else f"{key}-") for key in keys)
    verb = "label" if operation.what == "labels" else "annotate"
    return _line(session, f"{verb} {' '.join(map(_slashed, tried))} {pairs} --overwrite")


async def _undone(session: Session, one: Tried) -> str:
    """Return the undo to the revision that a workload runs now."""
    if one.resource.plural not in WORKLOADS or one.before["spec"].get("paused"):
        return _BY_HAND
    try:
        known = await rollouts.revisions(session, one.resource, one.before)
    except TargetRefused:
        return _BY_HAND
    now = rollouts.running(known, one.before)
    return _line(session, f"rollout undo {_slashed(one)} --to-revision={now.number}") if now else _BY_HAND


def _slashed(one: Tried) -> str:
    return f"{one.resource.kind.lower()}/{one.before['metadata']['name']}"


def _line(session: Session, words: str, *, namespaced: bool = True) -> str:
    """Return a line that can be read; a sentence should it hold something that cannot be written."""
    line = f"kubectl {words}{f' -n {session.namespace}' if namespaced else ''}"
    try:
        (part,) = split(line)
        read(line, part)
    except (LineRefused, ValueError):
        return _BY_HAND
    return _BY_HAND if any(word.holes for word in part) else line

"""What differs between an object as it is and as it would be, in words for people; never a variable's value."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from bot.operations.kubernetes.connection import Json
from bot.operations.kubernetes.session import REQUEST
from bot.operations.kubernetes.worlds import counted, digest, pod_template

Pair = tuple[str, str]
"""What is so now, and what would be."""

_SHOWN = 63
"""Characters of a label's or annotation's value that are shown at most."""
_HIDDEN = ("kubectl.kubernetes.io/", "deployment.kubernetes.io/", REQUEST)


def differences(before: Json, after: Json, hidden: tuple[str, ...] = ()) -> list[Pair]:
    """Return what differs, in pairs. What has no words of its own is named by the part it is in.

    Labels and annotations that begin with one of `hidden` are left out.
    """
    if before is None:
        return [("not there", "made")]
    marks = _marks(before, after, (*_HIDDEN, *hidden))
    return [*_settings(before, after), *_containers(before, after), *marks, *_rest(before, after)]


def _settings(before: Json, after: Json) -> Iterator[Pair]:
    old, new = before.get("spec") or {}, after.get("spec") or {}
    if old.get("replicas") != new.get("replicas"):
        yield _replicas(old), _replicas(new)
    if bool(old.get("paused")) is not bool(new.get("paused")):
        yield _paused(old), _paused(new)
    if bool(old.get("unschedulable")) is not bool(new.get("unschedulable")):
        yield _taking(old), _taking(new)


def _replicas(spec: Json) -> str:
    return counted(spec.get("replicas", 1), "replica")


def _paused(spec: Json) -> str:
    return "paused" if spec.get("paused") else "rolls out"


def _taking(spec: Json) -> str:
    return "takes no new pods" if spec.get("unschedulable") else "takes new pods"


def _containers(before: Json, after: Json) -> Iterator[Pair]:
    old, new = _by_name(before), _by_name(after)
    for name in [*old, *(name for name in new if name not in old)]:
        if name not in old or name not in new:
            yield (f"{name}: there", "gone") if name in old else (f"no {name}", f"{name}: {new[name].get('image')}")
            continue
        pairs = chain(_image(old[name], new[name]), _resources(old[name], new[name]), _variables(old[name], new[name]))
        for is_now, would_be in pairs:
            yield f"{name}: {is_now}", f"{name}: {would_be}"


def _by_name(item: Json) -> dict[str, Json]:
    template = pod_template(item) or {}
    spec = template.get("spec") or {}
    return {one["name"]: one for part in ("containers", "initContainers") for one in spec.get(part) or []}


def _image(old: Json, new: Json) -> Iterator[Pair]:
    if old.get("image") != new.get("image"):
        yield str(old.get("image")), str(new.get("image"))


def _resources(old: Json, new: Json) -> Iterator[Pair]:
    for part in ("limits", "requests"):
        held, wanted = (one.get("resources", {}).get(part) or {} for one in (old, new))
        for name in sorted({*held, *wanted}):
            if held.get(name) != wanted.get(name):
                yield f"{name} {part} {held.get(name, 'none')}", f"{name} {part} {wanted.get(name, 'none')}"


def _variables(old: Json, new: Json) -> Iterator[Pair]:
    held, wanted = ({entry["name"]: entry for entry in one.get("env") or []} for one in (old, new))
    for name in sorted({*held, *wanted}):
        if name not in held:
            yield f"{name} not set", f"{name} set"
        elif name not in wanted:
            yield f"{name} set", f"{name} not set"
        elif held[name] != wanted[name]:
            yield f"{name} set", f"{name} set to another value"


def _marks(before: Json, after: Json, hidden: tuple[str, ...]) -> Iterator[Pair]:
    for what in ("labels", "annotations"):
        held, wanted = (one["metadata"].get(what) or {} for one in (before, after))
        for key in sorted({*held, *wanted}):
            if held.get(key) != wanted.get(key) and not key.startswith(hidden):
                yield mark(held, key), mark(wanted, key)


def mark(held: Mapping[str, str], key: str) -> str:
    """Return a label or annotation as people write it; a long value is not shown."""
    if key not in held:
        return f"no {key}"
    return f"{key}={held[key]}" if len(held[key]) <= _SHOWN else f"{key} with {len(held[key])} characters"


def _rest(before: Json, after: Json) -> Iterator[Pair]:
    """Yield what has no words above: a pod template, a specification or data of which only the names are said."""
    if digest(_other_template(before)) != digest(_other_template(after)):
        yield "these pod settings", "other pod settings"
    if digest(_other_spec(before)) != digest(_other_spec(after)):
        yield "its specification", "another specification"
    for part in ("data", "stringData", "binaryData"):
        old, new = before.get(part) or {}, after.get(part) or {}
        for name in sorted({*old, *new}):
            if old.get(name) != new.get(name):
                yield f"{name} {'there' if name in old else 'not there'}", f"{name} {_new(old, new, name)}"


def _new(old: Json, new: Json, name: str) -> str:
    return "gone" if name not in new else "with another value" if name in old else "there"


def _other_template(item: Json) -> Any:
    template = pod_template(item)
    if template is None:
        return None
    told = ("image", "resources", "env")
    spec = dict(template.get("spec") or {})
    for part in ("containers", "initContainers"):
        spec[part] = [{key: value for key, value in one.items() if key not in told} for one in spec.get(part) or []]
    meta = {key: value for key, value in (template.get("metadata") or {}).items() if value}
    return {**template, "metadata": meta, "spec": spec}


def _other_spec(item: Json) -> Any:
    spec = item.get("spec") or {}
    told = ("replicas", "paused", "unschedulable", "template", "jobTemplate")
    return {key: value for key, value in spec.items() if key not in told} if isinstance(spec, dict) else spec

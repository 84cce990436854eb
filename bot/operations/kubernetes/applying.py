"""`kubectl apply`: the manifests of the platform's folder, applied by the server."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.errors import TargetRefused
from bot.operations.kubernetes.changes import Apply
from bot.operations.kubernetes.connection import APPLY, Json
from bot.operations.kubernetes.faults import ClusterRefused
from bot.operations.kubernetes.resources import Resource
from bot.operations.kubernetes.rollouts import done
from bot.operations.kubernetes.session import REQUEST, Moved, Session, Tried, carries
from bot.operations.output import Output

_ENDINGS = (".yaml", ".yml", ".json")
_SIMPLE = {"apiVersion", "kind", "resources", "namespace"}
_LARGEST = 5_000_000
"""Bytes of one manifest file."""


async def apply(session: Session, operation: Apply) -> Output:
    """Carry out `kubectl apply`. Everything is read and found in the cluster before the first thing is changed.

    As with kubectl, what the manifest says wins over what others have set.
    """
    lines = []
    manifests = await placed(session, operation)
    new = {one.manifest["metadata"]["name"] for one in manifests if one.resource.plural == "namespaces"}
    for one in manifests:
        before = await live(session, one)
        if session.request and before is not None and carries(before, session.request):
            lines.append(f"{one.called} applied already")
            continue
        after = await _apply(session, one, before, new)
        session.tried.append(Tried(one.resource, before, after))
        lines.append(f"{one.called} {'created' if before is None else _word(before, after)}")
    return done(lines)


@dataclass(frozen=True, slots=True)
class Placed:
    """A manifest, and where in the cluster its object belongs."""

    resource: Resource
    namespace: str
    manifest: Json

    @property
    def path(self) -> str:
        """The path of the object."""
        return self.resource.path(self.namespace, self.manifest["metadata"]["name"])

    @property
    def called(self) -> str:
        """How kubectl prints the object: `configmap/settings`."""
        return f"{self.resource.full}/{self.manifest['metadata']['name']}"


async def placed(session: Session, operation: Apply) -> list[Placed]:
    """Return the manifests that are meant. Raises TargetRefused for one that cannot be read or belongs nowhere."""
    manifests = await session.cluster.within(session.until, lambda: list(_manifests(session, operation)))
    if not manifests:
        raise TargetRefused(f"There is no manifest in {', '.join(operation.paths)}.")
    return [Placed(*await _place(session, manifest, operation), manifest) for manifest in manifests]


async def live(session: Session, one: Placed) -> Json:
    """Return the object of a manifest as it is in the cluster, or None."""
    try:
        return await session.read(one.path)
    except ClusterRefused as error:
        if error.status != 404:
            raise
        return None


async def _apply(session: Session, one: Placed, before: Json, new: Collection[str]) -> Json:
    """Apply one manifest. A dry run cannot try what is in a `new` namespace, which is not there yet."""
    manifest = one.manifest
    if session.request:
        manifest = _signed(manifest, None if session.dry else before, session.request)
    try:
        return await session.write("PATCH", one.path, manifest, APPLY, [("force", "true")])
    except ClusterRefused as error:
        if session.dry and error.status == 404 and one.namespace in new:
            return manifest
        raise (error if before is None else Moved.of(error, one.resource, before)) from None


def _signed(manifest: Json, before: Json, request: str) -> Json:
    """Return a manifest that says its request, and the version of the object that it is applied to."""
    meta = manifest["metadata"]
    version = {} if before is None else {"resourceVersion": before["metadata"]["resourceVersion"]}
    return {
        **manifest,
        "metadata": {**meta, **version, "annotations": {**(meta.get("annotations") or {}), REQUEST: request}},
    }


def _word(before: Json, after: Json) -> str:
    return "unchanged" if _said(before) == _said(after) else "configured"


def _said(item: Json) -> Json:
    """Return what somebody has said of an object, without what the server and the request add."""
    meta = item["metadata"]
    annotations = {key: value for key, value in (meta.get("annotations") or {}).items() if key != REQUEST}
    whole = {key: value for key, value in item.items() if key not in ("metadata", "status")}
    return whole, meta.get("labels") or {}, annotations


async def _place(session: Session, manifest: Json, operation: Apply) -> tuple[Resource, str]:
    """Return the resource and the namespace of a manifest."""
    resource = await session.resources.of_object(manifest["apiVersion"], manifest["kind"], session.until)
    said = manifest["metadata"].get("namespace", "")
    if operation.namespace and said not in ("", operation.namespace):
        name = manifest["metadata"]["name"]
        raise TargetRefused(f"{name} says namespace {said}, and the command says {operation.namespace}.")
    return resource, said or session.namespace


def _manifests(session: Session, operation: Apply) -> Iterator[Json]:
    for text in operation.paths:
        path = _inside(session.folder, text)
        if operation.kustomize:
            yield from _kustomized(session.folder, path)
            continue
        for file in _files(path, recursive=operation.recursive):
            yield from _objects(_inside(session.folder, str(file.relative_to(_root(session.folder)))))


def _root(folder: Path | None) -> Path:
    if folder is None:
        raise TargetRefused("This target has no folder with manifests.")
    return folder.resolve()


def _inside(folder: Path | None, text: str) -> Path:
    """Return a path within the folder, wherever links lead. Raises TargetRefused."""
    root = _root(folder)
    path = (root / text).resolve()
    if not path.is_relative_to(root):
        raise TargetRefused(f"{text} is outside of the platform's folder.")
    if not path.exists():
        raise TargetRefused(f"There is no {text} in the platform's folder.")
    return path


def _files(path: Path, *, recursive: bool) -> list[Path]:
    if path.is_file():
        return [path]
    found = path.rglob("*") if recursive else path.iterdir()
    return sorted(one for one in found if one.is_file() and one.suffix in _ENDINGS)


def _objects(path: Path) -> Iterator[Json]:
    """Yield the objects of a file, those of lists one by one. Raises TargetRefused."""
    if path.stat().st_size > _LARGEST:
        raise TargetRefused(f"{path.name} is larger than {_LARGEST} bytes.")
    try:
        documents = [one for one in yaml.safe_load_all(path.read_text(encoding="utf-8")) if one]
    except (yaml.YAMLError, UnicodeDecodeError):
        raise TargetRefused(f"{path.name} cannot be read as YAML.") from None
    for document in documents:
        items = document.get("items") if isinstance(document, dict) and document.get("kind") == "List" else [document]
        for item in items or []:
            _check(path, item)
            yield item


def _check(path: Path, item: Json) -> None:
    meta = item.get("metadata") if isinstance(item, dict) else None
    if not isinstance(meta, dict) or not all(isinstance(item.get(key), str) for key in ("apiVersion", "kind")):
        raise TargetRefused(f"{path.name} holds something that is no Kubernetes object.")
    if not isinstance(meta.get("name"), str):
        raise TargetRefused(f"An object in {path.name} has no name.")


def _kustomized(folder: Path | None, path: Path) -> Iterator[Json]:
    """Yield the objects of a kustomization that only lists resources and a namespace; others are refused."""
    file = next((one for ending in _ENDINGS if (one := path / f"kustomization{ending}").is_file()), None)
    if file is None:
        raise TargetRefused(f"There is no kustomization.yaml in {path.name}.")
    said = yaml.safe_load(file.read_text(encoding="utf-8"))
    if not isinstance(said, dict) or (odd := sorted(set(said) - _SIMPLE)):
        key = odd[0] if isinstance(said, dict) else "its text"
        raise TargetRefused(f"{file.name} has {key}, which is not read here; build it and apply the result with -f.")
    for text in said.get("resources") or []:
        inner = _inside(folder, str((path / str(text)).resolve().relative_to(_root(folder))))
        for item in _kustomized(folder, inner) if inner.is_dir() else _objects(inner):
            space = {"namespace": said["namespace"]} if said.get("namespace") else {}
            yield {**item, "metadata": {**item["metadata"], **space}}

"""What a path means: a kind, a namespace, a name, a part of the object."""

from dataclasses import dataclass

from aiohttp import web

from sandbox.cluster.access import Deed
from sandbox.cluster.kinds import Kind, Kinds
from sandbox.cluster.refusals import Refused, no_such_path

_VERBS = {"POST": "create", "PUT": "update", "PATCH": "patch"}


@dataclass(frozen=True, slots=True)
class Address:
    """Objects of a kind: all of them, those of a namespace, one, or a part of one; `rest` is behind a proxy's path."""

    kind: Kind
    namespace: str = ""
    name: str = ""
    part: str = ""
    rest: str = ""


def address(kinds: Kinds, path: str) -> Address:
    """Read a path of the API. Raises Refused (404) for a kind that there is not."""
    pieces = [piece for piece in path.split("/") if piece]
    group, version, rest = ("", pieces[1], pieces[2:]) if pieces[0] == "api" else (pieces[1], pieces[2], pieces[3:])
    namespace = ""
    if len(rest) > 2 and rest[0] == "namespaces" and rest[2] not in {"status", "finalize"}:
        namespace, rest = rest[1], rest[2:]
    kind = kinds.find(group, version, rest[0]) if rest else None
    if kind is None or (namespace and not kind.namespaced):
        raise no_such_path()
    name, part = [*rest[1:3], "", ""][:2]
    if part and part not in kind.parts:
        raise no_such_path()
    return Address(kind, namespace, name, part, "/".join(rest[3:]))


def deed(request: web.Request, where: Address) -> Deed:
    """Return what a request is about to do, as rights are given for it. Raises Refused (405)."""
    resource = f"{where.kind.plural}/{where.part}" if where.part else where.kind.plural
    if request.method in _VERBS:
        verb = _VERBS[request.method]
    elif request.method == "DELETE":
        verb = "delete" if where.name else "deletecollection"
    elif request.method == "GET":
        verb = "get" if where.name else "list"
    else:
        raise Refused(405, "MethodNotAllowed", "the server does not allow this method on the requested resource")
    return Deed(verb, where.kind.group, resource, where.namespace, where.name)

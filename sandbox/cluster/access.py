"""Who may do what: tokens are users, and users have the rights that roles bound to them give."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.cluster.refusals import Refused, forbidden
from sandbox.cluster.store import Store

Thing = dict[str, Any]
_RBAC = "rbac.authorization.k8s.io"
MASTERS = "system:masters"
"""The group that may do everything."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody with a token."""

    name: str
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deed:
    """What is asked: a verb on a resource, or on a path that is none."""

    verb: str
    group: str = ""
    resource: str = ""
    namespace: str = ""
    name: str = ""
    path: str = ""


def user_of(tokens: Mapping[str, User], header: str) -> User:
    """Return who sends a request. Raises Refused (401)."""
    scheme, _, token = header.partition(" ")
    user = tokens.get(token.strip()) if scheme == "Bearer" else None
    if user is None:
        raise Refused(401, "Unauthorized", "Unauthorized")
    return user


def reviewed(store: Store, user: User, review: Thing) -> Thing:
    """Return a SelfSubjectAccessReview with its answer: whether a user may do what it asks for."""
    asked = (review.get("spec") or {}).get("resourceAttributes") or {}
    resource = "/".join(filter(None, (asked.get("resource", ""), asked.get("subresource", ""))))
    names = {key: asked.get(key, "") for key in ("verb", "group", "namespace", "name")}
    try:
        check(store, user, Deed(**names, resource=resource))
    except Refused:
        return {**review, "status": {"allowed": False}}
    return {**review, "status": {"allowed": True}}


def check(store: Store, user: User, deed: Deed) -> None:
    """Raise Refused (403) for what a user may not do."""
    if MASTERS in user.groups or any(_allows(rule, deed) for rule in _rules(store, user, deed.namespace)):
        return
    if deed.path:
        raise Refused(403, "Forbidden", f'forbidden: User "{user.name}" cannot {deed.verb} path "{deed.path}"')
    plural = deed.resource.partition("/")[0]
    where = f' in the namespace "{deed.namespace}"' if deed.namespace else " at the cluster scope"
    what = f'User "{user.name}" cannot {deed.verb} resource "{deed.resource}" in API group "{deed.group}"{where}'
    raise forbidden(f"{plural}.{deed.group}" if deed.group else plural, deed.name, what)


def _rules(store: Store, user: User, namespace: str) -> Iterator[Thing]:
    """Yield the rules that hold for a user in a namespace, or in the cluster."""
    for binding in store.each("clusterrolebindings", _RBAC):
        if _binds(binding, user):
            yield from _role(store, binding, "")
    for binding in store.each("rolebindings", _RBAC):
        if namespace and binding["metadata"]["namespace"] == namespace and _binds(binding, user):
            yield from _role(store, binding, namespace)


def _role(store: Store, binding: Thing, namespace: str) -> list[Thing]:
    reference = binding["roleRef"]
    plural = "roles" if reference["kind"] == "Role" else "clusterroles"
    role = store.find(store.kinds.get(plural, _RBAC), namespace, reference["name"])
    return list((role or {}).get("rules") or [])


def _binds(binding: Thing, user: User) -> bool:
    names = {("User", user.name), *(("Group", group) for group in user.groups), ("Group", "system:authenticated")}
    return any((subject["kind"], subject["name"]) in names for subject in binding.get("subjects") or [])


def _allows(rule: Thing, deed: Deed) -> bool:
    def holds(key: str, *values: str) -> bool:
        said = rule.get(key) or []
        return "*" in said or any(value in said for value in values)

    if not holds("verbs", deed.verb):
        return False
    if deed.path:
        return any(
            deed.path == said or (said.endswith("*") and deed.path.startswith(said[:-1]))
            for said in rule.get("nonResourceURLs") or []
        )
    part = deed.resource.partition("/")[2]
    named = not rule.get("resourceNames") or deed.name in rule["resourceNames"]
    return named and holds("apiGroups", deed.group) and holds("resources", deed.resource, f"*/{part}" if part else "*")

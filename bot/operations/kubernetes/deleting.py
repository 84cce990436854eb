"""`kubectl delete`: by name or selector, then a look at what is still there."""

from collections.abc import Sequence

from bot.errors import TargetRefused
from bot.operations.kubernetes.changes import Delete
from bot.operations.kubernetes.connection import Json
from bot.operations.kubernetes.faults import ClusterRefused
from bot.operations.kubernetes.resources import Resource
from bot.operations.kubernetes.session import Session
from bot.operations.output import Output

_MOST = 500
"""Objects that one command may delete."""


async def delete(session: Session, operation: Delete) -> Output:
    """Carry out `kubectl delete`. Each is deleted only if it is still the one that was found: by its uid."""
    return await remove(session, operation, await found(session, operation))


async def remove(session: Session, operation: Delete, found: Sequence[tuple[Resource, Json]]) -> Output:
    """Delete these objects and wait until they are gone, if that is meant; one that is gone already is left out."""
    if len(found) > _MOST:
        raise TargetRefused(f"This would delete {len(found)} objects; one command may delete {_MOST}. Narrow it.")
    gone: list[tuple[Resource, Json]] = []
    for resource, item in found:
        if await _delete(session, operation, resource, item):
            gone.append((resource, item))
    lines = [f'{resource.full} "{item["metadata"]["name"]}" deleted' for resource, item in gone]
    left = await _still_there(session, gone) if operation.wait and not session.dry else []
    if left:
        session.cut.append(f"still ending: {', '.join(left[:10])}")
    return Output("\n".join(lines), facts={"count": float(len(lines))}, cut="; ".join(session.cut))


async def found(session: Session, operation: Delete) -> list[tuple[Resource, Json]]:
    """Return the objects that are meant. Raises TargetRefused for a name that does not exist, unless it may miss."""
    there: list[tuple[Resource, Json]] = []
    for thing in operation.things:
        try:
            there += await session.selected([thing], operation.labels, operation.fields)
        except ClusterRefused as error:
            if error.status != 404 or not (operation.ignore_missing and thing.name):
                raise
    if not there and operation.things and not operation.things[0].name:
        await session.check_namespace()
    return there


async def _delete(session: Session, operation: Delete, resource: Resource, item: Json) -> bool:
    meta = item["metadata"]
    body: dict[str, object] = {
        "apiVersion": "v1",
        "kind": "DeleteOptions",
        "propagationPolicy": "Background",
        "preconditions": {"uid": meta["uid"]},
    }
    if isinstance(operation.grace, int):
        body["gracePeriodSeconds"] = operation.grace
    try:
        await session.write("DELETE", resource.path(meta.get("namespace", ""), meta["name"]), body)
    except ClusterRefused as error:
        if error.status != 404:
            raise
        return False
    return True


async def _still_there(session: Session, gone: list[tuple[Resource, Json]]) -> list[str]:
    """Wait until all are gone, or the time limit; return the names of those that are left."""
    attempt = 0
    while gone:
        left = []
        for resource, item in gone:
            meta = item["metadata"]
            try:
                seen = await session.read(resource.path(meta.get("namespace", ""), meta["name"]))
            except ClusterRefused as error:
                if error.status not in (403, 404):
                    raise
                continue
            if seen["metadata"]["uid"] == meta["uid"]:
                left.append((resource, item))
        gone = left
        if session.left <= 0:
            break
        if gone:
            await session.pause(attempt)
            attempt += 1
    return [item["metadata"]["name"] for _, item in gone]

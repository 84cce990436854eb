"""`kubectl get`: tables as the server makes them, and objects as names, JSON, YAML or what a JSONPath finds."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from bot.errors import TargetRefused
from bot.operations.kubernetes import jsonpath
from bot.operations.kubernetes.connection import Json, Request
from bot.operations.kubernetes.counts import counts
from bot.operations.kubernetes.nouns import Get, Raw
from bot.operations.kubernetes.printing import table_text
from bot.operations.kubernetes.resources import Resource
from bot.operations.kubernetes.session import Session
from bot.operations.output import Output, Table

_TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
_PAGE = 1000
"""Rows that are asked for at once: a row is a tenth of an object."""


async def get(session: Session, operation: Get) -> Output:
    """Carry out `kubectl get`."""
    groups: dict[str, list[str]] = {}
    for thing in operation.things:
        groups.setdefault(thing.type, []).append(thing.name)
    found = [(await session.resource(type_), names) for type_, names in groups.items()]
    if operation.output in ("json", "yaml", "jsonpath"):
        return await _objects(session, operation, found)
    tables = [(resource, await _table(session, operation, resource, names)) for resource, names in found]
    if operation.output == "name":
        lines = [f"{resource.full}/{name}" for resource, (_, names) in tables for name in names]
        return Output("\n".join(lines), facts={"count": float(len(lines))}, cut="; ".join(session.cut))
    # A thousand rows take their time: the loop goes on meanwhile.
    shown = [(resource, table) for resource, (table, _) in tables]
    text = await session.cluster.within(session.until, lambda: _text(operation, shown))
    only = shown[0][1] if len(shown) == 1 else None
    facts = counts(shown[0][0].plural, only) if only else {"count": float(sum(len(table.rows) for _, table in shown))}
    return Output(text, table=only, facts=facts, cut="; ".join(session.cut))


async def raw(session: Session, operation: Raw) -> Output:
    """Carry out `kubectl get --raw`."""
    answer = await session.cluster.send(
        Request("GET", operation.path, accept="*/*", size=session.limits.size), session.until
    )
    cut = f"what is behind the first {session.limits.size} bytes" if answer.cut else ""
    return Output(answer.content.decode("utf-8", "replace"), cut=cut)


def _text(operation: Get, tables: Sequence[tuple[Resource, Table]]) -> str:
    several = len(tables) > 1
    texts = [
        table_text(_prefixed(table, resource.full) if several else table, headers=operation.headers)
        for resource, table in tables
    ]
    return "\n\n".join(filter(None, texts))


def _prefixed(table: Table, kind: str) -> Table:
    at = table.columns.index("NAME") if "NAME" in table.columns else 0
    rows = tuple((*row[:at], f"{kind}/{row[at]}", *row[at + 1 :]) for row in table.rows)
    return Table(table.columns, rows)


async def _table(
    session: Session, operation: Get, resource: Resource, wanted: Sequence[str]
) -> tuple[Table, list[str]]:
    """Return the table of one kind, and the names in it."""
    if all(wanted):
        pages = await _named(session, operation, resource, wanted)
    else:
        pages = await _listed(session, operation, resource)
    table, names, cut = await session.cluster.within(
        session.until, lambda: _assembled(operation, resource, pages, session.limits.rows)
    )
    session.cut += [cut] if cut else []
    if not table.rows and resource.namespaced and not operation.everywhere:
        await session.check_namespace()
    return table, names


def _assembled(operation: Get, resource: Resource, pages: Sequence[Json], most: int) -> tuple[Table, list[str], str]:
    """Return the table of all pages, the names in it, and what was left out."""
    rows = [row for page in pages for row in page.get("rows") or []]
    if operation.sort_by:
        rows = _sorted(rows, operation.sort_by)
    cut = f"all but the first {most} rows" if len(rows) > most else ""
    rows = rows[:most]
    definitions: list[Json] = next((page["columnDefinitions"] for page in pages if page.get("columnDefinitions")), [])
    named = operation.show_labels or operation.everywhere or operation.output == "name"
    called = [row["object"]["metadata"]["name"] for row in rows] if named else []
    return _shaped(operation, resource, definitions, rows), called, cut


def _shaped(operation: Get, resource: Resource, definitions: Sequence[Json], rows: Sequence[Json]) -> Table:
    wide = operation.output == "wide"
    shown = [at for at, one in enumerate(definitions) if wide or not one.get("priority")]
    before = ("NAMESPACE",) if operation.everywhere and resource.namespaced else ()
    after = ("LABELS",) if operation.show_labels else ()
    columns = (*before, *(definitions[at]["name"].upper() for at in shown), *after)
    return Table(columns, tuple(tuple(_cells(row, shown, before, after)) for row in rows))


def _cells(row: Json, shown: Sequence[int], before: Sequence[str], after: Sequence[str]) -> Iterable[str]:
    meta = (row.get("object") or {}).get("metadata") or {}
    if before:
        yield meta.get("namespace", "")
    for at in shown:
        yield _cell(row["cells"][at])
    if after:
        yield ",".join(f"{key}={value}" for key, value in sorted((meta.get("labels") or {}).items())) or "<none>"


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value.replace("\n", " ")
    return "<none>" if value is None else json.dumps(value)


def _include(operation: Get) -> str:
    """Return how much of each object the rows must hold: nothing if the cells are enough."""
    if operation.sort_by:
        return "Object"
    return "Metadata" if operation.show_labels or operation.everywhere or operation.output == "name" else "None"


async def _named(session: Session, operation: Get, resource: Resource, names: Sequence[str]) -> list[Json]:
    query = [("includeObject", _include(operation))]
    return [_as_table(await session.get(resource, name, _TABLE, query)) for name in names]


async def _listed(session: Session, operation: Get, resource: Resource) -> list[Json]:
    pages: list[Json] = []
    most = session.limits.rows

    def take(page: Json) -> bool:
        pages.append(_as_table(page))
        return sum(len(one.get("rows") or []) for one in pages) > most

    query = [
        ("labelSelector", operation.labels),
        ("fieldSelector", operation.fields),
        ("includeObject", _include(operation)),
    ]
    namespace = "" if operation.everywhere else None
    page = min(_PAGE, most + 1)
    await session.pages(resource, query, take, namespace=namespace, accept=_TABLE, page=page)
    return pages


def _as_table(page: Json) -> Json:
    """Return a table: what a server sends that makes none is given one with names and times."""
    if page.get("kind") == "Table":
        return page
    items = page.get("items", [page])
    rows = [
        {"cells": [item["metadata"].get("name", ""), item["metadata"].get("creationTimestamp")], "object": item}
        for item in items
    ]
    columns = [{"name": "Name"}, {"name": "Created At"}]
    return {"columnDefinitions": columns, "rows": rows, "metadata": page.get("metadata") or {}}


def _sorted(rows: list[Json], path: str) -> list[Json]:
    """Return rows by what a path finds in their objects; those without it come first, as with kubectl."""

    def key(row: Json) -> tuple[int, float, str]:
        found = jsonpath.values(path, row.get("object"))
        value = found[0] if found else None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return 1, float(value), ""
        return (0, 0.0, "") if value is None else (1, 0.0, str(value))

    return sorted(rows, key=key)


async def _objects(session: Session, operation: Get, found: Sequence[tuple[Resource, Sequence[str]]]) -> Output:
    """Return objects as JSON, YAML or through a JSONPath; one object if one was named, else a list of them."""
    items: list[Json] = []
    for resource, names in found:
        if resource.plural == "secrets":
            raise TargetRefused("What secrets hold is not shown.")
        items += [_bare(item, resource) for item in await _full(session, operation, resource, names)]
    if operation.sort_by:
        items = [row["object"] for row in _sorted([{"object": item} for item in items], operation.sort_by)]
    one = len(operation.things) == 1 and operation.things[0].name
    whole = items[0] if one else {"apiVersion": "v1", "items": items, "kind": "List", "metadata": {}}
    text = await session.cluster.within(session.until, lambda: _written(operation, whole))
    if len(text) > session.limits.size:
        session.cut.append(f"what is behind the first {session.limits.size} characters")
    cut = "; ".join(session.cut)
    return Output(text[: session.limits.size], facts={"count": float(len(items))}, cut=cut)


async def _full(session: Session, operation: Get, resource: Resource, names: Sequence[str]) -> list[Json]:
    if all(names):
        return [await session.get(resource, name) for name in names]
    items: list[Json] = []

    def take(page: Json) -> bool:
        items.extend(page.get("items") or [])
        return len(items) > session.limits.rows

    query = [("labelSelector", operation.labels), ("fieldSelector", operation.fields)]
    await session.pages(resource, query, take, namespace="" if operation.everywhere else None)
    if len(items) > session.limits.rows:
        session.cut.append(f"all but the first {session.limits.rows} objects")
    if not items and resource.namespaced and not operation.everywhere:
        await session.check_namespace()
    return items[: session.limits.rows]


def _bare(item: Json, resource: Resource) -> Json:
    """Return an object that says its kind, without the bookkeeping of who wrote which field."""
    meta = {key: value for key, value in item["metadata"].items() if key != "managedFields"}
    return {**item, "apiVersion": resource.api_version, "kind": resource.kind, "metadata": meta}


def _written(operation: Get, whole: Any) -> str:
    if operation.output == "jsonpath":
        return jsonpath.rendered(operation.path, whole)
    if operation.output == "json":
        return json.dumps(whole, indent=4, ensure_ascii=False, sort_keys=True)
    return yaml_text(whole)


def yaml_text(whole: Any) -> str:
    """Return JSON as YAML."""
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return str(yaml.dump(whole, Dumper=dumper, sort_keys=True, allow_unicode=True, default_flow_style=False))

"""How objects are answered: as they are, as Tables, or by their metadata alone."""

import base64
import json
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from sandbox.cluster.kinds import Kind
from sandbox.cluster.refusals import Refused, bad_request
from sandbox.cluster.tables import table

Thing = dict[str, Any]


def answer(body: Any, status: int = 200) -> web.Response:
    """Return an answer with a body as JSON."""
    return web.Response(
        body=json.dumps(body, separators=(",", ":")).encode(), status=status, content_type="application/json"
    )


def refused(error: Refused) -> web.Response:
    """Return the answer to what is not done."""
    return answer(error.status(), error.code)


def one(request: web.Request, kind: Kind, thing: Thing, status: int = 200) -> web.Response:
    """Answer with an object."""
    accepted = request.headers.get("Accept", "")
    if "as=Table" in accepted:
        return answer(table(kind, [thing], _include(request), _version(thing["metadata"])), status)
    if "as=PartialObjectMetadata" in accepted:
        return answer(_partial(thing), status)
    return answer({**thing, "apiVersion": kind.api_version, "kind": kind.kind}, status)


def several(request: web.Request, kind: Kind, things: Sequence[Thing], version: int) -> web.Response:
    """Answer with a list, or with the page of it that is asked for."""
    page, meta = _page(request, things, version)
    accepted = request.headers.get("Accept", "")
    if "as=Table" in accepted:
        return answer(table(kind, page, _include(request), meta))
    if "as=PartialObjectMetadata" in accepted:
        listed = {"kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1"}
        return answer({**listed, "metadata": meta, "items": [_partial(thing) for thing in page]})
    return answer({"kind": f"{kind.kind}List", "apiVersion": kind.api_version, "metadata": meta, "items": list(page)})


def _page(request: web.Request, things: Sequence[Thing], version: int) -> tuple[Sequence[Thing], Thing]:
    limit, start = int(request.query.get("limit") or 0), 0
    if token := request.query.get("continue"):
        try:
            start, version = json.loads(base64.b64decode(token))
        except (ValueError, TypeError):
            raise bad_request("continue key is not valid") from None
    meta: Thing = {"resourceVersion": str(version)}
    end = start + limit if limit else len(things)
    if end < len(things):
        meta["continue"] = base64.b64encode(json.dumps([end, version]).encode()).decode()
        meta["remainingItemCount"] = len(things) - end
    return things[start:end], meta


def _include(request: web.Request) -> str:
    return request.query.get("includeObject", "Metadata")


def _version(meta: Thing) -> Thing:
    return {"resourceVersion": meta["resourceVersion"]}


def _partial(thing: Thing) -> Thing:
    return {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": thing["metadata"]}

"""The JSON Schema of each kind of runbook file, for completion and checks in editors."""

from collections.abc import Mapping
from typing import Any

from bot.runbooks.actions import ActionsFile
from bot.runbooks.alerts import AlertsFile
from bot.runbooks.checklists import ChecklistsFile
from bot.runbooks.entry import Entry
from bot.runbooks.platform_file import PlatformFile
from bot.runbooks.probes import ProbesFile
from bot.runbooks.procedures import Procedure

KINDS: Mapping[str, type[Entry]] = {
    "platform": PlatformFile,
    "probes": ProbesFile,
    "actions": ActionsFile,
    "alerts": AlertsFile,
    "checklists": ChecklistsFile,
    "procedure": Procedure,
}
"""What is in each kind of file. `procedure` is for every file in `procedures/`."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(kind: str = "platform") -> dict[str, Any]:
    """Return the JSON Schema of a kind of file, one of KINDS."""
    schema = _any_of(KINDS[kind].model_json_schema())
    return {"$schema": _DIALECT, **schema, "title": f"Opsroom {kind}"}


def _any_of(schema: Any) -> Any:
    """Return a schema in which a value may fit several members of a union: a step that only names a probe does."""
    if isinstance(schema, dict):
        return {"anyOf" if key == "oneOf" else key: _any_of(value) for key, value in schema.items()}
    return [_any_of(value) for value in schema] if isinstance(schema, list) else schema
